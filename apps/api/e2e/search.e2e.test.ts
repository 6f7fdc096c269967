import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis, type Redis } from '@cartwright/platform-redis';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { startRedisServer, timeLimit } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const SECOND = { timeout: timeLimit(1_000), interval: 20 };
const PATIENCE = { timeout: 20_000, interval: 50 };

let server: Awaited<ReturnType<typeof startRedisServer>>;
let redis: Redis;
let shop: TestShop;
beforeAll(async () => {
  // Of its own: it is emptied.
  server = await startRedisServer();
  redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
  shop = await createTestShop({
    apis: 2,
    products: [
      { slug: 'lamp', title: 'Green lamp' },
      { slug: 'vase', title: 'Green vase', stock: 2 },
    ],
    env: { REDIS_URL: server.url },
  });
  await vi.waitFor(async () => expect((await search('green')).facets).not.toBeNull(), PATIENCE);
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.close();
  await server.stop();
});

const search = (query: string, instance = 0) => {
  const [api] = shop.apis.slice(instance);
  return shop.client(api).api.search.products.query({ query });
};
const slugs = async (query: string, instance = 0) => (await search(query, instance)).items.map(({ slug }) => slug);
const importLamp = (title: string, price: number) =>
  shop.inside.catalogImport.importCatalog({
    products: [{ slug: 'reading-light', title, variants: [{ sku: 'READING', price, stock: 2 }] }],
  });

describe('searching', () => {
  it('finds what is new or other within a second, on every instance', async () => {
    // Each instance has answered before, and could remember it.
    expect([await slugs('readng'), await slugs('readng', 1)]).toEqual([[], []]);
    await importLamp('Reading light', 5_000);
    await Promise.all(
      [0, 1].map((instance) => expect.poll(() => slugs('readng', instance), SECOND).toEqual(['reading-light'])),
    );
    await importLamp('Reading lantern', 400);
    await Promise.all(
      [0, 1].map((instance) => expect.poll(() => slugs('lantern', instance), SECOND).toEqual(['reading-light'])),
    );
    const api = shop.client().api;
    const cheap = () => api.catalog.products.list.query({ priceMax: 400 }).then(({ items }) => items[0]?.price.amount);
    await expect.poll(cheap, SECOND).toBe(400);
  });

  it('follows stock and ratings', async () => {
    const api = shop.client().api;
    const inStock = async () => (await api.search.products.query({ query: 'vase', inStock: true })).total;
    expect(await inStock()).toBe(1);
    const buyer = await shop.customer();
    const { order } = await shop.order(buyer, {
      ...{ slug: 'vase', quantity: 2, paymentMethod: 'stripe_checkout' },
    });
    await expect.poll(inStock, SECOND).toBe(0);
    await buyer.api.orders.cancel.mutate({ orderId: order.id });
    await expect.poll(inStock, SECOND).toBe(1);
    const { id } = await shop.inside.services.catalog.bySlug('vase');
    await buyer.api.reviews.create.mutate({ productId: id, rating: 5 });
    const rated = async () => (await api.catalog.products.list.query({ minRating: 4.5 })).items.map(({ slug }) => slug);
    await expect.poll(rated, SECOND).toEqual(['vase']);
  });

  it('suggests what the letters could mean', async () => {
    const { items } = await shop.client().api.search.suggest.query({ prefix: 'green v' });
    expect(items).toMatchObject([
      {
        kind: 'query',
        label: 'green vase',
        ranges: [
          [0, 5],
          [6, 7],
        ],
      },
      { kind: 'product', slug: 'vase' },
    ]);
  });

  it('answers rightly while its index is gone, and makes it anew', async () => {
    await redis.client.flushall();
    const first = await search('green');
    expect(first).toMatchObject({ total: 2, facets: null });
    await expect.poll(async () => (await search('green', 1)).facets?.price, PATIENCE).not.toBeUndefined();
    expect((await search('green')).total).toBe(2);
  });

  it('is built anew for administrators alone', async () => {
    const customer = await shop.customer();
    await expect(customer.api.admin.search.rebuild.mutate()).rejects.toMatchObject({ data: { reason: 'FORBIDDEN' } });
    const before = await redis.client.get(`${shop.env['REDIS_PREFIX'] ?? ''}:search:current`);
    const admin = await shop.admin();
    expect(await admin.api.admin.search.rebuild.mutate()).toEqual({ ok: true });
    await expect
      .poll(() => redis.client.get(`${shop.env['REDIS_PREFIX'] ?? ''}:search:current`), PATIENCE)
      .not.toBe(before);
    expect((await search('green')).total).toBe(2);
  });
});
