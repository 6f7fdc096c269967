import type { AppRouter } from '@cartwright/app-router';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const CATEGORY = 'things';
const BRAND = 'acme';
const MANY = 25;
/** Read whole and remembered for half a second: whether they are read again depends on the moment. */
const REMEMBERED = new Set(['categories', 'brands']);

type Caller = ReturnType<AppRouter['createCaller']>;

let shop: TestShop;
let caller: Caller;
let other: Caller;
/** Products, the first of which is remembered. */
let ids: string[];
let id: string;
const reads: string[] = [];
const commands: string[] = [];

beforeAll(async () => {
  shop = await createTestShop({
    apis: 0,
    products: Array.from({ length: MANY }, (_, number) => ({ slug: `lamp-${number}`, title: `Lamp ${number}` })),
  });
  [caller, other] = await Promise.all([callerOf('trips@example.test'), callerOf('other@example.test')]);
  await vi.waitFor(async () => expect((await caller.search.products({ query: 'lamp' })).facets).not.toBeNull(), {
    timeout: 30_000,
  });
  for (const variantId of shop.variants.values()) await caller.cart.addItem({ variantId, quantity: 1 });
  const { items } = await caller.catalog.products.list({ limit: MANY });
  for (const product of items) await caller.wishlist.add({ productId: product.id });
  ids = items.map((product) => product.id);
  id = ids[0] ?? '';

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

/** Somebody who is signed in and confirmed their address. */
async function callerOf(email: string): Promise<Caller> {
  const { id: userId } = await shop.inside.services.accounts.createCustomer({
    ...{ email, password: 'correct horse battery', name: 'Trips' },
  });
  return shop.inside.router.createCaller({
    ...{ requestId: 'r', ip: '198.51.100.7', userAgent: '', transport: 'http' },
    authenticate: () =>
      Promise.resolve({ userId, sessionId: 's', role: 'customer', emailVerified: true, stepUpUntil: null }),
    audit: shop.inside.audit,
    logger: shop.inside.logger,
  });
}

/** How often a call goes to MongoDB, by collection, and to Redis. */
async function tripsOf(call: () => Promise<unknown>): Promise<{ mongo: Record<string, number>; redis: number }> {
  reads.length = 0;
  commands.length = 0;
  await call();
  const mongo: Record<string, number> = {};
  for (const name of reads) if (!REMEMBERED.has(name)) mongo[name] = (mongo[name] ?? 0) + 1;
  return { mongo, redis: commands.length };
}

/** What a call costs: reads and writes of MongoDB by collection, and commands to Redis. */
interface Cost {
  mongo: Record<string, number>;
  redis: number;
}

const NOTHING: Cost = { mongo: {}, redis: 0 };

/** The storefront's procedures, each with what it costs whatever its limit; some in more than one way. */
const COSTS: [procedure: string, how: string, cost: Cost, call: (limit: number) => Promise<unknown>][] = [
  ['catalog.home', 'kept for twenty seconds', NOTHING, () => caller.catalog.home()],
  [
    'catalog.products.bySlug',
    '',
    { mongo: { products: 1 }, redis: 0 },
    () => caller.catalog.products.bySlug({ slug: 'lamp-1' }),
  ],
  ['catalog.products.byId', '', { mongo: { products: 1 }, redis: 0 }, () => caller.catalog.products.byId({ id })],
  [
    'catalog.products.byIds',
    '',
    { mongo: { products: 1 }, redis: 0 },
    (limit) => caller.catalog.products.byIds({ ids: ids.slice(0, limit) }),
  ],
  [
    'catalog.products.list',
    'that MongoDB answers',
    { mongo: { products: 1 }, redis: 0 },
    (limit) => caller.catalog.products.list({ category: CATEGORY, inStock: true, sort: 'price_asc', limit }),
  ],
  [
    'catalog.products.list',
    'that the index answers',
    { mongo: { products: 1 }, redis: 1 },
    (limit) => caller.catalog.products.list({ priceMax: 5_000, minRating: 0, limit }),
  ],
  [
    'catalog.products.related',
    'the product, its pairs, and one list of its category',
    { mongo: { products: 2, bought_together: 1 }, redis: 0 },
    (limit) => caller.catalog.products.related({ productId: id, limit: Math.min(limit, 12) }),
  ],
  ['catalog.categories.tree', 'counted every five seconds', NOTHING, () => caller.catalog.categories.tree()],
  ['catalog.categories.bySlug', '', NOTHING, () => caller.catalog.categories.bySlug({ slug: CATEGORY })],
  ['catalog.brands.list', '', NOTHING, () => caller.catalog.brands.list()],
  ['catalog.brands.bySlug', '', NOTHING, () => caller.catalog.brands.bySlug({ slug: BRAND })],
  [
    'search.products',
    'with facets, counted for its limit',
    { mongo: { products: 1 }, redis: 2 },
    (limit) => caller.search.products({ query: 'lamp', category: CATEGORY, limit }),
  ],
  [
    'search.products',
    'without words, counted for its limit',
    { mongo: { products: 1 }, redis: 2 },
    (limit) => caller.search.products({ query: '', sort: 'price_desc', limit }),
  ],
  [
    'search.suggest',
    'counted for its limit',
    { mongo: { products: 1 }, redis: 2 },
    () => caller.search.suggest({ prefix: 'la' }),
  ],
  [
    'reviews.list',
    'and how many stars they gave',
    { mongo: { reviews: 2 }, redis: 0 },
    (limit) => caller.reviews.list({ productId: id, limit }),
  ],
  ['reviews.mine', '', { mongo: { reviews: 1 }, redis: 0 }, (limit) => caller.reviews.mine({ limit })],
  [
    'reviews.eligibility',
    'the author, their review, their orders, the product',
    { mongo: { users: 1, reviews: 1, orders: 1, products: 1 }, redis: 0 },
    () => caller.reviews.eligibility({ productId: id }),
  ],
  ['wishlist.list', '', { mongo: { wishlists: 1, products: 1 }, redis: 0 }, (limit) => caller.wishlist.list({ limit })],
  [
    'wishlist.contains',
    '',
    { mongo: { wishlists: 1 }, redis: 0 },
    (limit) => caller.wishlist.contains({ productIds: ids.slice(0, limit) }),
  ],
  [
    'wishlist.add',
    'of what is there already',
    { mongo: { products: 1, wishlists: 4 }, redis: 0 },
    () => caller.wishlist.add({ productId: id }),
  ],
  [
    'wishlist.remove',
    '',
    { mongo: { wishlists: 2 }, redis: 0 },
    () => caller.wishlist.remove({ productId: ids[1] ?? '' }),
  ],
  ['cart.get', 'of many lines', { mongo: { carts: 1, products: 1 }, redis: 0 }, () => caller.cart.get()],
  ['orders.list', '', { mongo: { orders: 1 }, redis: 0 }, (limit) => caller.orders.list({ limit })],
  [
    'notifications.list',
    '',
    { mongo: { notifications: 1 }, redis: 0 },
    (limit) => caller.notifications.list({ limit }),
  ],
];

/** Written by themselves below: they can be called once, or follow for as long as somebody listens. */
const APART = ['reviews.create', 'reviews.update', 'reviews.report', 'reviews.remove', 'catalog.products.onChange'];

describe('how often a call goes to a store, however much it answers', () => {
  it.each(COSTS)('%s %s', async (_procedure, _how, cost, call) => {
    await call(2);
    for (const limit of [2, 20]) expect(await tripsOf(() => call(limit))).toEqual(cost);
  });

  it('reviews that are written, with the rating and the event in their transaction', async () => {
    const productId = ids[2] ?? '';
    let review = { id: '' };
    const create = async () => void (review = await caller.reviews.create({ productId, rating: 4 }));
    const asked = { users: 1, reviews: 2, orders: 1 };
    // Events go at the end, in one trip that Mongoose does not tell of.
    const told = { products: 1 };
    expect((await tripsOf(create)).mongo).toEqual({ ...asked, reviews: 1, products: 2 });
    const update = () => caller.reviews.update({ id: review.id, rating: 5 });
    expect((await tripsOf(update)).mongo).toEqual({ ...asked, ...told, reviews: 3 });
    const report = () => other.reviews.report({ id: review.id, reason: 'spam' });
    expect((await tripsOf(report)).mongo).toEqual({ reviews: 2, review_reports: 1 });
    const remove = () => caller.reviews.remove({ id: review.id });
    expect((await tripsOf(remove)).mongo).toEqual({ ...told, reviews: 2, review_reports: 1 });
  });

  it('a wish that is new', async () => {
    await caller.wishlist.remove({ productId: id });
    expect((await tripsOf(() => caller.wishlist.add({ productId: id }))).mongo).toEqual({ products: 1, wishlists: 2 });
  });

  it('is known of every procedure of the storefront', () => {
    const all = Object.keys(shop.inside.router._def.procedures);
    const shown = all.filter((path) => /^(catalog|search|reviews|wishlist)\./.test(path));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((path) => !APART.includes(path) && !COSTS.some(([known]) => known === path))).toEqual([]);
  });
});
