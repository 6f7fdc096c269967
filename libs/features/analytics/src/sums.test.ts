import { describe, expect, it } from 'vitest';
import type { ProductSales } from './sale-repository.ts';
import { NO_TOTALS, type ByCurrency } from './shelves.ts';
import { bestOf, bucketsOf, changeOf, couponsOf, currenciesOf, shareOf, sumOf, type Days } from './sums.ts';

const totals = (total: number, refunded = 0) => ({ ...NO_TOTALS, orders: 1, total, refunded });

describe('sums over days', () => {
  const days = [
    ['2026-11-21', { USD: totals(100), EUR: totals(7) }],
    ['2026-11-22', { USD: totals(50, 80) }],
    ['2026-11-22', { CHF: totals(1) }],
    ['2026-11-23', { USD: totals(30) }],
  ] as const;

  it('never go across currencies', () => {
    expect(sumOf(days, 'USD')).toMatchObject({ orders: 3, total: 180, refunded: 80 });
    expect(sumOf(days, 'EUR')).toMatchObject({ orders: 1, total: 7 });
  });

  it('are there for the shop’s currency in any case, first', () => {
    expect(currenciesOf('JPY', days)).toEqual(['JPY', 'CHF', 'EUR', 'USD']);
    expect(currenciesOf('EUR', days, [['2026-01-01', { AUD: 1 }]])).toEqual(['EUR', 'AUD', 'CHF', 'USD']);
  });

  it('by week put a Sunday before the Monday after it', () => {
    const all = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'];
    expect(bucketsOf(days, { currency: 'USD', bucket: 'week', all })).toEqual([
      { start: '2026-11-16', orders: 2, revenue: 70 },
      { start: '2026-11-23', orders: 1, revenue: 30 },
    ]);
  });
});

describe('what sold best', () => {
  const days: Days<ByCurrency<readonly ProductSales[]>> = [
    [
      '2026-01-01',
      {
        USD: [
          ['a', 2, 10],
          ['b', 1, 99],
          ['d', 3, 5],
        ],
      },
    ],
    [
      '2026-01-02',
      {
        USD: [
          ['a', 1, 5],
          ['c', 3, 15],
        ],
        EUR: [['b', 50, 1]],
      },
    ],
  ];

  it('is by units, then sales, then ids', () => {
    expect(bestOf(days, 'USD', 3).map(({ productId, units, sales }) => [productId, units, sales])).toEqual([
      ['a', 3, 15],
      ['c', 3, 15],
      ['d', 3, 5],
    ]);
    expect(bestOf(days, 'USD', 1)).toHaveLength(1);
  });
});

describe('coupons', () => {
  it('are by uses, then by what they took off', () => {
    const used = (couponId: string, uses: number, discount: number) => ({
      ...{ couponId, code: couponId, uses, discount, net: 1 },
    });
    const days = [
      ['2026-01-01', { USD: [used('a', 1, 5), used('b', 1, 6)] }],
      ['2026-01-02', { USD: [used('c', 2, 1)] }],
    ] as const;
    expect(couponsOf(days, 'USD', 5).map(({ couponId }) => couponId)).toEqual(['c', 'b', 'a']);
    expect(couponsOf(days, 'USD', 1)).toHaveLength(1);
  });
});

describe('shares and changes', () => {
  it('are basis points, and nothing without something to compare with', () => {
    expect([shareOf(1, 3), shareOf(3, 2), shareOf(0, 5), shareOf(5, 0)]).toEqual([3_333, 15_000, 0, null]);
    expect([changeOf(150, 100), changeOf(0, 100), changeOf(5, 0)]).toEqual([5_000, -10_000, null]);
  });

  it('go up when a loss becomes smaller', () => {
    expect(changeOf(-50, -100)).toBe(5_000);
  });
});
