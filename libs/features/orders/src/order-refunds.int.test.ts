import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { STAFF_REFUND_LIMIT } from './order-ports.fixture.ts';
import { createTestShop, reasonOf } from './orders.fixture.ts';
import type { RefundInput } from './orders-admin.contracts.ts';

const admin = { userId: 'boss', isUnlimited: true };
const staff = { userId: 'clerk', isUnlimited: false };

/** A shop with a paid order of three pieces at 10.00: 33.00 with tax, and 6.59 of shipping. */
async function paidOrder() {
  const shop = await createTestShop();
  await shop.stockUp('a', 10);
  const { order } = await (await shop.readyToPlace({ a: 3 })).place();
  await shop.capture(order);
  const [line] = order.lines;
  const lineId = line?.lineId ?? '';
  const refund = (wish: Omit<RefundInput, 'orderId' | 'reason'>, actor = admin, key = newId()) => {
    const input = { orderId: order.id, reason: 'It broke', ...wish };
    return shop.office.refunds.refund(input, actor, shop.staffIntent('admin.orders.refund', input, key));
  };
  return { shop, order, lineId, refund };
}

describe('a refund', () => {
  it('is set aside, noted by line, and gives pieces that were not sent back to the shelf', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const preview = await shop.office.refunds.preview({ orderId: order.id, lines: [{ lineId, quantity: 1 }] }, admin);
    expect(preview).toMatchObject({ amount: { amount: 1_100 }, tax: { amount: 100 }, isAllowed: true });
    const { refundId, order: after } = await refund({ lines: [{ lineId, quantity: 1 }], shipping: true });
    expect(after.refunds).toMatchObject([
      {
        id: refundId,
        amount: { amount: 1_100 + 659 },
        status: 'requested',
        reason: 'It broke',
        parts: { lines: [{ lineId, quantity: 1, tax: { amount: 100 } }], shipping: { tax: { amount: 60 } } },
      },
    ]);
    expect(after).toMatchObject({ paymentStatus: 'paid', refundable: { amount: 2_200 } });
    expect(after.lines[0]?.progress).toMatchObject({ open: 2, withdrawn: 1, refunded: 1 });
    expect(await shop.ledger.left(`pay-${order.id}`)).toBe(2_200);
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 2, moved: { onHand: 10, reserved: 2 } });

    await shop.settleRefund(order.id, refundId, 'succeeded');
    const settled = await shop.orders.admin.byId(order.id);
    expect(settled).toMatchObject({ paymentStatus: 'partially_refunded', refundable: { amount: 2_200 } });
    expect(settled.refunds[0]).toMatchObject({ status: 'succeeded', reason: 'It broke', parts: expect.anything() });
    expect(await shop.eventTypes()).toContain('order.refunded');
  });

  it('writes pieces off that can not be sold again', async () => {
    const { shop, lineId, refund } = await paidOrder();
    await using _shop = shop;
    await refund({ lines: [{ lineId, quantity: 2, restock: 1 }] });
    expect(await shop.stockOf('a')).toEqual({ onHand: 9, reserved: 1, moved: { onHand: 9, reserved: 1 } });
  });

  it('puts sent pieces back on the shelf when asked to, and no more than were sent', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    await shop.office.fulfilment.startProcessing(order.id, 'clerk');
    const parcel = { orderId: order.id, carrier: 'DHL', trackingNumber: '1' };
    await shop.office.fulfilment.ship(parcel, 'clerk', shop.staffIntent('ship', parcel));
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 7, reserved: 0 });
    await refund({ lines: [{ lineId, quantity: 1 }] });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 7, reserved: 0 });
    await refund({ lines: [{ lineId, quantity: 1, restock: 1 }] });
    expect(await shop.stockOf('a')).toEqual({ onHand: 8, reserved: 0, moved: { onHand: 8, reserved: 0 } });
    const tooMany = await reasonOf(refund({ lines: [{ lineId, quantity: 1, restock: 2 }] }));
    expect(tooMany).toBe('QUANTITY_EXCEEDED');
  });

  it('of 50 at the same moment never exceeds what was paid', async () => {
    const { shop, order, refund } = await paidOrder();
    await using _shop = shop;
    const total = order.total.amount;
    const reasons = await Promise.all(
      Array.from({ length: 50 }, () => reasonOf(refund({ amount: { amount: 300, currency: 'USD' } }))),
    );
    expect(new Set(reasons)).toEqual(new Set([undefined, 'REFUND_EXCEEDS_PAID']));
    const { refunds, refundable, version } = await shop.orders.admin.byId(order.id);
    expect(refunds).toHaveLength(Math.floor(total / 300));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(refunds.length);
    expect(refunds.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(total - refundable.amount);
    expect(await shop.ledger.left(`pay-${order.id}`)).toBe(refundable.amount);
    expect(version).toBe(2 + refunds.length);
  }, 60_000);

  it('of one intent is made once, however often it is asked for', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refund({ lines: [{ lineId, quantity: 1 }] }, admin, key)),
    );
    expect(new Set(answers.map(({ refundId }) => refundId)).size).toBe(1);
    expect((await shop.orders.load(order.id)).refunds).toHaveLength(1);
    expect(await reasonOf(refund({ full: true }, admin, key))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('of staff has a limit per order that splitting does not get around; administrators have none', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    expect(STAFF_REFUND_LIMIT).toBe(2_000);
    await refund({ lines: [{ lineId, quantity: 1 }] }, staff);
    expect(await reasonOf(refund({ lines: [{ lineId, quantity: 1 }] }, staff))).toBe('REFUND_LIMIT_EXCEEDED');
    const wish = { orderId: order.id, lines: [{ lineId, quantity: 1 }] };
    expect(await shop.office.refunds.preview(wish, staff)).toMatchObject({ isAllowed: false });
    await refund({ amount: { amount: 900, currency: 'USD' } }, staff);
    await refund({ full: true });
    expect((await shop.orders.admin.byId(order.id)).refundable.amount).toBe(0);
    expect(await reasonOf(refund({ full: true }))).toBe('REFUND_NOT_POSSIBLE');
  });

  it('that failed leaves its amount, and can be asked for again once', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const { refundId } = await refund({ lines: [{ lineId, quantity: 1 }] });
    const retry = () => shop.office.refunds.retry({ orderId: order.id, refundId }, admin);
    expect(await reasonOf(retry())).toBe('REFUND_NOT_POSSIBLE');
    await shop.settleRefund(order.id, refundId, 'failed');
    expect(await shop.orders.admin.byId(order.id)).toMatchObject({
      refundable: order.total,
      refunds: [{ status: 'failed', isRetryable: true }],
    });
    const reasons = await Promise.all([reasonOf(retry()), reasonOf(retry()), reasonOf(retry())]);
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(1);
    expect((await shop.orders.admin.byId(order.id)).refunds).toMatchObject([
      { status: 'failed', isRetryable: false },
      { status: 'requested', amount: { amount: 1_100 } },
    ]);
    // The piece went back on the shelf with the first one, and does so once.
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 10, reserved: 2 });
  });

  it('that went through and came back is told of, with when it had gone through', async () => {
    const { shop, order, refund } = await paidOrder();
    await using _shop = shop;
    const { refundId } = await refund({ full: true });
    await shop.settleRefund(order.id, refundId, 'succeeded');
    expect(await shop.eventTypes()).not.toContain('order.refund_bounced');
    await shop.settleRefund(order.id, refundId, 'failed');
    expect((await shop.eventTypes()).filter((type) => type === 'order.refund_bounced')).toHaveLength(1);
    const [kept] = (await shop.orders.load(order.id)).refunds;
    expect(kept).toMatchObject({ status: 'failed', wentThroughAt: expect.any(Date) });
    expect(await shop.orders.admin.byId(order.id)).toMatchObject({ paymentStatus: 'paid', refundable: order.total });
  });

  it('that a bank sent back counts as it did until it is over, and says whom it waits for', async () => {
    const { shop, order, refund } = await paidOrder();
    await using _shop = shop;
    const { refundId } = await refund({ full: true });
    await shop.settleRefund(order.id, refundId, 'succeeded');
    const wentThroughAt = (await shop.orders.load(order.id)).refunds[0]?.at;
    shop.clock.advance(60_000);
    for (const waitsFor of ['buyer', 'bank', undefined] as const) {
      await shop.settleRefund(order.id, refundId, 'succeeded', waitsFor);
      const seen = await shop.orders.admin.byId(order.id);
      expect(seen).toMatchObject({ paymentStatus: 'refunded', refunds: [{ status: 'succeeded', at: wentThroughAt }] });
      expect(seen.refunds[0]?.waitsFor).toBe(waitsFor);
    }
    const texts = (await shop.orders.load(order.id)).timeline.map(({ text }) => text).slice(-4);
    expect(texts).toEqual([
      expect.stringMatching(/ paid back$/),
      expect.stringMatching(/ waits for the buyer, /),
      expect.stringMatching(/ was sent back, and is on its way again$/),
      expect.stringMatching(/ paid back$/),
    ]);
    const types = await shop.eventTypes();
    expect(types.filter((type) => type === 'order.refunded')).toHaveLength(1);
    expect(types).not.toContain('order.refund_bounced');
  });

  it('takes the piece that a failed one gave up, and no other', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const { refundId } = await refund({ lines: [{ lineId, quantity: 1 }] });
    await shop.settleRefund(order.id, refundId, 'failed');
    const { order: after } = await refund({ lines: [{ lineId, quantity: 1, restock: 1 }] });
    expect(after.lines[0]?.progress).toMatchObject({ open: 2, withdrawn: 1, refunded: 1 });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 2, moved: { onHand: 10, reserved: 2 } });
    await refund({ lines: [{ lineId, quantity: 2 }] });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 10, reserved: 0 });
  });

  it('of money that the order had no need of can be asked for again, once', async () => {
    const { shop, order } = await paidOrder();
    await using _shop = shop;
    const { total: amount } = order;
    const second = { orderId: order.id, refundId: 'second', paymentId: `pay-${order.id}`, amount };
    // The order was paid with another one: what its first payment brought has to go back.
    await shop.mongo.connection
      .collection<{ _id: string }>('orders')
      .updateOne({ _id: order.id }, { $set: { paymentId: 'other' } });
    await shop.mongo.transaction((tx) =>
      shop.orders.recordRefund({ ...second, status: 'failed', at: shop.clock() }, tx),
    );
    expect((await shop.orders.admin.byId(order.id)).refunds).toMatchObject([{ status: 'failed', isRetryable: true }]);
    const retry = () => shop.office.refunds.retry({ orderId: order.id, refundId: 'second' }, staff);
    expect((await retry()).refunds).toMatchObject([
      { isRetryable: false },
      { status: 'requested', amount: { amount: amount.amount } },
    ]);
    expect(await reasonOf(retry())).toBe('REFUND_NOT_POSSIBLE');
    expect(await shop.ledger.left(`pay-${order.id}`)).toBe(0);
  });

  it('leaves nothing to give back when as much went back elsewhere, whichever came first', async () => {
    const { shop, order, refund } = await paidOrder();
    await using _shop = shop;
    const { refundId } = await refund({ amount: { amount: 2_000, currency: 'USD' } });
    const outside = { orderId: order.id, refundId: 'outside', paymentId: `pay-${order.id}`, amount: order.total };
    await shop.mongo.transaction((tx) =>
      shop.orders.recordRefund({ ...outside, status: 'succeeded', at: shop.clock(), origin: 'provider' }, tx),
    );
    await shop.settleRefund(order.id, refundId, 'failed');
    expect(await shop.orders.admin.byId(order.id)).toMatchObject({ refundable: { amount: 0 } });
  });

  it('made at the provider is taken from all lines', async () => {
    const { shop, order, refund } = await paidOrder();
    await using _shop = shop;
    const paymentId = `pay-${order.id}`;
    const made = { orderId: order.id, refundId: 'outside', paymentId, amount: { amount: 1_000, currency: 'USD' } };
    await shop.mongo.transaction((tx) =>
      shop.orders.recordRefund({ ...made, status: 'succeeded', at: shop.clock(), origin: 'provider' }, tx),
    );
    const after = await shop.orders.admin.byId(order.id);
    expect(after).toMatchObject({ refundable: { amount: order.total.amount - 1_000 }, isDisputed: false });
    expect(after.refunds).toMatchObject([{ external: true, isRetryable: false, parts: expect.anything() }]);
    const { order: done } = await refund({ full: true });
    expect(done.refundable.amount).toBe(0);
  });

  it('of pieces whose money went back elsewhere gives them up, and pays nothing', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const { fulfilment, refunds } = shop.office;
    await fulfilment.startProcessing(order.id, 'clerk');
    const parcel = { orderId: order.id, carrier: 'DHL', trackingNumber: '1', lines: [{ lineId, quantity: 1 }] };
    await fulfilment.ship(parcel, 'clerk', shop.staffIntent('ship', parcel));
    await fulfilment.markDelivered({ orderId: order.id }, 'clerk');
    const paymentId = `pay-${order.id}`;
    const made = { orderId: order.id, refundId: 'outside', paymentId, amount: order.total, origin: 'dispute' } as const;
    await shop.mongo.transaction((tx) =>
      shop.orders.recordRefund({ ...made, status: 'succeeded', at: shop.clock() }, tx),
    );
    expect((await shop.orders.admin.byId(order.id)).actions).toContain('refund');
    const left = await shop.ledger.left(paymentId);
    const wish = { lines: [{ lineId, quantity: 2, restock: 1 }] };
    expect(await refunds.preview({ orderId: order.id, ...wish }, staff)).toMatchObject({
      ...{ amount: { amount: 0 }, isAllowed: true },
    });
    const { refundId, order: after } = await refund(wish, staff);
    expect(after).toMatchObject({ fulfillmentStatus: 'delivered', paymentStatus: 'refunded' });
    expect(after.actions).not.toContain('refund');
    expect(after.refunds.find(({ id }) => id === refundId)).toMatchObject({
      ...{ amount: { amount: 0 }, status: 'succeeded', isRetryable: false },
    });
    expect(await shop.ledger.left(paymentId)).toBe(left);
    expect(await shop.stockOf('a')).toEqual({ onHand: 8, reserved: 0, moved: { onHand: 8, reserved: 0 } });
    expect(await reasonOf(refund({ full: true }, staff))).toBe('REFUND_NOT_POSSIBLE');
    expect(await reasonOf(refunds.preview({ orderId: order.id, full: true }, staff))).toBe('REFUND_NOT_POSSIBLE');
    expect((await shop.eventTypes()).filter((type) => type === 'order.refunded')).toHaveLength(1);
  });

  it('of pieces alone waits until it is known what became of money that is on its way', async () => {
    const { shop, order, lineId, refund } = await paidOrder();
    await using _shop = shop;
    const paymentId = `pay-${order.id}`;
    const made = { orderId: order.id, refundId: 'outside', paymentId, amount: order.total, origin: 'dispute' } as const;
    const record = (status: 'pending' | 'succeeded') =>
      shop.mongo.transaction((tx) => shop.orders.recordRefund({ ...made, status, at: shop.clock() }, tx));
    await record('pending');
    const wish = { lines: [{ lineId, quantity: 2 }] };
    expect(await reasonOf(refund(wish))).toBe('REFUND_NOT_POSSIBLE');
    const preview = shop.office.refunds.preview({ orderId: order.id, ...wish }, admin);
    expect(await reasonOf(preview)).toBe('REFUND_NOT_POSSIBLE');
    const held = await shop.orders.admin.byId(order.id);
    expect(held.actions).not.toContain('refund');
    expect(held.lines[0]?.progress).toMatchObject({ open: 3, withdrawn: 0 });
    await record('succeeded');
    expect((await shop.orders.admin.byId(order.id)).actions).toContain('refund');
    expect((await refund(wish)).order.lines[0]?.progress).toMatchObject({ open: 1, withdrawn: 2 });
  });

  it('of pieces one by one equals their line, also where the first of them are worth nothing', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10, { price: 1 });
    const most = { kind: 'percentage', basisPoints: 7_000 } as const;
    await shop.coupons.create({ code: 'MOST', discount: most, includeSaleItems: true, active: true });
    const { order } = await (await shop.readyToPlace({ a: 10 }, { coupon: 'MOST' })).place();
    await shop.capture(order);
    const { lineId = '', total } = order.pricing.lines[0] ?? {};
    const amounts: number[] = [];
    for (let piece = 0; piece < 10; piece += 1) {
      const input = { orderId: order.id, lines: [{ lineId, quantity: 1 }], reason: 'Broken' };
      const intent = shop.staffIntent('admin.orders.refund', input);
      const { refundId, order: after } = await shop.office.refunds.refund(input, admin, intent);
      const amount = after.refunds.find(({ id }) => id === refundId)?.amount.amount ?? -1;
      amounts.push(amount);
      if (amount > 0) await shop.settleRefund(order.id, refundId, 'succeeded');
      expect(await shop.stockOf('a')).toMatchObject({ onHand: 10, reserved: 9 - piece });
    }
    expect(amounts.filter((amount) => amount === 0)).not.toEqual([]);
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(total?.amount);
  });

  it('is not for orders that were not paid', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { order } = await (await shop.readyToPlace({ a: 1 })).place();
    const input = { orderId: order.id, full: true, reason: 'No' };
    const refund = shop.office.refunds.refund(input, admin, shop.staffIntent('admin.orders.refund', input));
    expect(await reasonOf(refund)).toBe('REFUND_NOT_POSSIBLE');
    const unknown = { ...input, orderId: 'nobody' };
    expect(await reasonOf(shop.office.refunds.preview(unknown, admin))).toBe('NOT_FOUND');
  });
});
