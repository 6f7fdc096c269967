import { newId, sessionOption, type Mongo, type Tx } from '@cartwright/platform-mongo';
import { standardTax } from './order-builders.fixture.ts';
import type { LedgerPort, PaymentPort } from './orders.ports.ts';
import { createStaticShopSettings } from './shop-settings.ts';

/** Settings of a small shop: 599 standard, free from 10,000; 1499 express; 10 % tax. */
export function testSettings(maximumPendingOrders = 5, maximumPendingPerNetwork = 20) {
  return createStaticShopSettings({
    currency: 'USD',
    taxMode: 'exclusive',
    countries: ['US', 'DE'],
    stockHoldSeconds: 3_600,
    orderExpirySeconds: 4 * 86_400,
    returnWindowSeconds: 30 * 86_400,
    maximumPendingOrders,
    maximumPendingPerNetwork,
    allowedReturnUrls: ['https://shop.test'],
    defaultSuccessUrl: 'https://shop.test/orders/{orderId}',
    defaultCancelUrl: 'https://shop.test/orders/{orderId}',
    shipping: [
      { id: 'standard', label: 'Standard', amount: 599, freeFrom: 10_000, taxClass: 'standard' },
      { id: 'express', label: 'Express', amount: 1_499, taxClass: 'standard' },
    ],
    payment: [
      { id: 'stripe_checkout', label: 'Card', settlement: 'prepaid', minimum: 50 },
      { id: 'cash_on_delivery', label: 'Cash on delivery', settlement: 'on_delivery' },
    ],
    tax: { default: { standard: standardTax } },
  });
}

/** Payments that always work, and note what was asked of them. */
export function fakePayments() {
  const state = {
    started: [] as string[],
    expired: [] as string[],
    failing: false,
    /** As for a total of zero: there is no page. */
    nothingDue: false,
    outcome: 'closed' as 'closed' | 'completed',
    /** Runs while a session is being expired, to race something against it. */
    whileExpiring: undefined as (() => Promise<unknown>) | undefined,
  };
  const port: PaymentPort = {
    start: async ({ order }) => {
      if (state.failing) throw new Error('provider is away');
      state.started.push(order.id);
      if (state.nothingDue) return {};
      return { url: `https://pay.test/${order.id}` };
    },
    expireOpenSession: async (orderId) => {
      state.expired.push(orderId);
      await state.whileExpiring?.();
      return state.outcome;
    },
  };
  return { port, state };
}

/** What staff may give back of an order of the test shop. */
export const STAFF_REFUND_LIMIT = 2_000;

/** A ledger that keeps what is left of each payment, in the caller's transaction as the real one does. */
export function fakeLedger(mongo: Pick<Mongo, 'connection'>) {
  const payments = () => mongo.connection.collection<{ _id: string; left: number }>('test_payments');
  const port: LedgerPort = {
    async requestRefund({ paymentId, amount }, tx) {
      const enough = { _id: paymentId, left: { $gte: amount.amount } };
      const found = await payments().updateOne(enough, { $inc: { left: -amount.amount } }, sessionOption(tx));
      return found.modifiedCount === 1 ? { id: newId() } : null;
    },
    async enterCash({ orderId, amount }, tx) {
      await payments().insertOne({ _id: `cash-${orderId}`, left: amount.amount }, sessionOption(tx));
      return `cash-${orderId}`;
    },
  };
  return {
    port,
    capture: (paymentId: string, amount: number, tx: Tx) =>
      payments().insertOne({ _id: paymentId, left: amount }, sessionOption(tx)),
    release: (paymentId: string, amount: number, tx: Tx) =>
      payments().updateOne({ _id: paymentId }, { $inc: { left: amount } }, sessionOption(tx)),
    left: async (paymentId: string) => (await payments().findOne({ _id: paymentId }))?.left,
  };
}
