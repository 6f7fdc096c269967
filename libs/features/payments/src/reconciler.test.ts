import { createLogger } from '@cartwright/platform-logger';
import { fixedClock } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { ProviderEventRepository } from './provider-event-repository.ts';
import { createReconciler } from './reconciler.ts';

it('an event that is tried again makes way for the others first, and is left alone when it is not due any more', async () => {
  const clock = fixedClock();
  const putOff: unknown[] = [];
  const retried: string[] = [];
  const reconciler = createReconciler({
    ...base(clock),
    events: {
      ...base(clock).events,
      unmatched: async () => ['evt_1', 'evt_2', 'evt_3'],
      putOff: async (...event) => putOff.push(event) !== 2,
    },
    webhooks: {
      ...base(clock).webhooks,
      retry: async (id) => {
        retried.push(id);
        if (id === 'evt_1') throw new Error('It fails');
        return 'applied';
      },
    },
  });
  expect(await reconciler.reconcileOpenSessions()).toMatchObject({ failures: 1, matched: 1 });
  expect(retried.toSorted()).toEqual(['evt_1', 'evt_3']);
  const times = { now: clock(), retryAt: new Date(clock().getTime() + 5 * 60_000) };
  expect(putOff).toEqual(['evt_1', 'evt_2', 'evt_3'].map((id) => [id, times]));
});

it('the reconciler leaves what just takes its time alone for an hour, and what was never answered for five minutes', async () => {
  const clock = fixedClock();
  const asked: Parameters<PaymentAttemptRepository['stale']>[0][] = [];
  const stale: PaymentAttemptRepository['stale'] = async (when) => {
    asked.push(when);
    return [];
  };
  const attempts = { ...base(clock).attempts, stale };
  const reconciler = createReconciler({ ...base(clock), attempts });
  expect(await reconciler.reconcileOpenSessions()).toMatchObject({ failures: 0 });
  const ago = (minutes: number) => new Date(clock().getTime() - minutes * 60_000);
  expect(asked).toEqual([{ before: ago(5), quiet: ago(60), now: ago(0) }]);
});

/** Nothing is unfinished, and what is tried fails. */
function base(clock: () => Date): Parameters<typeof createReconciler>[0] {
  const none = async () => [];
  return {
    gateway: { listEvents: async function* () {} },
    attempts: {
      ...{ stale: none, markOverdue: async () => null },
    } as Partial<PaymentAttemptRepository> as PaymentAttemptRepository,
    ledger: { unfinishedRefunds: none } as Partial<PaymentLedgerRepository> as PaymentLedgerRepository,
    events: {
      ...{ leftAlone: none, unmatched: none, readUntil: async () => null, setReadUntil: async () => undefined },
    } as Partial<ProviderEventRepository> as ProviderEventRepository,
    strategy: { refresh: async () => undefined },
    refunds: { execute: async () => undefined },
    webhooks: { store: async () => true, takeUp: async () => true, retry: async () => 'applied' },
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock,
  };
}
