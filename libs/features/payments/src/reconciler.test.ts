import { createLogger } from '@cartwright/platform-logger';
import { fixedClock } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { ProviderEventRepository } from './provider-event-repository.ts';
import { createReconciler } from './reconciler.ts';

it('an event that fails as it is tried again makes way for the others', async () => {
  const clock = fixedClock();
  const putOff: unknown[] = [];
  const reconciler = createReconciler({
    ...base(clock),
    events: {
      ...base(clock).events,
      unmatched: async () => ['evt_1', 'evt_2'],
      putOff: async (...event) => void putOff.push(event),
    },
  });
  expect(await reconciler.reconcileOpenSessions()).toMatchObject({ failures: 2, matched: 0 });
  const later = new Date(clock().getTime() + 5 * 60_000);
  expect(putOff).toEqual([
    ['evt_1', later],
    ['evt_2', later],
  ]);
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
    webhooks: { store: async () => true, takeUp: async () => true, apply: async () => 'applied' },
    mongo: { transaction: () => Promise.reject(new Error('Nothing is applied here')) },
    logger: createLogger({ level: 'silent', name: 'test' }),
    clock,
  };
}
