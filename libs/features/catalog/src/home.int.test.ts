import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from './catalog.fixture.ts';
import { createBestRated } from './best-rated.ts';
import { createHome } from './home.ts';
import { createHomeRepository } from './home-repository.ts';

const COUNT = 60;
const logger = createSilentLogger();
let shop: CatalogFixture;
let cache: TestRedis;

beforeAll(async () => {
  [shop, cache] = await Promise.all([catalogFixture(), testRedis()]);
  await shop.importer.importCatalog({
    categories: [
      { slug: 'full', name: 'Full' },
      { slug: 'below', name: 'Below', parent: 'full' },
      { slug: 'empty', name: 'Empty', position: 1 },
      { slug: 'sold-out', name: 'Sold out', position: 2 },
    ],
    products: Array.from({ length: COUNT }, (_, index) => ({
      ...{
        slug: `p${index}`,
        title: `P ${index}`,
        createdAt: new Date(clock().getTime() - ((index * 37) % 50) * 1_000),
      },
      categories: [index % 4 === 0 ? 'sold-out' : 'below'],
      variants: [{ sku: `S${index}`, price: 100 + index, stock: index % 4 }],
    })),
  });
  const all = await shop.products.find().lean();
  for (const [index, { _id }] of all.entries()) {
    const count = (index * 7) % 12;
    const sum = Array.from({ length: count }, (_, star) => 1 + ((index + star * 3) % 5)).reduce((a, b) => a + b, 0);
    await shop.mongo.transaction((tx) => shop.service.moveRating(_id, { sum, count }, tx));
    await shop.products.updateOne({ _id }, { $set: { unitsSold: (index * 13) % 40, listed: index % 9 !== 0 } });
  }
});
afterAll(async () => {
  await cache[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

function homes(count: number, { redis = cache.redis } = {}) {
  let loads = 0;
  const ratings = createHomeRepository({ products: shop.products });
  const counting = {
    ...ratings,
    highestRated: (limit: number) => {
      loads += 1;
      return ratings.highestRated(limit);
    },
  };
  const { repository: products, categories } = shop;
  return {
    loads: () => loads,
    all: Array.from({ length: count }, () => createHome({ redis, logger, products, categories, ratings: counting })),
  };
}

describe('the home page', () => {
  it('shows what a look at every product finds, and nothing that can not be bought', async () => {
    const docs = (await shop.products.find().lean()).filter(({ listed, available }) => listed && available);
    const ids = (some: typeof docs) => some.slice(0, 8).map(({ _id }) => _id);
    const descending = (value: (doc: (typeof docs)[number]) => number, tie: 1 | -1) =>
      docs.toSorted((a, b) => value(b) - value(a) || (a._id < b._id ? -tie : tie));
    const sums = docs.reduce((all, { rating }) => ({ sum: all.sum + rating.sum, count: all.count + rating.count }), {
      ...{ sum: 0, count: 0 },
    });
    const mean = sums.sum / sums.count;
    const rated = descending(({ rating }) => (5 * mean + rating.sum) / (5 + rating.count), 1);

    const home = await homes(1).all[0]?.read();
    expect(home?.topSelling.map(({ id }) => id)).toEqual(ids(descending(({ unitsSold }) => unitsSold, -1)));
    expect(home?.newest.map(({ id }) => id)).toEqual(ids(descending(({ createdAt }) => createdAt.getTime(), -1)));
    expect(home?.highestRated.map(({ id }) => id)).toEqual(ids(rated.filter(({ rating }) => rating.count > 0)));
    expect(home?.categories).toMatchObject([{ slug: 'full', productCount: docs.length }]);
    // It is not the order of the plain averages: one perfect review is no match for many good ones.
    const plain = descending(({ rating }) => rating.average, 1).filter(({ rating }) => rating.count > 0);
    expect(home?.highestRated.map(({ id }) => id)).not.toEqual(ids(plain));
  });

  it('is made once for the readers of ten instances when it runs out', async () => {
    await cache.redis.client.del(cache.redis.key('shared', 'home-1'));
    const { all, loads } = homes(10);
    const answers = await Promise.all(Array.from({ length: 20 }, () => all.map(({ read }) => read())).flat());
    expect(loads()).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.newest).toHaveLength(8);
  });

  it('is there while Redis is away', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger });
    await server.stop();
    const { all, loads } = homes(2, { redis });
    for (const { read } of all) expect((await read()).newest).toHaveLength(8);
    expect(loads()).toBe(2);
    await redis.close();
  });
});

describe('what is rated best', () => {
  it('is looked for once for all instances, sold out ones included, and answered as far as is asked', async () => {
    const ratings = createHomeRepository({ products: shop.products });
    const expected = (await ratings.highestRated(50, { soldOut: true })).map(({ _id }) => _id);
    let loads = 0;
    const counting: Pick<typeof ratings, 'highestRated'> = {
      highestRated: (limit, options) => {
        loads += 1;
        return ratings.highestRated(limit, options);
      },
    };
    const all = Array.from({ length: 5 }, () => createBestRated({ redis: cache.redis, logger, ratings: counting }));
    const answers = await Promise.all(all.flatMap((bestRated) => [bestRated(8), bestRated(50), bestRated(8)]));
    expect(loads).toBe(1);
    expect(answers.map((cards) => cards.map(({ id }) => id))).toEqual(
      all.flatMap(() => [expected.slice(0, 8), expected, expected.slice(0, 8)]),
    );
    expect(answers[1]?.some(({ available }) => !available)).toBe(true);
  });
});
