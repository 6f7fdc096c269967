import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';
import type { PlaceOrderInput } from './orders.contracts.ts';

type Shop = Awaited<ReturnType<typeof createTestShop>>;

const CASH = { paymentMethod: 'cash_on_delivery' } as const;

/** A shop with an order of three of one thing and one of another, which is paid unless it is to be paid on delivery. */
async function order(rest: Partial<PlaceOrderInput> & { coupon?: string } = {}) {
  const shop = await createTestShop();
  const discount = { kind: 'percentage', basisPoints: 1_000 } as const;
  if (rest.coupon) await shop.coupons.create({ code: rest.coupon, discount, includeSaleItems: true, active: true });
  await shop.stockUp('a', 10);
  await shop.stockUp('b', 10);
  const ready = await shop.readyToPlace({ a: 3, b: 1 }, rest);
  const { order: placed } = await ready.place();
  if (rest.paymentMethod !== 'cash_on_delivery') await shop.capture(placed);
  const lineOf = (variantId: string) => placed.lines.find((line) => line.variantId === variantId)?.lineId ?? '';
  return { shop, orderId: placed.id, userId: ready.buyer.userId, a: lineOf('a'), b: lineOf('b') };
}

const desk = (shop: Shop, orderId: string) => {
  const { fulfilment, desk: office } = shop.office;
  const pieces = (lines: Record<string, number>) =>
    Object.entries(lines).map(([lineId, quantity]) => ({ lineId, quantity }));
  return {
    start: () => fulfilment.startProcessing(orderId, 'clerk'),
    ship: (lines?: Record<string, number>, key = newId()) => {
      const parcel = { orderId, carrier: 'DHL', trackingNumber: 'JD01', ...(lines && { lines: pieces(lines) }) };
      return fulfilment.ship(parcel, 'clerk', shop.staffIntent('admin.orders.ship', parcel, key));
    },
    deliver: (shipmentId?: string) => fulfilment.markDelivered({ orderId, shipmentId }, 'clerk'),
    takeBack: (lines: Record<string, number>, restock = true, key = newId()) => {
      const back = { orderId, lines: pieces(lines), restock };
      return fulfilment.markReturned(back, 'clerk', shop.staffIntent('admin.orders.markReturned', back, key));
    },
    payCash: (key = newId()) =>
      fulfilment.recordPayment(orderId, 'clerk', shop.staffIntent('admin.orders.recordPayment', { orderId }, key)),
    cancel: (isUnlimited = true, key = newId()) => {
      const input = { orderId, reason: 'Asked for' };
      const intent = shop.staffIntent('admin.orders.cancel', input, key);
      return office.cancel(input, { userId: 'clerk', isUnlimited }, intent);
    },
  };
};

describe('sending an order', () => {
  it('takes the goods out of the house, in parcels, until it is delivered', async () => {
    const { shop, orderId, userId, a, b } = await order();
    await using _shop = shop;
    const { start, ship, deliver } = desk(shop, orderId);
    expect(await reasonOf(ship())).toBe('ILLEGAL_TRANSITION');
    expect(await start()).toMatchObject({ fulfillmentStatus: 'processing' });

    const first = await ship({ [a]: 2 });
    expect(first).toMatchObject({
      fulfillmentStatus: 'shipped',
      shipments: [{ carrier: 'DHL', trackingNumber: 'JD01' }],
    });
    expect(first.lines.map(({ progress }) => [progress.open, progress.shipped])).toEqual([
      [1, 2],
      [1, 0],
    ]);
    expect(await shop.stockOf('a')).toEqual({ onHand: 8, reserved: 1, moved: { onHand: 8, reserved: 1 } });
    expect(await reasonOf(ship({ [a]: 2 }))).toBe('QUANTITY_EXCEEDED');
    expect(await reasonOf(ship({ nobody: 1 }))).toBe('INVALID_INPUT');

    expect(await deliver()).toMatchObject({ fulfillmentStatus: 'shipped' });
    expect(await shop.orders.hasReceived(userId, 'product-a')).toBe(true);
    expect(await shop.orders.hasReceived(userId, 'product-b')).toBe(false);

    const second = await ship();
    expect(second.shipments.map(({ lines }) => lines)).toEqual([
      [{ lineId: a, quantity: 2 }],
      [
        { lineId: a, quantity: 1 },
        { lineId: b, quantity: 1 },
      ],
    ]);
    expect(await reasonOf(ship())).toBe('ILLEGAL_TRANSITION');
    expect(await reasonOf(deliver('nobody'))).toBe('NOT_FOUND');
    expect(await deliver(second.shipments[1]?.id)).toMatchObject({
      fulfillmentStatus: 'delivered',
      actions: ['markReturned', 'refund'],
    });
    expect(await reasonOf(deliver())).toBe('ILLEGAL_TRANSITION');
    expect(await shop.orders.hasReceived(userId, 'product-b')).toBe(true);
    expect(await shop.stockOf('a')).toEqual({ onHand: 7, reserved: 0, moved: { onHand: 7, reserved: 0 } });
    const types = await shop.eventTypes();
    expect(types.filter((type) => type === 'order.shipped')).toHaveLength(2);
    expect(types.filter((type) => type === 'order.delivered')).toHaveLength(1);
  });

  it('of one intent happens once', async () => {
    const { shop, orderId, a } = await order();
    await using _shop = shop;
    const { start, ship } = desk(shop, orderId);
    await start();
    const key = newId();
    await Promise.all(Array.from({ length: 8 }, () => ship({ [a]: 1 }, key)));
    expect((await shop.orders.load(orderId)).shipments).toHaveLength(1);
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 9, reserved: 2 });
  });

  it('never sends more than was ordered, several clerks at once', async () => {
    const { shop, orderId, a } = await order();
    await using _shop = shop;
    const { start, ship } = desk(shop, orderId);
    await start();
    const reasons = await Promise.all(Array.from({ length: 6 }, () => reasonOf(ship({ [a]: 1 }))));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(3);
    expect(new Set(reasons)).toEqual(new Set([undefined, 'QUANTITY_EXCEEDED']));
    expect(await shop.stockOf('a')).toEqual({ onHand: 7, reserved: 0, moved: { onHand: 7, reserved: 0 } });
  });

  it('takes stock for an order that holds none, or says what is gone', async () => {
    const { shop, orderId } = await order();
    await using _shop = shop;
    const { start } = desk(shop, orderId);
    const seen = await shop.orders.load(orderId);
    await shop.mongo.transaction(async (tx) => {
      await shop.stock.release(seen.lines, { source: 'order', sourceId: orderId }, tx);
      await shop.orderRepository.save({ ...seen, hold: 'missing', version: seen.version + 1 }, tx);
    });
    const count = (onHand: number) => {
      const counted = { variantId: 'a', onHand, reason: 'Counted', by: 'clerk' };
      return shop.stock.setStock(counted, shop.staffIntent('admin.products.setStock', counted));
    };
    await count(2);
    expect(await reasonOf(start())).toBe('OUT_OF_STOCK');
    await count(3);
    await start();
    expect(await shop.stockOf('a')).toEqual({ onHand: 3, reserved: 3, moved: { onHand: 3, reserved: 3 } });
  });
});

describe('goods that come back', () => {
  it('go on the shelf again once, and the order is returned with the last of them', async () => {
    const { shop, orderId, userId, a, b } = await order();
    await using _shop = shop;
    const { start, ship, deliver, takeBack } = desk(shop, orderId);
    expect(await reasonOf(takeBack({ [a]: 1 }))).toBe('ILLEGAL_TRANSITION');
    await start();
    await ship();
    await deliver();
    const key = newId();
    await takeBack({ [a]: 1 }, true, key);
    expect(await takeBack({ [a]: 1 }, true, key)).toMatchObject({ fulfillmentStatus: 'delivered' });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 8, reserved: 0 });
    expect(await reasonOf(takeBack({ [a]: 3 }))).toBe('QUANTITY_EXCEEDED');
    expect(await takeBack({ [a]: 2, [b]: 1 }, false)).toMatchObject({
      fulfillmentStatus: 'returned',
      actions: ['refund'],
    });
    expect(await shop.stockOf('a')).toEqual({ onHand: 8, reserved: 0, moved: { onHand: 8, reserved: 0 } });
    expect(await shop.orders.hasReceived(userId, 'product-a')).toBe(false);
  });
});

describe('a line in two parcels', () => {
  it('is delivered when one parcel arrived and the other came back', async () => {
    const { shop, orderId, a, b } = await order();
    await using _shop = shop;
    const { start, ship, deliver, takeBack } = desk(shop, orderId);
    await start();
    const { shipments } = await ship({ [a]: 2, [b]: 1 });
    await deliver(shipments[0]?.id);
    await ship({ [a]: 1 });
    expect(await takeBack({ [a]: 1 })).toMatchObject({ fulfillmentStatus: 'delivered' });
    expect((await shop.eventTypes()).filter((type) => type === 'order.delivered')).toHaveLength(1);
  });

  it('whose delivered piece came back unasked lets the other parcel arrive', async () => {
    const { shop, orderId, userId, a, b } = await order();
    await using _shop = shop;
    const { start, ship, deliver, takeBack } = desk(shop, orderId);
    await start();
    const { shipments } = await ship({ [a]: 2, [b]: 1 });
    await deliver(shipments[0]?.id);
    const { shipments: both } = await ship({ [a]: 1 });
    const back = await takeBack({ [a]: 1 });
    expect(back).toMatchObject({ fulfillmentStatus: 'delivered' });
    expect(back.actions).toContain('markDelivered');
    shop.clock.advance(1_000);
    const arrived = await deliver(both[1]?.id);
    expect(arrived).toMatchObject({ fulfillmentStatus: 'delivered' });
    expect(arrived.shipments[1]?.deliveredAt).toEqual(shop.clock());
    expect(arrived.actions).not.toContain('markDelivered');
    expect(await reasonOf(deliver())).toBe('ILLEGAL_TRANSITION');
    expect((await shop.orders.byId({ userId }, orderId)).timeline.at(-1)?.text).toBe('Parcel delivered');
    expect((await shop.eventTypes()).filter((type) => type === 'order.delivered')).toHaveLength(1);
  });

  it('is on its way while what came back is what its buyer asked to send back', async () => {
    const { shop, orderId, userId, a, b } = await order();
    await using _shop = shop;
    const { start, ship, deliver, takeBack } = desk(shop, orderId);
    await start();
    const { shipments } = await ship({ [a]: 2, [b]: 1 });
    await deliver(shipments[0]?.id);
    const wanted = { orderId, lines: [{ lineId: a, quantity: 1 }], reason: 'Too small' };
    const { returns } = shop.office;
    const intent = shop.intentOf('orders.requestReturn', `user:${userId}`, wanted, newId());
    await returns.requestReturn({ userId }, wanted, intent);
    const requestId = (await shop.orders.load(orderId)).returnRequests?.[0]?.id ?? '';
    await returns.answerReturn({ orderId, requestId, accept: true }, 'clerk');
    await ship({ [a]: 1 });
    shop.clock.advance(1_000);
    expect(await takeBack({ [a]: 1 })).toMatchObject({ fulfillmentStatus: 'shipped' });
    expect(await deliver()).toMatchObject({ fulfillmentStatus: 'delivered' });
  });
});

describe('an order paid on delivery', () => {
  it('is paid with the cash that staff enter, once', async () => {
    const { shop, orderId } = await order(CASH);
    await using _shop = shop;
    const { start, ship, payCash } = desk(shop, orderId);
    await start();
    await ship();
    const key = newId();
    expect(await payCash(key)).toMatchObject({ status: 'paid', paymentStatus: 'paid', fulfillmentStatus: 'shipped' });
    expect(await payCash(key)).toMatchObject({ status: 'paid' });
    expect(await reasonOf(payCash())).toBe('ORDER_NOT_PAYABLE');
    const [last] = (await shop.office.desk.timeline(orderId)).items.slice(-1);
    expect(last).toMatchObject({ kind: 'order.paid', by: 'staff', actor: { id: 'clerk', name: 'Ada Buyer' } });
  });

  it('that is refused is canceled as undeliverable when it is back, all stock and its coupon where they were', async () => {
    const coupon = 'TENTH';
    const { shop, orderId, a } = await order({ ...CASH, coupon });
    await using _shop = shop;
    const { start, ship, takeBack, cancel } = desk(shop, orderId);
    const uses = async () => (await shop.couponRepository.byCode(coupon))?.redeemed;
    await start();
    await ship({ [a]: 2 });
    await ship({ [a]: 1 });
    expect(await reasonOf(cancel())).toBe('ORDER_NOT_CANCELABLE');
    expect(await takeBack({ [a]: 2 })).toMatchObject({ status: 'pending', fulfillmentStatus: 'shipped' });
    expect(await uses()).toBe(1);
    const { version } = await shop.orders.load(orderId);
    const key = newId();
    const canceled = { status: 'canceled', cancelReason: 'undeliverable', fulfillmentStatus: 'returned', actions: [] };
    expect(await takeBack({ [a]: 1 }, true, key)).toMatchObject({ ...canceled, version: version + 1 });
    expect(await takeBack({ [a]: 1 }, true, key)).toMatchObject({ ...canceled, version: version + 1 });
    expect(await uses()).toBe(0);
    expect((await shop.eventTypes()).filter((type) => type === 'order.canceled')).toHaveLength(1);
    const { items } = await shop.office.desk.timeline(orderId);
    expect(items.slice(-2)).toMatchObject([
      { kind: 'order.returned', actor: { id: 'clerk' } },
      { kind: 'order.canceled', actor: { id: 'clerk' } },
    ]);
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
    expect(await shop.stockOf('b')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
  });
});

describe('an order paid on delivery that arrived and came back', () => {
  it('is for staff to decide: its cash may have been taken', async () => {
    const { shop, orderId, a, b } = await order(CASH);
    await using _shop = shop;
    const { start, ship, deliver, takeBack, cancel } = desk(shop, orderId);
    await start();
    await ship();
    await deliver();
    expect(await takeBack({ [a]: 3, [b]: 1 })).toMatchObject({
      ...{ status: 'pending', fulfillmentStatus: 'returned', actions: ['recordPayment', 'cancel'] },
    });
    expect(await cancel()).toMatchObject({ status: 'canceled', cancelReason: 'undeliverable' });
  });
});

describe('canceling by the shop', () => {
  it('of an unpaid order is done at once', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { order: placed } = await (await shop.readyToPlace({ a: 2 })).place();
    const { cancel } = desk(shop, placed.id);
    shop.payments.outcome = 'completed';
    expect(await reasonOf(cancel())).toBe('ORDER_NOT_CANCELABLE');
    shop.payments.outcome = 'closed';
    const key = newId();
    expect(await cancel(true, key)).toMatchObject({ status: 'canceled', cancelReason: 'admin' });
    expect(await cancel(true, key)).toMatchObject({ status: 'canceled' });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 10, reserved: 0 });
  });

  it('of a paid order gives all of it back first, sends nothing meanwhile, and then is done', async () => {
    const { shop, orderId } = await order();
    await using _shop = shop;
    const { start, cancel } = desk(shop, orderId);
    expect(await reasonOf(cancel(false))).toBe('REFUND_LIMIT_EXCEEDED');
    const asked = await cancel();
    expect(asked).toMatchObject({ status: 'paid', isBeingCanceled: true, refundable: { amount: 0 } });
    expect(await reasonOf(start())).toBe('ILLEGAL_TRANSITION');
    expect(await reasonOf(cancel())).toBe('ORDER_NOT_CANCELABLE');

    const [failing] = asked.refunds;
    await shop.settleRefund(orderId, failing?.id ?? '', 'failed');
    expect(await shop.orders.admin.byId(orderId)).toMatchObject({ status: 'paid', actions: ['refund', 'cancel'] });
    const again = await cancel();
    await shop.settleRefund(orderId, again.refunds.at(-1)?.id ?? '', 'succeeded');
    const done = await shop.orders.admin.byId(orderId);
    expect(done).toMatchObject({
      status: 'canceled',
      paymentStatus: 'refunded',
      cancelReason: 'admin',
      isBeingCanceled: false,
      actions: [],
    });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
    expect((await shop.eventTypes()).filter((type) => type === 'order.canceled')).toHaveLength(1);
  });

  it('of a sent order is refused', async () => {
    const { shop, orderId, a } = await order();
    await using _shop = shop;
    const { start, ship, cancel } = desk(shop, orderId);
    await start();
    await ship({ [a]: 1 });
    expect(await reasonOf(cancel())).toBe('ORDER_NOT_CANCELABLE');
  });
});

describe('the desk', () => {
  it('keeps notes that buyers never see, and names who did what', async () => {
    const { shop, orderId, userId } = await order();
    await using _shop = shop;
    await desk(shop, orderId).start();
    await shop.office.desk.note({ orderId, text: 'Called them' }, 'clerk');
    const { items } = await shop.office.desk.timeline(orderId);
    expect(items.slice(-2)).toMatchObject([
      { kind: 'order.processing', by: 'staff', actor: { id: 'clerk', name: 'Ada Buyer' } },
      { kind: 'order.note', detail: 'Called them' },
    ]);
    const seen = JSON.stringify(await shop.orders.byId({ userId }, orderId));
    expect(seen).not.toContain('Called them');
    expect(seen).not.toContain('clerk');
    expect(seen).not.toContain('order.note');
  });

  it('takes many orders one step further, and says which could not go', async () => {
    const { shop, orderId } = await order();
    await using _shop = shop;
    const input = { orderIds: [orderId, 'nobody', orderId], action: 'startProcessing' as const };
    expect(await shop.office.desk.bulk(input, 'clerk')).toEqual({
      results: [
        { orderId, ok: true },
        { orderId: 'nobody', ok: false, reason: 'NOT_FOUND' },
      ],
    });
    const again = { orderIds: [orderId], action: 'startProcessing' as const };
    expect(await shop.office.desk.bulk(again, 'clerk')).toMatchObject({ results: [{ reason: 'ILLEGAL_TRANSITION' }] });
  });
});
