import { createSilentLogger } from '@cartwright/platform-logger';
import type { CheckoutSession } from '@cartwright/platform-stripe';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import type { PaymentLedgerRepository } from '../payment-ledger-repository.ts';
import type { Quarantined } from '../payment.ts';
import { buildOrder } from '../testing/build-order.fixture.ts';
import { createMemoryAttempts } from '../testing/memory-attempts.fixture.ts';
import { createOrderBook } from '../testing/order-book.fixture.ts';
import { createSettlement } from './settlement.ts';

const clock = fixedClock();

describe('what a completed session settles', () => {
  it('is nothing when Stripe says that no payment was required', async () => {
    await using database = await testMongo();
    const book = createOrderBook();
    const order = book.add(buildOrder());
    const total = order.pricing.total;
    const attempts = createMemoryAttempts();
    await attempts.insert({
      id: 'attempt-1',
      orderId: order.id,
      number: 1,
      status: 'open',
      total,
      session: {} as never,
      expiresAt: clock(),
      createdAt: clock(),
      updatedAt: clock(),
    });
    const kept: Quarantined[] = [];
    const settlement = createSettlement({
      attempts,
      ledger: {
        paymentByReference: async () => null,
        isQuarantined: async () => false,
        quarantine: async (row: Quarantined) => void kept.push(row),
      } as unknown as PaymentLedgerRepository,
      orders: book.port,
      refunds: { request: async () => null },
      logger: createSilentLogger(),
      clock,
      newId: () => 'payment-1',
    });
    const session: CheckoutSession = {
      id: 'cs_1',
      status: 'complete',
      paymentStatus: 'no_payment_required',
      url: null,
      total,
      raw: { amount: total.amount, currency: total.currency.toLowerCase() },
      paymentIntent: null,
      reference: 'attempt-1',
      metadata: {},
      expiresAt: clock(),
    };
    await database.mongo.transaction((tx) => settlement.apply({ session, news: 'paid' }, tx));
    expect(kept).toMatchObject([{ reason: 'amount_mismatch', orderId: order.id }]);
    expect(book.payments).toEqual([]);
    expect(book.stateOf(order.id)).toBe('pending');
  });
});
