import { money } from '@cartwright/domain-money';
import { newId } from '@cartwright/platform-mongo';
import { collectingLogger, collectingOutbox, testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerModels } from './payment-ledger.model.ts';
import { createPaymentLedgerRepository, type PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { PaymentStrategy, RefundResult } from './payment-strategy.ts';
import type { Refund } from './payment.ts';
import { createRefundService } from './refund-service.ts';

let database: TestMongo;
let ledger: PaymentLedgerRepository;

beforeAll(async () => {
  database = await testMongo();
  ledger = createPaymentLedgerRepository(createLedgerModels(database.mongo.connection));
  await database.mongo.ensureIndexes();
});
afterAll(() => database[Symbol.asyncDispose]());

/** The provider is asked between two of its seconds. */
const ASKED_AT = new Date('2026-03-01T12:00:00.700Z');
const second = (n: number) => new Date(Math.floor(ASKED_AT.getTime() / 1_000) * 1_000 + n * 1_000);

const pending = { status: 'pending' } as const;
const asked = { status: 'pending', waitsFor: 'buyer' } as const;
const succeeded = { status: 'succeeded' } as const;

/** A refund, and a provider that gives an answer while news of it arrive. */
async function ledgerWith(state: Pick<Refund, 'status'> & Partial<Refund>) {
  const { mongo } = database;
  const id = newId();
  const providerRefundId = `re_${id}`;
  const before = second(-3_600);
  const refund: Refund = {
    ...{ id, orderId: newId(), paymentId: newId(), provider: 'stripe', paymentReference: `pi_${id}`, cause: 'order' },
    ...{ amount: money(500, 'USD'), createdAt: before, updatedAt: before },
    ...(state.status === 'requested' ? {} : { providerRefundId, toldAt: before }),
    ...state,
  };
  await mongo.transaction((tx) => ledger.insertRefund(refund, tx));
  const { logger, lines } = collectingLogger();
  let meanwhile = async (): Promise<void> => undefined;
  let answer: RefundResult = pending;
  const strategy: Pick<PaymentStrategy, 'refund'> = {
    refund: async () => {
      await meanwhile();
      return { ...answer, providerRefundId, at: ASKED_AT };
    },
  };
  const service = createRefundService({
    ...{ ledger, mongo, newId, logger, outbox: collectingOutbox(), clock: () => ASKED_AT },
    orders: { recordRefund: async () => undefined },
    strategies: () => ({ ofProvider: () => strategy as PaymentStrategy }),
  });
  const tell = (news: RefundResult, at: Date): Promise<unknown> => {
    const about = { refundId: id, providerRefundId, paymentReference: refund.paymentReference, amount: refund.amount };
    return mongo.transaction((tx) => service.applyNews({ ...news, ...about, at }, tx));
  };
  return {
    tell,
    /** Asks the provider, which answers what was so before the news that arrive. */
    async ask(result: RefundResult, told?: readonly [RefundResult, Date]) {
      answer = result;
      meanwhile = async () => {
        if (told) await tell(...told);
      };
      await service.execute(id);
    },
    async row() {
      const { status, waitsFor, toldAt } = (await ledger.refundById(id)) ?? {};
      return { status, waitsFor, toldAt };
    },
    lines,
  };
}

describe('what a provider answers of a refund', () => {
  it('sends none back that went through meanwhile', async () => {
    const refund = await ledgerWith({ status: 'requested' });
    await refund.ask(pending, [succeeded, second(0)]);
    expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: undefined });
  });

  it('asks no buyer again who has answered meanwhile', async () => {
    const refund = await ledgerWith(asked);
    await refund.ask(asked, [pending, second(0)]);
    expect(await refund.row()).toMatchObject({ status: 'pending', waitsFor: undefined });
    expect(refund.lines).toEqual([]);
  });

  it('hides none that a bank sent back meanwhile', async () => {
    const refund = await ledgerWith(pending);
    await refund.ask(succeeded, [asked, second(0)]);
    expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: 'buyer' });
  });

  it('is not older than what is told meanwhile either', async () => {
    const refund = await ledgerWith({ status: 'requested' });
    await refund.ask(succeeded, [pending, second(1)]);
    expect(await refund.row()).toMatchObject({ status: 'succeeded', waitsFor: undefined });
  });

  it('outdoes what was told before, also by a clock that is ahead, and old news that come meanwhile', async () => {
    const ahead = await ledgerWith({ status: 'succeeded', waitsFor: 'bank', toldAt: second(60) });
    await ahead.ask(succeeded);
    expect(await ahead.row()).toMatchObject({ status: 'succeeded', waitsFor: undefined });
    const late = await ledgerWith(pending);
    await late.ask(succeeded, [asked, second(-60)]);
    expect(await late.row()).toMatchObject({ status: 'succeeded', waitsFor: undefined });
  });

  it('leaves the moment of the last news alone when it is what is known', async () => {
    const refund = await ledgerWith(pending);
    await refund.ask(pending);
    await refund.tell(asked, second(-60));
    expect(await refund.row()).toEqual({ status: 'pending', waitsFor: 'buyer', toldAt: second(-60) });
  });
});
