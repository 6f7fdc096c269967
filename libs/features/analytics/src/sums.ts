import type { Bucket } from './calendar.ts';
import { bucketStart } from './calendar.ts';
import type { CouponSales, ProductSales } from './sale-repository.ts';
import { NO_TOTALS, type ByCurrency, type Totals } from './shelves.ts';

/** What happened on days, in the order of the days; a day may be there in two parts. */
export type Days<T> = readonly (readonly [day: string, value: T])[];

/** The shop's currency first, whether or not there is anything in it, and then the others that there are, by name. */
export function currenciesOf(shopCurrency: string, ...all: readonly Days<ByCurrency<unknown>>[]): string[] {
  const others = new Set(all.flatMap((days) => days.flatMap(([, byCurrency]) => Object.keys(byCurrency))));
  others.delete(shopCurrency);
  return [shopCurrency, ...[...others].toSorted()];
}

/** Both together; amounts of one currency. */
function added(a: Totals, b: Totals): Totals {
  return {
    orders: a.orders + b.orders,
    fromCarts: a.fromCarts + b.fromCarts,
    gross: a.gross + b.gross,
    discount: a.discount + b.discount,
    total: a.total + b.total,
    units: a.units + b.units,
    refunded: a.refunded + b.refunded,
    refundedNet: a.refundedNet + b.refundedNet,
  };
}

/** Everything of one currency. */
export const sumOf = (days: Days<ByCurrency<Totals>>, currency: string): Totals =>
  days.reduce((sum, [, totals]) => added(sum, totals[currency] ?? NO_TOTALS), NO_TOTALS);

/** Orders and revenue of one currency by day, week or month; `all` are the days whose buckets are there in any case. */
export function bucketsOf(
  days: Days<ByCurrency<Totals>>,
  { currency, bucket, all }: { currency: string; bucket: Bucket; all: readonly string[] },
): { start: string; orders: number; revenue: number }[] {
  const buckets = new Map(all.map((day) => [bucketStart(day, bucket), NO_TOTALS]));
  for (const [day, totals] of days) {
    const start = bucketStart(day, bucket);
    buckets.set(start, added(buckets.get(start) ?? NO_TOTALS, totals[currency] ?? NO_TOTALS));
  }
  return [...buckets].map(([start, { orders, total, refunded }]) => ({ start, orders, revenue: total - refunded }));
}

/** Products of one currency with what was sold of them, most units first; equals by sales and then by their ids. */
export function bestOf(days: Days<ByCurrency<readonly ProductSales[]>>, currency: string, limit: number) {
  const products = new Map<string, { productId: string; units: number; sales: number }>();
  for (const [, byCurrency] of days) {
    for (const [productId, units, sales] of byCurrency[currency] ?? []) {
      const before = products.get(productId);
      if (!before) products.set(productId, { productId, units, sales });
      else Object.assign(before, { units: before.units + units, sales: before.sales + sales });
    }
  }
  return [...products.values()]
    .toSorted((a, b) => b.units - a.units || b.sales - a.sales || (a.productId < b.productId ? -1 : 1))
    .slice(0, limit);
}

/** Coupons of one currency, the most used first; equals by what they took off and then by their ids. */
export function couponsOf(days: Days<ByCurrency<readonly CouponSales[]>>, currency: string, limit: number) {
  const coupons = new Map<string, CouponSales>();
  for (const [, byCurrency] of days) {
    for (const used of byCurrency[currency] ?? []) {
      const { uses, discount, net } = coupons.get(used.couponId) ?? { uses: 0, discount: 0, net: 0 };
      coupons.set(used.couponId, {
        ...used,
        uses: uses + used.uses,
        discount: discount + used.discount,
        net: net + used.net,
      });
    }
  }
  return [...coupons.values()]
    .toSorted((a, b) => b.uses - a.uses || b.discount - a.discount || (a.couponId < b.couponId ? -1 : 1))
    .slice(0, limit);
}

/** A part of a whole in basis points, rounded half up; null when there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000);
}

/** By how much a figure is above (or below) another one, in basis points of that; null when that is 0. */
export function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / Math.abs(before)) * 10_000);
}
