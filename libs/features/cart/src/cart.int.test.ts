import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@cartwright/platform-mongo';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createCartModel, createCartRepository, createCartService, type CatalogVariant } from './index.ts';

function variant(variantId: string, rest: Partial<CatalogVariant> = {}): CatalogVariant {
  const product = {
    productId: `p-${variantId}`,
    sku: variantId,
    title: variantId,
    slug: variantId,
    image: null,
    options: {},
  };
  const place = { taxClass: 'standard', categoryIds: [], brandId: null };
  return { variantId, ...product, ...place, currency: 'USD', price: 500, available: 100, purchasable: true, ...rest };
}

async function setUp() {
  const db = await testMongo();
  const { mongo } = db;
  const clock = fixedClock(new Date());
  const catalog = new Map<string, CatalogVariant>(['a', 'b', 'c'].map((id) => [id, variant(id)]));
  const model = createCartModel(mongo.connection);
  await mongo.ensureIndexes();
  const carts = createCartService({
    mongo,
    carts: createCartRepository({ carts: model }),
    catalog: { variantsByIds: async (ids) => ids.flatMap((id) => catalog.get(id) ?? []) },
    coupons: {
      evaluate: async ({ code }) => ({
        ok: false,
        reason: code === 'OLD' ? 'COUPON_EXPIRED' : 'COUPON_NOT_FOUND',
        details: undefined,
      }),
    },
    tokens: {
      create: () => randomBytes(16).toString('base64url'),
      hash: (token) => createHash('sha256').update(token).digest('base64url'),
    },
    settings: { currency: 'USD', taxMode: 'exclusive', guestCartSeconds: 86_400, lowStockThreshold: 5 },
    clock,
  });
  const quantities = (view: { lines: { variantId: string; quantity: number }[] }) =>
    Object.fromEntries(view.lines.map((line) => [line.variantId, line.quantity]));
  return { mongo, carts, catalog, model, clock, quantities, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
}

describe('carts', () => {
  it('give a guest a token with the first change, and keep only its hash', async () => {
    await using shop = await setUp();
    const nobody = { cartToken: undefined };
    expect(await shop.carts.get(nobody)).toMatchObject({ version: 0, lines: [] });
    const { cartToken = '', ...view } = await shop.carts.addItem(nobody, { variantId: 'a', quantity: 2 });
    expect(Buffer.from(cartToken, 'base64url').length).toBe(16);
    expect(await shop.carts.get({ cartToken })).toEqual(view);
    const again = await shop.carts.addItem({ cartToken }, { variantId: 'a', quantity: 1 });
    expect(again).toMatchObject({ id: view.id, version: 2 });
    expect(again.cartToken).toBeUndefined();
    const stored = await shop.model.findOne({}).lean();
    expect(JSON.stringify(stored)).not.toContain(cartToken);
    expect(stored?.expiresAt).toEqual(new Date(shop.clock().getTime() + 86_400_000));
  });

  it('never take over an unknown token', async () => {
    await using shop = await setUp();
    const view = await shop.carts.addItem({ cartToken: 'guessed' }, { variantId: 'a', quantity: 1 });
    expect(view.cartToken).toBeDefined();
    expect(view.cartToken).not.toBe('guessed');
    expect((await shop.carts.get({ cartToken: 'guessed' })).lines).toEqual([]);
  });

  it('lose no concurrent change', async () => {
    await using shop = await setUp();
    const actor = { userId: newId() };
    await Promise.all(['a', 'b', 'c', 'a'].map((variantId) => shop.carts.addItem(actor, { variantId, quantity: 1 })));
    const view = await shop.carts.get(actor);
    expect(shop.quantities(view)).toEqual({ a: 2, b: 1, c: 1 });
    expect(view.version).toBe(4);
  });

  it('take a whole list at once', async () => {
    await using shop = await setUp();
    const actor = { userId: newId() };
    const ids = Array.from({ length: 30 }, (_, index) => `list-${index}`);
    for (const id of ids) shop.catalog.set(id, variant(id));
    await Promise.all(ids.map((variantId) => shop.carts.addItem(actor, { variantId, quantity: 1 })));
    expect((await shop.carts.get(actor)).lines.length).toBe(30);
  });

  it('refuse what is not sold, not there, or too much', async () => {
    await using shop = await setUp();
    const actor = { userId: newId() };
    shop.catalog.set('b', variant('b', { purchasable: false }));
    shop.catalog.set('c', variant('c', { available: 3 }));
    const add = (variantId: string, quantity: number) => shop.carts.addItem(actor, { variantId, quantity });
    await expect(add('b', 1)).rejects.toMatchObject({ reason: 'VARIANT_UNAVAILABLE', details: { variantIds: ['b'] } });
    await expect(add('x', 1)).rejects.toMatchObject({ reason: 'VARIANT_UNAVAILABLE' });
    await add('c', 2);
    await expect(add('c', 2)).rejects.toMatchObject({
      details: { lines: [{ variantId: 'c', requested: 4, available: 3 }] },
    });
    await expect(shop.carts.setQuantity(actor, { variantId: 'a', quantity: 1_000 })).rejects.toThrowError(
      'QUANTITY_LIMIT',
    );
    expect(shop.quantities(await shop.carts.get(actor))).toEqual({ c: 2 });
  });

  it('name the reason a coupon is refused for', async () => {
    await using shop = await setUp();
    const actor = { userId: newId() };
    await shop.carts.addItem(actor, { variantId: 'a', quantity: 1 });
    await expect(shop.carts.applyCoupon(actor, 'old')).rejects.toThrowError('COUPON_NOT_FOUND');
    await expect(shop.carts.applyCoupon(actor, 'OLD')).rejects.toThrowError('COUPON_EXPIRED');
    expect((await shop.carts.removeCoupon(actor)).version).toBe(1);
  });

  it('merge once when the guest signs in; the token is void then', async () => {
    await using shop = await setUp();
    const userId = newId();
    await shop.carts.addItem({ userId }, { variantId: 'a', quantity: 1 });
    await shop.carts.addItem({ userId }, { variantId: 'b', quantity: 5 });
    const { cartToken = '' } = await shop.carts.addItem({ cartToken: undefined }, { variantId: 'a', quantity: 4 });
    await shop.carts.addItem({ cartToken }, { variantId: 'b', quantity: 2 });
    await shop.carts.addItem({ cartToken }, { variantId: 'c', quantity: 9 });
    shop.catalog.set('c', variant('c', { available: 3 }));
    const results = await Promise.all([shop.carts.merge(cartToken, userId), shop.carts.merge(cartToken, userId)]);
    expect(results.toSorted()).toEqual([false, true]);
    expect(shop.quantities(await shop.carts.get({ userId }))).toEqual({ a: 4, b: 5, c: 3 });
    expect((await shop.carts.get({ cartToken })).lines).toEqual([]);
    expect(await shop.model.find({}).lean()).toHaveLength(1);
  });

  it('are filled anew with what was bought before, as far as it is there, once', async () => {
    await using shop = await setUp();
    const actor = { userId: newId() };
    await shop.carts.addItem(actor, { variantId: 'a', quantity: 3 });
    shop.catalog.set('b', variant('b', { available: 2, price: 700 }));
    shop.catalog.set('c', variant('c', { purchasable: false }));
    const items = ['a', 'b', 'c', 'gone'].map((variantId) => ({ variantId, quantity: variantId === 'a' ? 1 : 5 }));
    const { cart, short } = await shop.carts.refill(actor, items);
    expect(shop.quantities(cart)).toEqual({ a: 3, b: 2 });
    expect(cart.lines.flatMap(({ notices }) => notices.filter(({ kind }) => kind === 'price_changed'))).toEqual([]);
    expect(short).toEqual(['b', 'c', 'gone']);
    expect((await shop.carts.refill(actor, items)).cart.version).toBe(cart.version);
    const guest = await shop.carts.refill({ cartToken: undefined }, items);
    expect(guest.cart.cartToken).toEqual(expect.any(String));
  });

  it('merge into a user who had none', async () => {
    await using shop = await setUp();
    const userId = newId();
    const { cartToken = '' } = await shop.carts.addItem({ cartToken: undefined }, { variantId: 'a', quantity: 4 });
    expect(await shop.carts.merge(cartToken, userId)).toBe(true);
    expect(shop.quantities(await shop.carts.get({ userId }))).toEqual({ a: 4 });
    expect(await shop.carts.merge('never issued', userId)).toBe(false);
  });
});

describe('what is counted as a cart', () => {
  const item = { variantId: 'a', quantity: 1 };

  async function telling() {
    const shop = await setUp();
    /** What carts tell, and forget by that. */
    const told = async () => {
      const untold = await shop.carts.fillings(10);
      await shop.carts.forgetFillings(untold);
      return untold.flatMap(({ news }) => news);
    };
    const order = async (actor: { userId: string } | { cartToken: string }) => {
      const cart = await shop.carts.forCheckout(actor);
      if (cart) await shop.mongo.transaction((tx) => shop.carts.takeOrdered(cart, tx));
      return cart;
    };
    return { ...shop, told, order };
  }

  it('begins with its first item and is told once, whatever goes in and out of it', async () => {
    await using shop = await telling();
    const actor = { userId: 'u1' };
    await shop.carts.removeItem(actor, 'a');
    expect(await shop.told()).toEqual([]);
    await shop.carts.addItem(actor, item);
    expect(await shop.told()).toMatchObject([{ kind: 'filled', at: shop.clock() }]);
    await shop.carts.clear(actor);
    await shop.carts.addItem(actor, item);
    expect(await shop.told()).toEqual([]);
  });

  it('begins anew once it was ordered, but not when a canceled order puts things back', async () => {
    await using shop = await telling();
    const actor = { userId: 'u1' };
    await shop.carts.addItem(actor, item);
    await shop.order(actor);
    await shop.carts.addItem(actor, item);
    const both = await shop.told();
    expect(both.map(({ kind }) => kind)).toEqual(['filled', 'filled']);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
    await shop.order(actor);
    await shop.mongo.transaction((tx) => shop.carts.restore(actor, { lines: [{ ...item, unitPrice: 1 }] }, tx));
    await shop.carts.addItem(actor, item);
    expect(await shop.told()).toEqual([]);
  });

  it('is one when a guest signs in, whether or not it was told before', async () => {
    for (const isTold of [true, false]) {
      await using shop = await telling();
      const { cartToken = '' } = await shop.carts.addItem({ cartToken: undefined }, item);
      const before = isTold ? await shop.told() : [];
      await shop.carts.merge(cartToken, 'u1');
      await shop.carts.addItem({ userId: 'u1' }, { variantId: 'b', quantity: 1 });
      const all = [...before, ...(await shop.told())];
      expect(all.map(({ kind }) => kind)).toEqual(['filled']);
    }
  });

  it('is one when a guest signs in whose account has things in its cart', async () => {
    await using shop = await telling();
    await shop.carts.addItem({ userId: 'u1' }, item);
    const { cartToken = '' } = await shop.carts.addItem({ cartToken: undefined }, item);
    await shop.carts.merge(cartToken, 'u1');
    const news = await shop.told();
    const filled = new Set(news.filter(({ kind }) => kind === 'filled').map(({ id }) => id));
    const joined = news.filter(({ kind }) => kind === 'joined').map(({ id }) => id);
    expect([filled.size, joined.length]).toEqual([2, 1]);
    expect(filled).toContain(joined[0]);
  });

  it('is told of though the guest took it all out again and signed in', async () => {
    await using shop = await telling();
    const { cartToken = '' } = await shop.carts.addItem({ cartToken: undefined }, item);
    await shop.carts.clear({ cartToken });
    expect(await shop.carts.merge(cartToken, 'u1')).toBe(false);
    expect((await shop.told()).map(({ kind }) => kind)).toEqual(['filled']);
  });

  it('is told again when there was more to tell by the time it was forgotten', async () => {
    await using shop = await telling();
    const actor = { userId: 'u1' };
    await shop.carts.addItem(actor, item);
    const first = await shop.carts.fillings(10);
    await shop.order(actor);
    await shop.carts.addItem(actor, item);
    await shop.carts.forgetFillings(first);
    expect(await shop.told()).toHaveLength(2);
    // Told twice at once: what comes after it is not forgotten with it.
    await shop.order(actor);
    await shop.carts.addItem(actor, item);
    const [one, two] = await Promise.all([shop.carts.fillings(10), shop.carts.fillings(10)]);
    await shop.carts.forgetFillings(one);
    await shop.order(actor);
    await shop.carts.addItem(actor, item);
    await shop.carts.forgetFillings(two);
    expect(await shop.told()).toHaveLength(1);
  });
});
