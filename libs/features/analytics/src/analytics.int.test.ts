import { createSilentLogger } from '@cartwright/platform-logger';
import { testMongo, testRedis, type TestMongo, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UntoldFillings } from './analytics.ports.ts';
import { createAnalytics, type RefundDoc, type SaleDoc } from './index.ts';

let db: TestMongo;
let cache: TestRedis;
let known: Map<string, SaleDoc>;

function sale(id: string, capturedAt: string, total: number): SaleDoc {
  return {
    _id: id,
    capturedAt: new Date(capturedAt),
    currency: 'USD',
    gross: total - 400,
    discount: 100,
    shipping: 500,
    tax: 0,
    total,
    units: 2,
    lines: [
      { productId: 'p1', title: 'Lamp', slug: 'lamp', image: null, units: 1, sales: 1_000 },
      { productId: id, title: 'Other', slug: 'other', image: '/media/x.svg', units: 1, sales: 500 },
    ],
    coupon: { id: 'c1', code: id === 'o1' ? 'OLD' : 'NEW', discount: 100 },
    fromCart: id !== 'o1',
  };
}

/** What carts have to tell, until they are told to forget it. */
let untold: UntoldFillings[] = [];

const createFigures = () =>
  createAnalytics({
    mongo: db.mongo,
    redis: cache.redis,
    cache: cache.redis,
    orders: {
      saleOf: async (orderId) => known.get(orderId) ?? null,
      refundsOf: async (orderId) => back.filter((refund) => refund.orderId === orderId),
    },
    carts: {
      fillings: async (limit) => untold.slice(0, limit),
      forgetFillings: async (told) => void (untold = untold.filter((one) => !told.includes(one))),
    },
    products: { listedVariants: async () => [], highestRated: async () => [] },
    stock: { lowest: async () => [] },
    currency: 'USD',
    timezone: 'Europe/Berlin',
    logger: createSilentLogger(),
  });

const refund = (_id: string, succeededAt: string, total: number, currency = 'USD'): RefundDoc => ({
  ...{ _id, orderId: 'o1', succeededAt: new Date(succeededAt), currency, total, net: total - 100 },
});
const back = [
  refund('r1', '2026-04-02T10:00:00Z', 700),
  refund('r2', '2026-04-02T21:59:59Z', 300),
  refund('r3', '2026-04-02T22:00:00Z', 900), // the 3rd in Berlin
  refund('r4', '2026-04-02T11:00:00Z', 900, 'EUR'),
];

let analytics: ReturnType<typeof createFigures>;
beforeAll(async () => {
  db = await testMongo();
  cache = await testRedis();
  analytics = createFigures();
  await db.mongo.ensureIndexes();
  known = new Map(
    [
      sale('o1', '2026-03-27T23:30:00Z', 3_000), // the 28th in Berlin
      sale('o2', '2026-03-29T10:00:00Z', 5_000), // a day of 23 hours
      sale('o3', '2026-03-29T21:59:59Z', 1_000),
      sale('o4', '2026-03-29T22:00:00Z', 9_000), // the 30th in Berlin
      { ...sale('o5', '2026-03-29T12:00:00Z', 7_000), currency: 'EUR' },
    ].map((doc) => [doc._id, doc]),
  );
  for (const id of [...known.keys(), ...known.keys(), 'unpaid']) await analytics.recordSale(id);
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
});

const period = { from: new Date('2026-03-27T23:00:00Z'), to: new Date('2026-03-29T22:00:00Z') };

/** The part of an answer that is about one currency. */
const inCurrency = <T extends { currency: string }>({ byCurrency }: { byCurrency: T[] }, currency = 'USD'): T => {
  const found = byCurrency.find((one) => one.currency === currency);
  if (!found) throw new Error(`Nothing in ${currency}`);
  return found;
};

describe('sales', () => {
  it('are counted once, in their currency, up to the end of the period', async () => {
    const overview = await analytics.overview(period);
    expect(overview.byCurrency.map(({ currency }) => currency)).toEqual(['USD', 'EUR']);
    expect(inCurrency(overview)).toMatchObject({
      orders: 3,
      totalRevenue: { amount: 9_000 },
      grossSales: { amount: 7_800 },
      discounts: { amount: 300 },
      netSales: { amount: 7_500 },
      averageOrderValue: { amount: 3_000 },
      unitsSold: 6,
    });
    expect(inCurrency(overview, 'EUR')).toMatchObject({ orders: 1, totalRevenue: { amount: 7_000, currency: 'EUR' } });
  });

  it('fall into calendar days of the shop, empty ones included', async () => {
    const { buckets } = inCurrency(await analytics.revenue({ ...period, bucket: 'day' }));
    expect(buckets.map(({ start, orders, revenue }) => [start, orders, revenue.amount])).toEqual([
      ['2026-03-28', 1, 3_000],
      ['2026-03-29', 2, 6_000],
    ]);
    const months = inCurrency(await analytics.revenue({ ...period, bucket: 'month' }));
    expect(months.buckets).toEqual([{ start: '2026-03-01', orders: 3, revenue: { amount: 9_000, currency: 'USD' } }]);
  });

  it('of a day are split where the period begins or ends within it', async () => {
    const noon = new Date('2026-03-29T12:00:00Z');
    const before = await analytics.overview({ ...period, to: noon });
    expect(inCurrency(before)).toMatchObject({ orders: 2, totalRevenue: { amount: 8_000 } });
    const { buckets } = inCurrency(
      await analytics.revenue({ from: noon, to: new Date('2026-03-30T12:00:00Z'), bucket: 'day' }),
    );
    expect(buckets.map(({ start, revenue }) => [start, revenue.amount])).toEqual([
      ['2026-03-29', 1_000],
      ['2026-03-30', 9_000],
    ]);
  });

  it('stand beside those of the period before, with what changed', async () => {
    const day = { from: new Date('2026-03-28T23:00:00Z'), to: period.to };
    const overview = await analytics.overview({ ...day, compareTo: 'previous_period' });
    expect(overview.comparedWith).toEqual({ from: period.from, to: day.from });
    expect(inCurrency(overview)).toMatchObject({
      totalRevenue: { amount: 6_000 },
      compared: { orders: 1, totalRevenue: { amount: 3_000 }, change: { orders: 10_000, totalRevenue: 10_000 } },
    });
    const yearBefore = await analytics.overview({ ...day, compareTo: 'previous_year' });
    expect(inCurrency(yearBefore).compared).toMatchObject({ orders: 0, change: { orders: null, totalRevenue: null } });
  });

  it('keep their figures when money goes back later, which counts on its own day, once', async () => {
    for (const orderId of ['o1', 'o1', 'o2']) await analytics.recordRefunds(orderId);
    expect(inCurrency(await analytics.overview(period))).toMatchObject({
      totalRevenue: { amount: 9_000 },
      refunded: { amount: 0 },
    });
    const later = { from: new Date('2026-04-01T22:00:00Z'), to: new Date('2026-04-02T22:00:00Z') };
    expect(inCurrency(await analytics.overview(later))).toMatchObject({
      orders: 0,
      refunded: { amount: 1_000 },
      totalRevenue: { amount: -1_000 },
      netSales: { amount: -800 },
    });
    const { buckets } = inCurrency(await analytics.revenue({ ...later, bucket: 'day' }));
    expect(buckets.map(({ start, revenue }) => [start, revenue.amount])).toEqual([['2026-04-02', -1_000]]);
  });

  it('tell what sells best', async () => {
    const { items } = inCurrency(await analytics.topSelling({ ...period, limit: 2 }));
    expect(items[0]).toMatchObject({ productId: 'p1', title: 'Lamp', units: 3, sales: { amount: 3_000 } });
    expect(items).toHaveLength(2);
  });

  it('call what sold best as it was called when it was sold last in the period, and keep no names by day', async () => {
    const renamed = (id: string, capturedAt: string, title: string, image: string | null): SaleDoc => {
      const [line, other] = sale(id, capturedAt, 2_000).lines;
      if (!line || !other) throw new Error('A sale has two lines');
      return {
        ...sale(id, capturedAt, 2_000),
        lines: [{ ...line, productId: 'renamed', title, slug: title.toLowerCase(), image }, other],
      };
    };
    for (const doc of [
      renamed('n1', '2026-05-02T10:00:00Z', 'Newer', '/media/new.svg'),
      renamed('n0', '2026-05-01T10:00:00Z', 'Older', null),
      { ...renamed('n2', '2026-05-02T11:00:00Z', 'Euro', null), currency: 'EUR' },
      renamed('n3', '2026-05-03T10:00:00Z', 'Newest', null),
    ]) {
      known.set(doc._id, doc);
      await analytics.recordSale(doc._id);
    }
    const two = { from: new Date('2026-04-30T22:00:00Z'), to: new Date('2026-05-02T22:00:00Z') };
    for (const figures of [analytics, createFigures()]) {
      const top = await figures.topSelling({ ...two, limit: 1 });
      expect(inCurrency(top).items).toEqual([
        {
          ...{ productId: 'renamed', title: 'Newer', slug: 'newer', image: '/media/new.svg', units: 2 },
          sales: { amount: 2_000, currency: 'USD' },
        },
      ]);
      expect(inCurrency(top, 'EUR').items[0]).toMatchObject({ title: 'Euro', units: 1 });
    }
    const texts = await cache.redis.client.mget(
      await cache.redis.client.keys(cache.redis.key('figures', '*', 'products', '*')),
    );
    expect(texts.join()).toContain('renamed');
    expect(texts.join()).not.toContain('Newer');
  });

  it('tell of coupons, by what they are called now', async () => {
    const { items } = inCurrency(await analytics.couponUse({ ...period, limit: 20 }));
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    expect(items).toEqual([{ couponId: 'c1', code: 'NEW', uses: 3, discount: usd(300), netSales: usd(7_500) }]);
  });

  it('are zero in an empty period', async () => {
    const empty = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-01-02T00:00:00Z') };
    const overview = await analytics.overview(empty);
    expect(overview.byCurrency).toMatchObject([{ currency: 'USD', orders: 0, averageOrderValue: { amount: 0 } }]);
    expect(await analytics.conversion(empty)).toEqual({ carts: 0, orders: 0, rate: null });
  });
});

describe('conversion', () => {
  const at = new Date('2026-03-28T12:00:00Z');
  const told = (cartId: string, ...kinds: ('filled' | 'joined')[]): UntoldFillings => ({
    cartId,
    news: kinds.map((kind) => ({ id: `filling-${cartId}`, at, kind })),
  });

  it('counts carts once, unless they went into another one, in whatever order that is told', async () => {
    expect(await analytics.conversion(period)).toEqual({ carts: 0, orders: 3, rate: null });
    for (const round of [
      [told('a', 'filled'), told('b', 'filled'), told('c', 'filled'), told('d', 'joined')],
      [told('a', 'filled'), told('b', 'joined'), told('d', 'filled')],
    ]) {
      untold = round;
      expect(await analytics.recordCarts()).toBe(round.length);
      expect(untold).toEqual([]);
    }
    expect(await analytics.conversion(period)).toEqual({ carts: 2, orders: 3, rate: 15_000 });
  });

  it('leaves nothing untold that it could not write down', async () => {
    untold = [told('e', 'filled')];
    const broken = {
      ...untold[0],
      cartId: 'x',
      news: [{ id: 'y', at: new Date(Number.NaN), kind: 'filled' as const }],
    };
    untold = [...untold, broken];
    await expect(analytics.recordCarts()).rejects.toThrow();
    expect(untold).toHaveLength(2);
    untold = [];
  });
});
