import type { OverviewDto } from './analytics.contracts.ts';
import { changeOf } from './sums.ts';
import type { Totals } from './shelves.ts';

type CurrencyOverview = OverviewDto['byCurrency'][number];
type Figures = Omit<CurrencyOverview, 'currency' | 'compared'>;

const NAMES = [
  'orders',
  'grossSales',
  'discounts',
  'netSales',
  'refunded',
  'totalRevenue',
  'averageOrderValue',
  'unitsSold',
] as const satisfies readonly (keyof Figures)[];

/** What operators are shown of totals in one currency. An average over no orders is 0. */
export function overviewOf(totals: Totals, currency: string): Figures {
  const money = (amount: number) => ({ amount, currency });
  const { orders, gross, discount, total, refunded, refundedNet } = totals;
  return {
    orders,
    grossSales: money(gross),
    discounts: money(discount),
    netSales: money(gross - discount - refundedNet),
    refunded: money(refunded),
    totalRevenue: money(total - refunded),
    averageOrderValue: money(orders === 0 ? 0 : Math.round(total / orders)),
    unitsSold: totals.units,
  };
}

/** The figures of another period beside these, with what changed from there to here. */
export function comparison(now: Figures, before: Figures): NonNullable<CurrencyOverview['compared']> {
  const change = Object.fromEntries(
    NAMES.map((name) => [name, changeOf(plain(now[name]), plain(before[name]))]),
  ) as Record<(typeof NAMES)[number], number | null>;
  return { ...before, change };
}

const plain = (figure: Figures[keyof Figures]): number => (typeof figure === 'number' ? figure : figure.amount);
