import type { FilledCartRepository } from './filled-cart-repository.ts';
import type { Shelf } from './kept-days.ts';
import type { RefundRepository } from './refund-repository.ts';
import type { CouponSales, DaySales, ProductSales, SaleRepository } from './sale-repository.ts';

/** Something by currency: never added across. */
export type ByCurrency<T> = Readonly<Record<string, T>>;

/** What was captured and what went back, in minor units of one currency. */
export interface Totals extends Omit<DaySales, 'day' | 'currency'> {
  readonly refunded: number;
  /** What of it was for goods, without tax and shipping. */
  readonly refundedNet: number;
}

export const NO_TOTALS: Totals = {
  orders: 0,
  fromCarts: 0,
  gross: 0,
  discount: 0,
  total: 0,
  units: 0,
  refunded: 0,
  refundedNet: 0,
};

/** The kinds of figures that are kept by day. */
export interface Shelves {
  readonly totals: Shelf<ByCurrency<Totals>>;
  readonly products: Shelf<ByCurrency<readonly ProductSales[]>>;
  readonly coupons: Shelf<ByCurrency<readonly CouponSales[]>>;
  readonly carts: Shelf<number>;
}

/** What can be read of the database by day, and how. */
export function createShelves({
  sales,
  refunds,
  carts,
  timezone,
}: {
  sales: Pick<SaleRepository, 'totalsByDay' | 'productsByDay' | 'couponsByDay'>;
  refunds: Pick<RefundRepository, 'byDay'>;
  carts: Pick<FilledCartRepository, 'countByDay'>;
  timezone: string;
}): Shelves {
  return {
    totals: {
      name: 'totals',
      nothing: {},
      async load(period) {
        const [sold, back] = await Promise.all([sales.totalsByDay(period, timezone), refunds.byDay(period, timezone)]);
        const days = new Map<string, Record<string, Totals>>();
        const add = (day: string, currency: string, part: Partial<Totals>) => {
          const ofDay = days.get(day) ?? {};
          days.set(day, { ...ofDay, [currency]: { ...NO_TOTALS, ...ofDay[currency], ...part } });
        };
        for (const { day, currency, ...part } of sold) add(day, currency, part);
        for (const { day, currency, total, net } of back) add(day, currency, { refunded: total, refundedNet: net });
        return days;
      },
    },
    products: {
      name: 'products',
      nothing: {},
      load: async (period) =>
        listed(await sales.productsByDay(period, timezone), ({ productId, units, sales: sum }): ProductSales => [
          productId,
          units,
          sum,
        ]),
    },
    coupons: {
      name: 'coupons',
      nothing: {},
      load: async (period) =>
        listed(
          await sales.couponsByDay(period, timezone),
          ({ day: _day, currency: _currency, ...rest }): CouponSales => rest,
        ),
    },
    carts: {
      name: 'carts',
      nothing: 0,
      load: async (period) =>
        new Map((await carts.countByDay(period, timezone)).map(({ day, carts: count }) => [day, count])),
    },
  };
}

/** Rows by day and currency, each as `kept` makes it. */
function listed<Row extends { day: string; currency: string }, Kept>(rows: readonly Row[], kept: (row: Row) => Kept) {
  const days = new Map<string, Record<string, Kept[]>>();
  for (const row of rows) {
    const ofDay = days.get(row.day) ?? {};
    (ofDay[row.currency] ??= []).push(kept(row));
    days.set(row.day, ofDay);
  }
  return days;
}
