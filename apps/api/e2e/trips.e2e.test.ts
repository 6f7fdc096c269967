import type { AppRouter } from '@cartwright/app-router';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const CATEGORY = 'things';
const MANY = 25;
/** Read whole and remembered for half a second: whether they are read again depends on the moment. */
const REMEMBERED = new Set(['categories', 'brands']);

type Caller = ReturnType<AppRouter['createCaller']>;

let shop: TestShop;
let caller: Caller;
/** A product. */
let id: string;
const reads: string[] = [];
const commands: string[] = [];

beforeAll(async () => {
  shop = await createTestShop({
    apis: 0,
    products: Array.from({ length: MANY }, (_, number) => ({ slug: `lamp-${number}`, title: `Lamp ${number}` })),
  });
  const { id: userId } = await shop.inside.services.accounts.createCustomer({
    ...{ email: 'trips@example.test', password: 'correct horse battery', name: 'Trips' },
  });
  caller = shop.inside.router.createCaller({
    ...{ requestId: 'r', ip: '198.51.100.7', userAgent: '', transport: 'http' },
    authenticate: () =>
      Promise.resolve({ userId, sessionId: 's', role: 'customer', emailVerified: true, stepUpUntil: null }),
    audit: shop.inside.audit,
    logger: shop.inside.logger,
  });
  await vi.waitFor(async () => expect((await caller.search.products({ query: 'lamp' })).facets).not.toBeNull(), {
    timeout: 30_000,
  });
  for (const variantId of shop.variants.values()) await caller.cart.addItem({ variantId, quantity: 1 });
  const { items } = await caller.catalog.products.list({ limit: MANY });
  for (const product of items) await caller.wishlist.add({ productId: product.id });
  id = items[0]?.id ?? '';

  mongoose.set('debug', (collection: string) => reads.push(collection));
  const send = Redis.prototype.sendCommand;
  vi.spyOn(Redis.prototype, 'sendCommand').mockImplementation(function count(this: Redis, command, stream) {
    if (command.name !== 'ping') commands.push(command.name);
    return send.call(this, command, stream);
  });
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  mongoose.set('debug', false);
  await shop[Symbol.asyncDispose]();
});

/** How often a call goes to MongoDB, by collection, and to Redis. */
async function tripsOf(call: () => Promise<unknown>): Promise<{ mongo: Record<string, number>; redis: number }> {
  reads.length = 0;
  commands.length = 0;
  await call();
  const mongo: Record<string, number> = {};
  for (const name of reads) if (!REMEMBERED.has(name)) mongo[name] = (mongo[name] ?? 0) + 1;
  return { mongo, redis: commands.length };
}

describe('how often a call goes to a store, however much it answers', () => {
  it.each<[string, { mongo: Record<string, number>; redis: number }, (limit: number) => Promise<unknown>]>([
    ['a product', { mongo: { products: 1 }, redis: 0 }, () => caller.catalog.products.bySlug({ slug: 'lamp-1' })],
    [
      'a list that MongoDB answers',
      { mongo: { products: 1 }, redis: 0 },
      (limit) => caller.catalog.products.list({ category: CATEGORY, inStock: true, sort: 'price_asc', limit }),
    ],
    [
      'a list that the index answers',
      { mongo: { products: 1 }, redis: 1 },
      (limit) => caller.catalog.products.list({ priceMax: 5_000, minRating: 0, limit }),
    ],
    [
      'a search with facets, counted for its limit',
      { mongo: { products: 1 }, redis: 2 },
      (limit) => caller.search.products({ query: 'lamp', category: CATEGORY, limit }),
    ],
    [
      'a list with facets, counted for its limit',
      { mongo: { products: 1 }, redis: 2 },
      (limit) => caller.search.products({ query: '', sort: 'price_desc', limit }),
    ],
    [
      'suggestions, counted for their limit',
      { mongo: { products: 1 }, redis: 2 },
      () => caller.search.suggest({ prefix: 'la' }),
    ],
    ['brands', { mongo: {}, redis: 0 }, () => caller.catalog.brands.list()],
    ['a category', { mongo: {}, redis: 0 }, () => caller.catalog.categories.bySlug({ slug: CATEGORY })],
    [
      'related products: the product, its pairs, and one list of its category',
      { mongo: { products: 2, bought_together: 1 }, redis: 0 },
      (limit) => caller.catalog.products.related({ productId: id, limit: Math.min(limit, 12) }),
    ],
    [
      'reviews, and how many stars they gave',
      { mongo: { reviews: 2 }, redis: 0 },
      (limit) => caller.reviews.list({ productId: id, limit }),
    ],
    ['a wishlist', { mongo: { wishlists: 1, products: 1 }, redis: 0 }, (limit) => caller.wishlist.list({ limit })],
    ['a cart of many lines', { mongo: { carts: 1, products: 1 }, redis: 0 }, () => caller.cart.get()],
    ['orders', { mongo: { orders: 1 }, redis: 0 }, (limit) => caller.orders.list({ limit })],
    ['notifications', { mongo: { notifications: 1 }, redis: 0 }, (limit) => caller.notifications.list({ limit })],
  ])('%s', async (_, expected, call) => {
    await call(2);
    for (const limit of [2, 20]) expect(await tripsOf(() => call(limit))).toEqual(expected);
  });
});
