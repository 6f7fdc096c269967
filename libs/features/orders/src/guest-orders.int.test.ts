import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { orderTokenOf } from './guest-access.ts';
import { createTestShop, reasonOf } from './orders.fixture.ts';

type Shop = Awaited<ReturnType<typeof createTestShop>>;

async function placed(shop: Shop, options: Parameters<Shop['guestReadyToPlace']>[1] = {}) {
  await shop.stockUp('a', 100);
  const ready = await shop.guestReadyToPlace({ a: 2 }, options);
  const { order, orderToken = '' } = await ready.place();
  return { ...ready, order, orderToken, caller: { orderToken } };
}

const cancel = (shop: Shop, caller: { orderToken: string }, input: { orderId: string; restoreCart?: boolean }) =>
  shop.orders.cancel(caller, input, shop.intentOf('orders.cancel', 'order:x', input, newId()));

describe("guests' orders", () => {
  it('are placed from the cart of a token, empty it, and hold stock', async () => {
    await using shop = await createTestShop();
    const { order, buyer } = await placed(shop, { email: 'gast@guest.test' });
    expect(order).toMatchObject({ status: 'pending', email: 'gast@guest.test', isGuest: true });
    expect((await shop.carts.get(buyer)).lines).toEqual([]);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 2 });
  });

  it('need an address, and are not paid on delivery', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { buyer, input, quote } = await shop.guestReadyToPlace({ a: 1 });
    expect(quote.paymentMethods.map(({ id }) => id)).toContain('stripe_checkout');
    await expect(shop.place({ ...buyer, email: undefined }, input)).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
      details: { fields: { email: [expect.any(String)] } },
    });
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
  });

  it('open by their token, and by nothing else', async () => {
    await using shop = await createTestShop();
    const { order, caller } = await placed(shop);
    const other = await placed(shop);
    const orderId = order.id;
    expect((await shop.orders.byId(caller, orderId)).number).toBe(order.number);
    expect((await shop.orders.byNumber(caller, order.number)).id).toBe(orderId);
    expect(await shop.orders.paymentStatus(caller, orderId)).toMatchObject({ paymentStatus: 'unpaid' });
    expect(await shop.orders.pay(caller, { orderId })).toEqual({ url: `https://pay.test/${orderId}` });
    expect(await shop.orders.streamOf(caller, orderId)).toBe(`user:guest-${orderId}`);
    for (const stranger of [
      other.caller,
      { orderToken: 'guessed' },
      { userId: newId() },
      { userId: `guest-${orderId}x` },
    ]) {
      const attempts = [
        shop.orders.byId(stranger, orderId),
        shop.orders.byNumber(stranger, order.number),
        shop.orders.paymentStatus(stranger, orderId),
        shop.orders.pay(stranger, { orderId }),
        shop.orders.streamOf(stranger, orderId),
        shop.orders.requireOwn(stranger, orderId),
        cancel(shop, { orderToken: '', ...stranger }, { orderId }),
      ];
      expect(await Promise.all(attempts.map(reasonOf))).toEqual(attempts.map(() => 'NOT_FOUND'));
    }
    expect(await reasonOf(shop.orders.streamOf(caller, undefined))).toBe('NOT_FOUND');
    const stored = JSON.stringify(await shop.orderRepository.byId(orderId));
    expect(stored).not.toContain(caller.orderToken);
  });

  it('answer a repetition with the same order and token', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { place } = await shop.guestReadyToPlace({ a: 1 });
    const key = newId();
    const results = await Promise.all(Array.from({ length: 10 }, () => place(key, shop.instance())));
    expect(new Set(results.map(({ order, orderToken }) => `${order.id} ${orderToken}`)).size).toBe(1);
    expect(results[0]?.orderToken).toMatch(/^[\w-]{43}$/);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 1 });
  });

  it('are canceled by their token, back into the cart they came from', async () => {
    await using shop = await createTestShop();
    const { order, caller, buyer } = await placed(shop);
    expect(await cancel(shop, caller, { orderId: order.id, restoreCart: true })).toMatchObject({ status: 'canceled' });
    expect((await shop.carts.get(buyer)).lines).toMatchObject([{ variantId: 'a', quantity: 2 }]);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
  });

  it('are bounded by e-mail, however many carts it has, and by network', async () => {
    await using shop = await createTestShop({ maximumPendingOrders: 3, maximumPendingPerNetwork: 5 });
    await shop.stockUp('a', 100);
    const email = 'many@guest.test';
    await (await shop.guestReadyToPlace({ a: 1 }, { email })).place();
    const carts = [];
    for (let index = 0; index < 6; index += 1) {
      // Each of something else: placements of one variant would wait for each other because of it.
      await shop.stockUp(`own-${index}`, 10);
      carts.push(await shop.guestReadyToPlace({ [`own-${index}`]: 1 }, { email, ip: `192.0.2.${index}` }));
    }
    const reasons = await Promise.all(carts.map(({ place }) => reasonOf(place(newId(), shop.instance()))));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(2);
    expect(reasons.filter((reason) => reason === 'TOO_MANY_PENDING_ORDERS')).toHaveLength(4);
    for (let index = 0; index < 5; index += 1) {
      await (await shop.guestReadyToPlace({ a: 1 }, { ip: '2001:db8::1' })).place();
    }
    const next = await shop.guestReadyToPlace({ a: 1 }, { ip: '2001:db8::2' });
    expect(await reasonOf(next.place())).toBe('TOO_MANY_PENDING_ORDERS');
    expect(await reasonOf((await shop.guestReadyToPlace({ a: 1 }, { ip: '2001:db8:1::1' })).place())).toBeUndefined();
  }, 30_000);

  it("use a coupon's limit per customer by e-mail", async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 100);
    await shop.coupons.create({
      ...{ code: 'ONCE', discount: { kind: 'percentage', basisPoints: 1_000 } },
      ...{ includeSaleItems: true, active: true, perCustomerLimit: 1 },
    });
    const email = 'once@guest.test';
    const first = await shop.guestReadyToPlace({ a: 1 }, { email, coupon: 'ONCE' });
    const second = await shop.guestReadyToPlace({ a: 1 }, { email, coupon: 'ONCE' });
    await first.place();
    expect(await reasonOf(second.place())).toBe('COUPON_ALREADY_USED');
    const again = await shop.orders.quote(second.buyer, second.input);
    expect(again.coupon).toEqual({ code: 'ONCE', applied: false, reason: 'COUPON_ALREADY_USED' });
    const other = await shop.guestReadyToPlace({ a: 1 }, { coupon: 'ONCE' });
    expect((await other.place()).order.coupon).toEqual({ code: 'ONCE' });
  });
});

describe('ordering again', () => {
  it("fills the cart with one's own order's lines, and with nobody else's", async () => {
    await using shop = await createTestShop();
    const { order, caller, buyer } = await placed(shop);
    const cart = { cartToken: buyer.cartToken };
    expect(await shop.orders.reorder(caller, order.id, cart)).toMatchObject({ itemCount: 2, missing: [] });
    expect(await reasonOf(shop.orders.reorder({ orderToken: 'guessed' }, order.id, cart))).toBe('NOT_FOUND');
    expect(await reasonOf(shop.orders.reorder({ userId: newId() }, order.id, cart))).toBe('NOT_FOUND');
  });
});

describe('links to orders', () => {
  const ask = async (shop: Shop, number: string, email: string) => {
    const request = { requestId: newId(), number, email };
    await shop.mongo.transaction((tx) => shop.orders.answerLookup(request, tx));
    return shop.mails.findOne({ _id: `order.link:${request.requestId}` });
  };

  it('are asked for alike whatever is there: one event each, and no order is looked at', async () => {
    await using shop = await createTestShop();
    const { order } = await placed(shop, { email: 'gast@guest.test' });
    const before = (await shop.eventTypes()).length;
    for (const [number, email] of [
      [order.number, 'gast@guest.test'],
      [order.number, 'else@guest.test'],
      ['CW-00000000', 'gast@guest.test'],
    ] as const) {
      expect(await shop.orders.lookup({ number, email }, { ip: '192.0.2.1' })).toBeUndefined();
    }
    expect((await shop.eventTypes()).filter((type) => type === 'order.link_requested')).toHaveLength(3);
    expect((await shop.eventTypes()).length).toBe(before + 3);
  });

  it('are mailed to the address of the order alone, and open it beside earlier ones', async () => {
    await using shop = await createTestShop();
    const { order, caller } = await placed(shop, { email: 'gast@guest.test' });
    expect(await ask(shop, order.number, 'else@guest.test')).toBeNull();
    expect(await ask(shop, 'CW-00000000', 'gast@guest.test')).toBeNull();
    const mail = await ask(shop, order.number, 'gast@guest.test');
    expect(mail?.to).toBe('gast@guest.test');
    const orderToken = orderTokenOf(shop.secret, mail?.data.guestSeed ?? '');
    expect(orderToken).not.toBe(caller.orderToken);
    expect((await shop.orders.byId({ orderToken }, order.id)).id).toBe(order.id);
    expect((await shop.orders.byId(caller, order.id)).id).toBe(order.id);
    for (let index = 0; index < 6; index += 1) await ask(shop, order.number, 'gast@guest.test');
    expect(await reasonOf(shop.orders.byId({ orderToken }, order.id))).toBe('NOT_FOUND');
  });

  it("to an account's order say to sign in, and open nothing", async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { order } = await (await shop.readyToPlace({ a: 1 }, { userId: 'ada' })).place();
    expect((await ask(shop, order.number, 'ada@cartwright.test'))?.data.guestSeed).toBeUndefined();
  });
});

describe('claiming', () => {
  it('takes the order into a verified account; its tokens open it no more', async () => {
    await using shop = await createTestShop();
    const { order, orderToken, caller } = await placed(shop);
    const userId = newId();
    expect(await reasonOf(shop.orders.claim({ userId, emailVerified: false }, orderToken))).toBe('EMAIL_NOT_VERIFIED');
    expect(await reasonOf(shop.orders.claim({ userId, emailVerified: true }, 'guessed'))).toBe('NOT_FOUND');
    expect(await shop.orders.claim({ userId, emailVerified: true }, orderToken)).toBe(order.id);
    expect(await shop.orders.byId({ userId }, order.id)).toMatchObject({ isGuest: false, email: order.email });
    expect((await shop.orders.list(userId, { limit: 10 })).items.map(({ id }) => id)).toEqual([order.id]);
    expect(await reasonOf(shop.orders.byId(caller, order.id))).toBe('NOT_FOUND');
    expect(await reasonOf(shop.orders.claim({ userId: newId(), emailVerified: true }, orderToken))).toBe('NOT_FOUND');
  });

  it('is told to nobody who repeats the placing', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('a', 10);
    const { place } = await shop.guestReadyToPlace({ a: 1 });
    const key = newId();
    const { orderToken = '' } = await place(key);
    await shop.orders.claim({ userId: newId(), emailVerified: true }, orderToken);
    expect(await reasonOf(place(key))).toBe('NOT_FOUND');
  });

  it('is done by one of many who hold the token', async () => {
    await using shop = await createTestShop();
    const { orderToken } = await placed(shop);
    const claims = Array.from({ length: 5 }, () =>
      shop.orders.claim({ userId: newId(), emailVerified: true }, orderToken),
    );
    const reasons = await Promise.all(claims.map(reasonOf));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(1);
  });
});
