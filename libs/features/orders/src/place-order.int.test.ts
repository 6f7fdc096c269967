import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';

describe('placing an order', () => {
  it('writes order, stock, events and record together, and empties the cart', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { buyer, quote, place } = await shop.readyToPlace({ a: 2 });
    const { order, payment } = await place();
    expect(order).toMatchObject({ status: 'pending', paymentStatus: 'unpaid', total: quote.pricing.total, version: 1 });
    expect(order.number).toMatch(/^CW-[0-9A-Z]{8}$/);
    expect(order.total.amount).toBe(2_000 + 599 + 260);
    expect(payment.url).toBe(`https://pay.test/${order.id}`);
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 2, moved: { onHand: 10, reserved: 2 } });
    expect((await shop.carts.get(buyer)).lines).toEqual([]);
    expect(await shop.eventTypes()).toEqual(['order.placed', 'stock.changed']);
    expect(await shop.orders.byNumber(buyer, order.number)).toEqual(order);
  });

  it('sells 50 pieces to 200 buyers exactly 50 times', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('hot', 50);
    const buyers = [];
    for (let index = 0; index < 200; index += 1) buyers.push(await shop.readyToPlace({ hot: 1 }));
    const reasons = await Promise.all(buyers.map(({ place }) => reasonOf(place())));
    const count = (reason: unknown) => reasons.filter((candidate) => candidate === reason).length;
    expect({ sold: count(undefined), refused: count('OUT_OF_STOCK') }).toEqual({ sold: 50, refused: 150 });
    expect(await shop.stockOf('hot')).toEqual({ onHand: 50, reserved: 50, moved: { onHand: 50, reserved: 50 } });
    expect((await shop.orderRepository.page({}, 500)).length).toBe(50);
  }, 60_000);

  it('sells exactly what is there over several processes', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('hot', 15);
    const processes = [shop.orders, shop.instance(), shop.instance()];
    const buyers = [];
    for (let index = 0; index < 45; index += 1) buyers.push(await shop.readyToPlace({ hot: 1 }));
    const reasons = await Promise.all(
      buyers.map(({ place }, index) => reasonOf(place(newId(), processes[index % processes.length]))),
    );
    expect(reasons.filter((reason) => reason === undefined).length).toBe(15);
    expect(reasons.filter((reason) => reason === 'OUT_OF_STOCK').length).toBe(30);
    expect(await shop.stockOf('hot')).toEqual({ onHand: 15, reserved: 15, moved: { onHand: 15, reserved: 15 } });
  }, 60_000);

  it('makes one order of 50 concurrent calls with one key', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    const { place, input, buyer } = await shop.readyToPlace({ a: 1 });
    const key = newId();
    const processes = [shop.orders, shop.instance()];
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => place(key, processes[index % 2])));
    expect(new Set(results.map(({ order }) => order.id)).size).toBe(1);
    expect((await shop.stockOf('a')).reserved).toBe(1);
    expect(await place(key)).toEqual(results[0]);
    expect(await reasonOf(shop.place(buyer, { ...input, note: 'Other' }, key))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it("does not know another user's key", async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const key = newId();
    const [first, second] = [await shop.readyToPlace({ a: 1 }), await shop.readyToPlace({ a: 1 })];
    expect((await first.place(key)).order.id).not.toBe((await second.place(key)).order.id);
  });

  it('draws another number when the first belongs to another order', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    let draws = 0;
    const service = shop.instance((length) => Buffer.alloc(length, (draws += 1) <= 2 ? 7 : 8));
    const orders = [];
    for (let index = 0; index < 2; index += 1) {
      const { place } = await shop.readyToPlace({ a: 1 });
      orders.push((await place(newId(), service)).order);
    }
    expect(new Set(orders.map(({ number }) => number)).size).toBe(2);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 2, moved: { reserved: 2 } });
  });

  it('refuses with the new quote when the price changed, and frees the key', async () => {
    await using shop = await createTestShop();
    const variant = await shop.stockUp('a', 10);
    const { buyer, input, place } = await shop.readyToPlace({ a: 1 });
    shop.catalog.set('a', { ...variant, price: 1_500 });
    const key = newId();
    const fresh = await shop.orders.quote(buyer, input);
    await expect(place(key)).rejects.toMatchObject({ reason: 'PRICE_CHANGED', details: { quote: fresh } });
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0, moved: { reserved: 0 } });
    const { order } = await shop.place(buyer, { ...input, quoteHash: fresh.quoteHash }, key);
    expect(order.lines[0]?.unitPrice.amount).toBe(1_500);
  });

  it('says what is available when it is not enough', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 3);
    const first = await shop.readyToPlace({ a: 2 });
    const second = await shop.readyToPlace({ a: 2 });
    await first.place();
    await expect(second.place()).rejects.toMatchObject({
      reason: 'OUT_OF_STOCK',
      details: { lines: [{ variantId: 'a', requested: 2, available: 1 }] },
    });
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 2 });
  });

  it('changes nothing when one of several lines is gone', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 5);
    await shop.stockUp('b', 1);
    const late = await shop.readyToPlace({ a: 1, b: 1 });
    await (await shop.readyToPlace({ b: 1 })).place();
    await expect(late.place()).rejects.toMatchObject({
      details: { lines: [{ variantId: 'b', requested: 1, available: 0 }] },
    });
    expect(await shop.stockOf('a')).toEqual({ onHand: 5, reserved: 0, moved: { onHand: 5, reserved: 0 } });
  });

  it('refuses a cart that has moved on, and an empty one', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { buyer, place } = await shop.readyToPlace({ a: 1 });
    await shop.carts.addItem(buyer, { variantId: 'a', quantity: 1 });
    await expect(place()).rejects.toMatchObject({ reason: 'CART_CHANGED', details: { cartVersion: 2 } });
    await shop.carts.clear(buyer);
    expect(
      await reasonOf(
        shop.orders.quote(buyer, { shippingAddress: { name: '', line1: '', city: '', postalCode: '', country: 'US' } }),
      ),
    ).toBe('CART_EMPTY');
  });

  it('confirms cash on delivery at once, without clocks and payment page', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { place } = await shop.readyToPlace({ a: 1 }, { paymentMethod: 'cash_on_delivery' });
    const { order, payment } = await place();
    expect(payment).toEqual({});
    expect(order.expiresAt).toBeUndefined();
    expect(shop.payments.started).toEqual([]);
  });

  it('keeps the order when the payment page cannot be made, and goes on with pay', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { buyer, place } = await shop.readyToPlace({ a: 1 });
    shop.payments.failing = true;
    const { order, payment } = await place();
    expect(payment).toEqual({});
    shop.payments.failing = false;
    expect(await shop.orders.pay(buyer, { orderId: order.id })).toEqual({ url: `https://pay.test/${order.id}` });
  });

  it('bounds orders that wait for money', async () => {
    await using shop = await createTestShop({ maximumPendingOrders: 2 });
    await shop.stockUp('a', 10);
    const userId = newId();
    for (let index = 0; index < 2; index += 1) await (await shop.readyToPlace({ a: 1 }, { userId })).place();
    await expect((await shop.readyToPlace({ a: 1 }, { userId })).place()).rejects.toMatchObject({
      reason: 'TOO_MANY_PENDING_ORDERS',
      details: { maximum: 2, waitingFor: 'payment' },
    });
    expect((await shop.stockOf('a')).reserved).toBe(2);
  });

  it('bounds cash orders that nobody prepares yet, at ten times as many as may wait for money', async () => {
    await using shop = await createTestShop({ maximumPendingOrders: 1 });
    await shop.stockUp('a', 20);
    const userId = newId();
    const next = async (paymentMethod: 'stripe_checkout' | 'cash_on_delivery') =>
      (await shop.readyToPlace({ a: 1 }, { userId, paymentMethod })).place();
    const { order } = await next('cash_on_delivery');
    for (let count = 1; count < 10; count += 1) await next('cash_on_delivery');
    await next('stripe_checkout');
    await expect(next('cash_on_delivery')).rejects.toMatchObject({
      reason: 'TOO_MANY_PENDING_ORDERS',
      details: { maximum: 10, waitingFor: 'preparation' },
    });
    expect(await reasonOf(next('stripe_checkout'))).toBe('TOO_MANY_PENDING_ORDERS');
    expect((await shop.stockOf('a')).reserved).toBe(11);
    await shop.office.fulfilment.startProcessing(order.id, 'clerk');
    await next('cash_on_delivery');
    expect(await reasonOf(next('cash_on_delivery'))).toBe('TOO_MANY_PENDING_ORDERS');
  });

  it('returns only to allowed places', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { buyer, input } = await shop.readyToPlace({ a: 1 });
    const to = (successUrl: string) => reasonOf(shop.place(buyer, { ...input, successUrl }));
    expect(await to('https://evil.test/')).toBe('RETURN_URL_NOT_ALLOWED');
    expect(await to('https://shop.test@evil.test/')).toBe('RETURN_URL_NOT_ALLOWED');
    expect(await to('https://shop.test/thanks')).toBeUndefined();
  });
});

describe('coupons of orders', () => {
  const coupon = {
    code: 'TEN',
    discount: { kind: 'percentage', basisPoints: 1_000 },
    includeSaleItems: true,
    active: true,
  } as const;

  it('are redeemed up to their limit by however many racers', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    await shop.coupons.create({ ...coupon, totalLimit: 10 });
    const buyers = [];
    for (let index = 0; index < 40; index += 1) buyers.push(await shop.readyToPlace({ a: 1 }, { coupon: 'ten' }));
    const reasons = await Promise.all(buyers.map(({ place }) => reasonOf(place())));
    expect(reasons.filter((reason) => reason === undefined).length).toBe(10);
    expect(reasons.filter((reason) => reason === 'COUPON_LIMIT_REACHED').length).toBe(30);
    expect((await shop.couponRepository.byCode('TEN'))?.redeemed).toBe(10);
    expect((await shop.stockOf('a')).reserved).toBe(10);
  }, 60_000);

  it('are used by a customer as often as allowed, and given back by a cancel', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    await shop.coupons.create({ ...coupon, perCustomerLimit: 1 });
    const userId = newId();
    const { order } = await (await shop.readyToPlace({ a: 1 }, { userId, coupon: 'TEN' })).place();
    expect(order).toMatchObject({ coupon: { code: 'TEN' }, total: { amount: 900 + 599 + 150 } });
    await expect(shop.readyToPlace({ a: 1 }, { userId, coupon: 'TEN' })).rejects.toMatchObject({
      reason: 'COUPON_ALREADY_USED',
    });
    await shop.cancel(userId, { orderId: order.id });
    expect((await shop.couponRepository.byCode('TEN'))?.redeemed).toBe(0);
    expect((await (await shop.readyToPlace({ a: 1 }, { userId, coupon: 'TEN' })).place()).order.coupon).toEqual({
      code: 'TEN',
    });
  });

  it('name their reason when they end between quote and order', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    const { id } = await shop.coupons.create(coupon);
    const { place } = await shop.readyToPlace({ a: 1 }, { coupon: 'TEN' });
    await shop.coupons.setActive(id, false);
    expect(await reasonOf(place())).toBe('COUPON_INACTIVE');
  });

  it('that the buyer knew not to count are not the reason when a price changed', async () => {
    await using shop = await createTestShop();
    const variant = await shop.stockUp('a', 100);
    const { id } = await shop.coupons.create(coupon);
    const { buyer, input } = await shop.readyToPlace({ a: 1 }, { coupon: 'TEN' });
    await shop.coupons.setActive(id, false);
    const seen = await shop.orders.quote(buyer, input);
    expect(seen.coupon).toEqual({ code: 'TEN', applied: false, reason: 'COUPON_INACTIVE' });
    shop.catalog.set('a', { ...variant, price: 1_500 });
    const fresh = await shop.orders.quote(buyer, input);
    const place = (quoteHash: string) => shop.place(buyer, { ...input, quoteHash });
    await expect(place(seen.quoteHash)).rejects.toMatchObject({ reason: 'PRICE_CHANGED', details: { quote: fresh } });
    expect((await place(fresh.quoteHash)).order.coupon).toBeUndefined();
  });
});
