import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';

type Shop = Awaited<ReturnType<typeof createTestShop>>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const coupon = {
  code: 'TEN',
  discount: { kind: 'percentage', basisPoints: 1_000 },
  includeSaleItems: true,
  active: true,
} as const;

/** A placed order of two pieces of ten, with a coupon. */
async function placed(shop: Shop, rest: Parameters<Shop['readyToPlace']>[1] = {}) {
  await shop.stockUp('a', 10);
  await shop.coupons.create(coupon);
  const { buyer, place } = await shop.readyToPlace({ a: 2 }, { coupon: 'TEN', ...rest });
  const { order } = await place();
  return { buyer, order };
}

const capture = (shop: Shop, order: { id: string; total: { amount: number; currency: string } }, paymentId = 'pay-1') =>
  shop.mongo.transaction((tx) =>
    shop.orders.recordPayment({ orderId: order.id, paymentId, amount: order.total, at: shop.clock() }, tx),
  );

const uses = async (shop: Shop) => (await shop.couponRepository.byCode('TEN'))?.redeemed;

describe('canceling', () => {
  it('gives stock and coupon back once, and lines and coupon to the cart when asked for', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    await shop.stockUp('b', 5);
    await shop.carts.addItem(buyer, { variantId: 'b', quantity: 1 });
    const key = newId();
    const input = { orderId: order.id, restoreCart: true };
    const canceled = await shop.cancel(buyer.userId, input, key);
    expect(canceled).toMatchObject({ status: 'canceled', cancelReason: 'customer', version: 2 });
    expect(canceled.expiresAt).toBeUndefined();
    expect(await shop.cancel(buyer.userId, input, key)).toEqual(canceled);
    expect(await reasonOf(shop.cancel(buyer.userId, input))).toBe('ORDER_NOT_CANCELABLE');
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
    expect(await uses(shop)).toBe(0);
    const { lines, coupon } = await shop.carts.get(buyer);
    expect(coupon).toMatchObject({ code: 'TEN' });
    expect(lines.map((line) => [line.variantId, line.quantity])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(shop.payments.expired).toEqual([order.id]);
    expect(await shop.eventTypes()).toEqual(['order.canceled', 'order.placed', 'stock.changed', 'stock.changed']);
  });

  it('leaves the cart the coupon that it has by now', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    await shop.coupons.create({ ...coupon, code: 'OTHER' });
    await shop.carts.addItem(buyer, { variantId: 'a', quantity: 1 });
    await shop.carts.applyCoupon(buyer, 'OTHER');
    await shop.cancel(buyer.userId, { orderId: order.id, restoreCart: true });
    expect((await shop.carts.get(buyer)).coupon).toMatchObject({ code: 'OTHER' });
  });

  it('happens once under concurrent calls', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    const reasons = await Promise.all(
      Array.from({ length: 10 }, () => reasonOf(shop.cancel(buyer.userId, { orderId: order.id }))),
    );
    expect(reasons.filter((reason) => reason === undefined).length).toBe(1);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0, moved: { reserved: 0 } });
    expect(await uses(shop)).toBe(0);
  });

  it('is refused when the buyer has just paid', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.payments.outcome = 'completed';
    expect(await reasonOf(shop.cancel(buyer.userId, { orderId: order.id }))).toBe('ORDER_NOT_CANCELABLE');
    await capture(shop, order);
    expect(await reasonOf(shop.cancel(buyer.userId, { orderId: order.id }))).toBe('ORDER_NOT_CANCELABLE');
  });
});

describe('the clock of an unpaid order', () => {
  it('cancels it at its expiry, once, and not before', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    expect(await shop.orders.expire(order.id)).toBe(false);
    expect(shop.payments.expired).toEqual([]);
    shop.clock.advance(4 * DAY);
    expect((await Promise.all([shop.orders.expire(order.id), shop.orders.expire(order.id)])).toSorted()).toEqual([
      false,
      true,
    ]);
    expect(await shop.orders.byId(buyer, order.id)).toMatchObject({
      status: 'canceled',
      cancelReason: 'expired',
    });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
    expect(await uses(shop)).toBe(0);
  });

  it('leaves it alone when the payment page was completed, or paid while it was being closed', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.clock.advance(4 * DAY);
    shop.payments.outcome = 'completed';
    expect(await shop.orders.expire(order.id)).toBe(false);
    shop.payments.outcome = 'closed';
    shop.payments.whileExpiring = () => capture(shop, order);
    expect(await shop.orders.expire(order.id)).toBe(false);
    expect(await shop.orders.byId(buyer, order.id)).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 2 });
    expect(await uses(shop)).toBe(1);
  });

  it('has one winner when expiry and payment race', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    const placedOrders = [];
    for (let index = 0; index < 20; index += 1) {
      const { place, buyer } = await shop.readyToPlace({ a: 1 });
      placedOrders.push({ buyer, order: (await place()).order });
    }
    shop.clock.advance(4 * DAY);
    const races = await Promise.all(
      placedOrders.map(async ({ buyer, order }) => {
        const [expired, recording] = await Promise.all([shop.orders.expire(order.id), capture(shop, order)]);
        const { status } = await shop.orders.byId(buyer, order.id);
        return { expired, recording, status };
      }),
    );
    for (const race of races) {
      const won = { expired: false, recording: 'recorded', status: 'paid' };
      const lost = { expired: true, recording: 'canceled', status: 'canceled' };
      expect([won, lost]).toContainEqual(race);
    }
    const paid = races.filter(({ status }) => status === 'paid').length;
    expect(await shop.stockOf('a')).toEqual({ onHand: 100, reserved: paid, moved: { onHand: 100, reserved: paid } });
  });

  it('stands still while a payment is being processed', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    const news = { orderId: order.id, at: shop.clock() };
    await shop.mongo.transaction((tx) => shop.orders.recordProcessing(news, tx));
    shop.clock.advance(5 * DAY);
    expect(await shop.orders.expire(order.id)).toBe(false);
    expect(await shop.orders.sweep(() => undefined)).toBe(0);
    expect(await shop.orders.isPayable(order.id)).toBe(false);
    await shop.mongo.transaction((tx) => shop.orders.recordPaymentFailure(news, tx));
    // Told once, though the news comes again.
    await shop.mongo.transaction((tx) => shop.orders.recordPaymentFailure(news, tx));
    expect((await shop.eventTypes()).filter((type) => type === 'order.payment_failed')).toHaveLength(1);
    // Both go on where they stood.
    const moved = (end: Date | undefined) => end && new Date(end.getTime() + 5 * DAY);
    const { expiresAt, holdExpiresAt } = await shop.orders.load(order.id);
    expect([expiresAt, holdExpiresAt]).toEqual([moved(order.expiresAt), moved(order.holdExpiresAt)]);
    expect(await shop.orders.expire(order.id)).toBe(false);
    expect(await shop.orders.sweep(() => undefined)).toBe(0);
    expect(await shop.orders.pay(buyer, { orderId: order.id })).toEqual({ url: `https://pay.test/${order.id}` });
    shop.clock.advance(HOUR);
    expect(await shop.orders.releaseHold(order.id)).toBe(true);
    shop.clock.advance(4 * DAY);
    expect(await shop.orders.sweep(() => undefined)).toBe(1);
    // It did not just run out: its buyer is told that the payment failed.
    expect(await shop.orders.load(order.id)).toMatchObject({ status: 'canceled', cancelReason: 'payment_failed' });
  });

  it('goes on when staff set a payment aside, and the timeline says who', async () => {
    await using shop = await createTestShop();
    const { order } = await placed(shop);
    await shop.mongo.transaction((tx) => shop.orders.recordProcessing({ orderId: order.id }, tx));
    const by = { by: 'staff', actorId: 'clerk', detail: 'Another order was meant' } as const;
    await shop.mongo.transaction((tx) => shop.orders.recordPaymentFailure({ orderId: order.id, by }, tx));
    const told = (await shop.office.desk.timeline(order.id)).items.at(-1);
    expect(told).toMatchObject({
      kind: 'order.payment_failed',
      by: 'staff',
      actor: { id: 'clerk' },
      detail: by.detail,
    });
  });

  it('leaves the time of a hold to pay anew when a payment fails', async () => {
    await using shop = await createTestShop();
    const { order } = await placed(shop);
    shop.clock.advance(HOUR - 1_000);
    await shop.mongo.transaction((tx) => shop.orders.recordProcessing({ orderId: order.id }, tx));
    shop.clock.advance(2_000);
    await shop.mongo.transaction((tx) => shop.orders.recordPaymentFailure({ orderId: order.id }, tx));
    const { holdExpiresAt } = await shop.orders.load(order.id);
    expect(holdExpiresAt).toEqual(new Date(shop.clock().getTime() + HOUR));
  });

  it('never runs for cash on delivery', async () => {
    await using shop = await createTestShop();
    const { order } = await placed(shop, { paymentMethod: 'cash_on_delivery' });
    shop.clock.advance(400 * DAY);
    expect(await shop.orders.expire(order.id)).toBe(false);
    expect(await shop.orders.sweep(() => undefined)).toBe(0);
  });

  it('is caught up by the sweeper, which goes on after a failure', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    for (let index = 0; index < 3; index += 1) await (await shop.readyToPlace({ a: 1 })).place();
    shop.clock.advance(4 * DAY);
    let calls = 0;
    shop.payments.whileExpiring = async () => {
      calls += 1;
      if (calls === 1) throw new Error('provider is away');
    };
    const failed: string[] = [];
    // One whose time is up leaves all of it to the next.
    expect(await shop.orders.sweep((orderId) => void failed.push(orderId), AbortSignal.abort())).toBe(0);
    expect(calls).toBe(0);
    expect(await shop.orders.sweep((orderId) => void failed.push(orderId))).toBe(2);
    expect(failed.length).toBe(1);
    expect(await shop.orders.sweep(() => undefined)).toBe(1);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
  });
});

describe('a hold', () => {
  it('ends before the order does; pay takes stock and coupon again', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.clock.advance(HOUR);
    expect(await shop.orders.releaseHold(order.id)).toBe(true);
    expect(await shop.orders.releaseHold(order.id)).toBe(false);
    expect(await shop.orders.byId(buyer, order.id)).toMatchObject({ status: 'pending' });
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
    expect(await uses(shop)).toBe(0);
    expect(await shop.orders.pay(buyer, { orderId: order.id })).toEqual({ url: `https://pay.test/${order.id}` });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 2, moved: { onHand: 10, reserved: 2 } });
    expect(await uses(shop)).toBe(1);
    const renewed = await shop.orders.byId(buyer, order.id);
    expect(renewed.holdExpiresAt).toEqual(new Date(shop.clock().getTime() + HOUR));
    await shop.cancel(buyer.userId, { orderId: order.id });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
  });

  it('that ended leaves no payment page open, not even one made while it ended', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.clock.advance(HOUR);
    const log: string[] = [];
    shop.payments.whileExpiring = async () => {
      log.push('closed');
      if (log.length > 1) return;
      await shop.orders.pay(buyer, { orderId: order.id });
      log.push('opened');
    };
    expect(await shop.orders.releaseHold(order.id)).toBe(true);
    expect(log).toEqual(['closed', 'opened', 'closed']);
    expect(await shop.orders.isPayable(order.id)).toBe(false);
  });

  it('says what is gone when it cannot be renewed', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.clock.advance(HOUR);
    await shop.orders.releaseHold(order.id);
    await (await shop.readyToPlace({ a: 9 })).place();
    await expect(shop.orders.pay(buyer, { orderId: order.id })).rejects.toMatchObject({
      reason: 'OUT_OF_STOCK',
      details: { lines: [{ variantId: 'a', requested: 2, available: 1 }] },
    });
    expect(await uses(shop)).toBe(0);
  });

  it('that ended does not lose a late payment: stock is taken again, or said to be missing', async () => {
    await using shop = await createTestShop();
    const first = await placed(shop);
    const second = await (await shop.readyToPlace({ a: 2 })).place();
    shop.clock.advance(HOUR);
    await shop.orders.releaseHold(first.order.id);
    await shop.orders.releaseHold(second.order.id);
    await (await shop.readyToPlace({ a: 8 })).place();
    expect(await capture(shop, first.order)).toBe('recorded');
    expect(await capture(shop, second.order, 'pay-2')).toBe('recorded');
    expect((await shop.orders.load(first.order.id)).hold).toBe('held');
    expect(await shop.orders.load(second.order.id)).toMatchObject({ status: 'paid', hold: 'missing' });
    expect(shop.logLines).toMatchObject([
      { level: 'error', facts: { alert: 'stock_missing', orderId: second.order.id } },
    ]);
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 10, moved: { onHand: 10, reserved: 10 } });
  });
});

describe('recording payments', () => {
  it('pays once, knows its own payment again, and refuses what does not fit', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    const short = { ...order, total: { ...order.total, amount: order.total.amount - 1 } };
    expect(await reasonOf(capture(shop, short))).toBe('ORDER_NOT_PAYABLE');
    expect(await Promise.all([capture(shop, order), capture(shop, order)])).toEqual(['recorded', 'recorded']);
    expect(await capture(shop, order, 'pay-2')).toBe('already_paid');
    expect(await capture(shop, { ...order, id: newId() })).toBe('not_found');
    const paid = await shop.orders.byId(buyer, order.id);
    expect(paid).toMatchObject({ status: 'paid', paymentStatus: 'paid', version: 2 });
    expect(paid.expiresAt).toBeUndefined();
    expect((await shop.eventTypes()).filter((type) => type === 'order.paid')).toEqual(['order.paid']);
    expect(await reasonOf(shop.orders.pay(buyer, { orderId: order.id }))).toBe('ORDER_NOT_PAYABLE');
  });

  it('answers canceled for money that comes too late', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    await shop.cancel(buyer.userId, { orderId: order.id });
    expect(await capture(shop, order)).toBe('canceled');
    expect(await shop.orders.byId(buyer, order.id)).toMatchObject({
      status: 'canceled',
      paymentStatus: 'unpaid',
    });
  });

  it('follows refunds', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    await capture(shop, order);
    const refund = (refundId: string, amount: number, status: 'pending' | 'succeeded') =>
      shop.mongo.transaction((tx) =>
        shop.orders.recordRefund(
          {
            orderId: order.id,
            paymentId: 'pay-1',
            refundId,
            amount: { amount, currency: 'USD' },
            status,
            at: shop.clock(),
          },
          tx,
        ),
      );
    const status = async () => (await shop.orders.paymentStatus(buyer, order.id)).paymentStatus;
    await refund('r1', 100, 'pending');
    expect(await status()).toBe('paid');
    await refund('r1', 100, 'succeeded');
    expect(await status()).toBe('partially_refunded');
    await refund('r2', order.total.amount - 100, 'succeeded');
    await refund('r2', order.total.amount - 100, 'succeeded');
    expect(await status()).toBe('refunded');
    expect((await shop.orders.byId(buyer, order.id)).refunds.length).toBe(2);
    // Each is told once, when the money has gone.
    expect((await shop.eventTypes()).filter((type) => type === 'order.refunded')).toHaveLength(2);
  });

  it('stays paid when a second payment is given back', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    await capture(shop, order);
    expect(await capture(shop, order, 'pay-2')).toBe('already_paid');
    const refund = (paymentId: string, refundId: string, amount: number) =>
      shop.mongo.transaction((tx) =>
        shop.orders.recordRefund(
          {
            ...{ orderId: order.id, paymentId, refundId, status: 'succeeded' as const },
            ...{ amount: { amount, currency: 'USD' }, at: shop.clock() },
          },
          tx,
        ),
      );
    const status = async () => (await shop.orders.paymentStatus(buyer, order.id)).paymentStatus;
    await refund('pay-2', 'r1', order.total.amount);
    expect(await status()).toBe('paid');
    await refund('pay-1', 'r2', 100);
    expect(await status()).toBe('partially_refunded');
    expect((await shop.orders.byId(buyer, order.id)).refunds.length).toBe(2);
  });
});

describe('paying', () => {
  it('leads on to the shop where nothing is due', async () => {
    await using shop = await createTestShop();
    const { buyer, order } = await placed(shop);
    shop.payments.nothingDue = true;
    const successUrl = 'https://shop.test/thanks/{number}';
    expect(await shop.orders.pay(buyer, { orderId: order.id, successUrl })).toEqual({
      url: `https://shop.test/thanks/${order.number}`,
    });
  });
});
