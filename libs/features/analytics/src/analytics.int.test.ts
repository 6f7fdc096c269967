import { testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createAnalyticsService,
  createRefundModel,
  createRefundRepository,
  createSaleModel,
  createSaleRepository,
  type RefundDoc,
  type SaleDoc,
} from './index.ts';

let db: TestMongo;
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
  };
}

function createAnalytics() {
  return createAnalyticsService({
    sales: createSaleRepository({ sales: createSaleModel(db.mongo.connection) }),
    refunds: createRefundRepository({ refunds: createRefundModel(db.mongo.connection) }),
    orders: {
      saleOf: async (orderId) => known.get(orderId) ?? null,
      refundsOf: async (orderId) => back.filter((refund) => refund.orderId === orderId),
    },
    currency: 'USD',
    timezone: 'Europe/Berlin',
  });
}

const refund = (_id: string, succeededAt: string, total: number, currency = 'USD'): RefundDoc => ({
  ...{ _id, orderId: 'o1', succeededAt: new Date(succeededAt), currency, total, net: total - 100 },
});
const back = [
  refund('r1', '2026-04-02T10:00:00Z', 700),
  refund('r2', '2026-04-02T21:59:59Z', 300),
  refund('r3', '2026-04-02T22:00:00Z', 900), // the 3rd in Berlin
  refund('r4', '2026-04-02T11:00:00Z', 900, 'EUR'),
];

let analytics: ReturnType<typeof createAnalytics>;
beforeAll(async () => {
  db = await testMongo();
  analytics = createAnalytics();
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
afterAll(() => db[Symbol.asyncDispose]());

const period = { from: new Date('2026-03-27T23:00:00Z'), to: new Date('2026-03-29T22:00:00Z') };

describe('sales', () => {
  it('are counted once, in their currency, up to the end of the period', async () => {
    expect(await analytics.overview(period)).toMatchObject({
      orders: 3,
      totalRevenue: { amount: 9_000 },
      grossSales: { amount: 7_800 },
      discounts: { amount: 300 },
      netSales: { amount: 7_500 },
      averageOrderValue: { amount: 3_000 },
      unitsSold: 6,
    });
  });

  it('fall into calendar days of the shop, empty ones included', async () => {
    const { buckets } = await analytics.revenue({ ...period, bucket: 'day' });
    expect(buckets.map(({ start, orders, revenue }) => [start, orders, revenue.amount])).toEqual([
      ['2026-03-28', 1, 3_000],
      ['2026-03-29', 2, 6_000],
    ]);
    const months = await analytics.revenue({ ...period, bucket: 'month' });
    expect(months.buckets).toEqual([{ start: '2026-03-01', orders: 3, revenue: { amount: 9_000, currency: 'USD' } }]);
  });

  it('keep their figures when money goes back later, which counts on its own day, once', async () => {
    for (const orderId of ['o1', 'o1', 'o2']) await analytics.recordRefunds(orderId);
    expect(await analytics.overview(period)).toMatchObject({
      totalRevenue: { amount: 9_000 },
      refunded: { amount: 0 },
    });
    const later = { from: new Date('2026-04-01T22:00:00Z'), to: new Date('2026-04-02T22:00:00Z') };
    expect(await analytics.overview(later)).toMatchObject({
      orders: 0,
      refunded: { amount: 1_000 },
      totalRevenue: { amount: -1_000 },
      netSales: { amount: -800 },
    });
    const { buckets } = await analytics.revenue({ ...later, bucket: 'day' });
    expect(buckets.map(({ start, revenue }) => [start, revenue.amount])).toEqual([['2026-04-02', -1_000]]);
  });

  it('tell what sells best', async () => {
    const { items } = await analytics.topSelling({ ...period, limit: 2 });
    expect(items[0]).toMatchObject({ productId: 'p1', title: 'Lamp', units: 3, sales: { amount: 3_000 } });
    expect(items).toHaveLength(2);
  });

  it('are zero in an empty period', async () => {
    const empty = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-01-02T00:00:00Z') };
    expect(await analytics.overview(empty)).toMatchObject({ orders: 0, averageOrderValue: { amount: 0 } });
  });
});
