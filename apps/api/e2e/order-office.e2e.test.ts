import { isCartwrightError, newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let shop: TestShop;
let admin: Cartwright;
let buyer: Cartwright;

beforeAll(async () => {
  shop = await createTestShop({ products: [{ slug: 'lamp', price: 2_000, stock: 50 }] });
  admin = await shop.admin();
  buyer = await shop.customer();
});
afterAll(() => shop[Symbol.asyncDispose]());

const variantId = () => shop.variants.get('lamp') ?? '';
const stock = async () => {
  const { items } = await admin.api.admin.products.stockLevels.query({ variantIds: [variantId()] });
  return { onHand: items[0]?.onHand, reserved: items[0]?.reserved };
};
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (isCartwrightError(error) ? error.reason : error),
  );

/** An order of so many lamps whose money came in. */
async function paidOrder(quantity = 3) {
  const { order, payment } = await shop.order(buyer, { slug: 'lamp', quantity });
  expect(await shop.pay(payment.url ?? '')).toMatchObject({ outcome: 'paid' });
  await vi.waitFor(async () => {
    expect(await buyer.api.orders.byId.query({ orderId: order.id })).toMatchObject({ status: 'paid' });
  }, 20_000);
  return { order, orderId: order.id, lineId: order.lines[0]?.lineId ?? '' };
}

const settled = (orderId: string, expected: object) =>
  vi.waitFor(
    async () => {
      const order = await admin.api.admin.orders.byId.query({ orderId });
      expect(order).toMatchObject(expected);
      return order;
    },
    { timeout: 20_000, interval: 200 },
  );

describe('the office', () => {
  it('gives the orders that a filter finds out as a file, to staff alone', async () => {
    const { order } = await shop.order(buyer, { slug: 'lamp', quantity: 2 });
    const { orders } = admin.api.admin;
    const { id: exportId } = await orders.exportCsv.mutate({ query: order.number });
    await vi.waitFor(
      async () => expect(await orders.exportStatus.query({ exportId })).toMatchObject({ state: 'done', orders: 1 }),
      { timeout: 20_000, interval: 200 },
    );
    const { url = '' } = await orders.exportStatus.query({ exportId });
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; .*orders-/);
    const [head, ...lines] = (await answer.text()).trim().split('\r\n');
    expect(head).toMatch(/^order_number,placed_at,/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${order.number},.*,${order.total.amount},`));
    expect(await reasonOf(buyer.api.admin.orders.exportCsv.mutate({}))).toBe('FORBIDDEN');
    const { items } = await admin.api.admin.audit.list.query({ action: 'admin.orders.exportCsv' });
    expect(items.map(({ outcome }) => outcome)).toEqual(['ok']);
    await buyer.api.orders.cancel.mutate({ orderId: order.id });
  });

  it('sends an order in parcels, takes a piece back and returns its money, and the buyer hears of it', async () => {
    const { orderId, lineId } = await paidOrder();
    const { orders } = admin.api.admin;
    await orders.startProcessing.mutate({ orderId });
    const parcel = { orderId, carrier: 'DHL', trackingNumber: 'JD014600' };
    await orders.ship.mutate({ ...parcel, lines: [{ lineId, quantity: 1 }] });
    expect(await stock()).toEqual({ onHand: 49, reserved: 2 });
    await orders.ship.mutate(parcel);
    expect(await orders.markDelivered.mutate({ orderId })).toMatchObject({ fulfillmentStatus: 'delivered' });
    await orders.markReturned.mutate({ orderId, lines: [{ lineId, quantity: 1 }], restock: true });
    expect(await stock()).toEqual({ onHand: 48, reserved: 0 });

    const wish = { orderId, lines: [{ lineId, quantity: 1 }] };
    const preview = await orders.previewRefund.query(wish);
    expect(preview).toMatchObject({ amount: { amount: 2_160 }, tax: { amount: 160 }, isAllowed: true });
    const key = newIdempotencyKey();
    const ask = () => orders.refund.mutate({ ...wish, reason: 'Scratched', idempotencyKey: key });
    const { refundId } = await ask();
    expect(await ask()).toMatchObject({ refundId });
    await settled(orderId, { paymentStatus: 'partially_refunded', refunds: [{ status: 'succeeded' }] });

    const seen = await buyer.api.orders.byId.query({ orderId });
    expect(seen.shipments).toMatchObject([{ trackingNumber: 'JD014600' }, { carrier: 'DHL' }]);
    expect(seen.refunds).toMatchObject([{ amount: { amount: 2_160 }, parts: { lines: [{ lineId, quantity: 1 }] } }]);
    expect(JSON.stringify(seen)).not.toContain('Scratched');
    await vi.waitFor(async () => {
      const { items } = await buyer.api.notifications.list.query({ limit: 50 });
      const told = items.filter(({ data }) => data.orderId === orderId).map(({ type }) => type);
      expect(told.toSorted()).toEqual([
        'order.delivered',
        'order.paid',
        'order.refunded',
        'order.shipped',
        'order.shipped',
      ]);
    }, 20_000);
    const { items } = await orders.timeline.query({ orderId });
    expect(items.filter(({ actor }) => actor?.name === 'Admin').length).toBeGreaterThanOrEqual(6);
    const now = Date.now();
    const period = { from: new Date(now - 3_600_000), to: new Date(now + 60_000) };
    await vi.waitFor(async () => {
      const { byCurrency } = await admin.api.admin.analytics.overview.query(period);
      expect(byCurrency).toMatchObject([{ refunded: { amount: 2_160 } }]);
    }, 20_000);
  }, 120_000);

  it('gives no more back than was paid, of 50 refunds at once', async () => {
    const { order, orderId } = await paidOrder();
    const ask = () =>
      admin.api.admin.orders.refund.mutate({
        orderId,
        amount: { amount: 500, currency: 'USD' },
        reason: 'Sorry',
        idempotencyKey: newIdempotencyKey(),
      });
    const reasons = await Promise.all(Array.from({ length: 50 }, () => reasonOf(ask())));
    const made = reasons.filter((reason) => reason === undefined).length;
    expect(made).toBe(Math.floor(order.total.amount / 500));
    expect(new Set(reasons)).toEqual(new Set([undefined, 'REFUND_EXCEEDS_PAID']));
    const refunds = Array.from({ length: made }, () => ({ status: 'succeeded' }));
    await settled(orderId, { refunds, refundable: { amount: order.total.amount - made * 500 } });
  }, 90_000);

  it('cancels a paid order once Stripe has given its money back', async () => {
    const before = await stock();
    const { orderId } = await paidOrder(2);
    expect(await stock()).toEqual({ onHand: before.onHand, reserved: (before.reserved ?? 0) + 2 });
    const asked = await admin.api.admin.orders.cancel.mutate({ orderId, reason: 'Sold elsewhere' });
    expect(asked.refunds).toHaveLength(1);
    await settled(orderId, { status: 'canceled', paymentStatus: 'refunded', cancelReason: 'admin' });
    expect(await stock()).toEqual(before);
  }, 120_000);

  it('tells of a dispute, takes its money out of what can be given back, and back when it is won', async () => {
    const { order, orderId } = await paidOrder(1);
    const dispute = await shop.stripe.control.openDispute(await intentOf(orderId));
    await settled(orderId, { isDisputed: true, refundable: { amount: 0 }, refunds: [{ external: true }] });
    expect(await reasonOf(admin.api.admin.orders.refund.mutate({ orderId, full: true, reason: 'x' }))).toBe(
      'REFUND_NOT_POSSIBLE',
    );
    await shop.stripe.control.closeDispute(dispute, 'won');
    await settled(orderId, { isDisputed: false, refundable: order.total, paymentStatus: 'paid' });
  }, 120_000);

  it('lets staff give a part back and administrators all, and customers nothing', async () => {
    const { orderId } = await paidOrder(1);
    const wish = { orderId, full: true, reason: 'x' };
    expect(await reasonOf(buyer.api.admin.orders.refund.mutate(wish))).toBe('FORBIDDEN');
    expect(await reasonOf(buyer.api.admin.orders.previewRefund.query({ orderId, full: true }))).toBe('FORBIDDEN');
    expect(await reasonOf(admin.api.admin.orders.refund.mutate({ orderId, reason: 'x' }))).toBe('INVALID_INPUT');
  }, 120_000);
});

/** Stripe's id of the payment of an order. */
async function intentOf(orderId: string): Promise<string> {
  const { hostname, port } = new URL(shop.stripe.url);
  const stripe = new Stripe(shop.env['STRIPE_SECRET_KEY'] ?? '', { host: hostname, port, protocol: 'http' });
  for await (const session of stripe.checkout.sessions.list({ limit: 100 })) {
    const { metadata, payment_intent: intent } = session;
    if (metadata?.['orderId'] === orderId && typeof intent === 'string') return intent;
  }
  throw new Error('The order has no payment at Stripe');
}
