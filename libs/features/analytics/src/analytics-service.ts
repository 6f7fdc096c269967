import type { Logger } from '@cartwright/platform-logger';
import { afterCommit, type Tx } from '@cartwright/platform-mongo';
import type {
  ConversionDto,
  CouponUseDto,
  HighestRatedDto,
  OverviewDto,
  OverviewInput,
  RevenueDto,
  TopSellingDto,
} from './analytics.contracts.ts';
import type { CapturedOrdersPort, FilledCartsPort, ProductsPort, StockPort } from './analytics.ports.ts';
import { comparedWith, dayIn, daysBetween, type Bucket, type Period } from './calendar.ts';
import type { DayVersions } from './day-versions.ts';
import type { FilledCartRepository } from './filled-cart-repository.ts';
import type { KeptDays } from './kept-days.ts';
import { createLowStock } from './low-stock.ts';
import { comparison, overviewOf } from './overview.ts';
import type { RefundRepository } from './refund-repository.ts';
import type { SaleRepository } from './sale-repository.ts';
import { createShelves } from './shelves.ts';
import { bestOf, bucketsOf, couponsOf, currenciesOf, shareOf, sumOf } from './sums.ts';

const BATCH = 500;

/**
 * Figures for operators, over orders captured and refunds gone through in `[from, to)`, by currency and in the shop's
 * calendar: what goes back later leaves the figures of the day of sale as they were. See docs/guides/analytics.md.
 */
export function createAnalyticsService({
  sales,
  refunds,
  filledCarts,
  orders,
  carts,
  products,
  stock,
  versions,
  days: kept,
  currency: shopCurrency,
  timezone,
  logger,
}: {
  sales: SaleRepository;
  refunds: RefundRepository;
  filledCarts: FilledCartRepository;
  orders: CapturedOrdersPort;
  carts: FilledCartsPort;
  products: ProductsPort;
  stock: StockPort;
  versions: Pick<DayVersions, 'renew'>;
  days: KeptDays;
  currency: string;
  timezone: string;
  logger: Pick<Logger, 'warn'>;
}) {
  const shelves = createShelves({ sales, refunds, carts: filledCarts, timezone });
  const money = (amount: number, currency: string) => ({ amount, currency });

  /** What is kept of these moments' days is read anew. Within a transaction that is done after it, as well as it goes. */
  async function forget(moments: readonly Date[], orderId: string, tx: Tx | undefined): Promise<void> {
    const days = [...new Set(moments.map((moment) => dayIn(timezone, moment)))];
    if (!tx) return versions.renew(days);
    afterCommit(tx, `figures/${orderId}/${days.join()}`, () => {
      versions
        .renew(days)
        .catch((error: unknown) => logger.warn({ err: error, days }, 'figures of days may be old for a while'));
    });
  }

  return {
    /** Counts a paid order: once, however often it is told. Rejects, to be called again, while Redis is away. */
    async recordSale(orderId: string, tx?: Tx): Promise<void> {
      const sale = await orders.saleOf(orderId, tx);
      if (!sale) return;
      await sales.record(sale, tx);
      await forget([sale.capturedAt], orderId, tx);
    },

    /** Counts what went back of an order: each refund once, however often it is told. Rejects as `recordSale` does. */
    async recordRefunds(orderId: string, tx?: Tx): Promise<void> {
      const back = await orders.refundsOf(orderId, tx);
      for (const refund of back) await refunds.record(refund, tx);
      await forget(
        back.map(({ succeededAt }) => succeededAt),
        orderId,
        tx,
      );
    },

    /** Counts the carts that got their first item since it was asked last, until the signal. Answers how many told of it. */
    async recordCarts(signal?: AbortSignal): Promise<number> {
      let told = 0;
      for (;;) {
        const untold = await carts.fillings(BATCH);
        const fillings = untold.flatMap(({ news }) => news);
        await filledCarts.record(fillings);
        await versions.renew([...new Set(fillings.map(({ at }) => dayIn(timezone, at)))]);
        // Last: whatever fails before is done again.
        await carts.forgetFillings(untold);
        told += untold.length;
        if (untold.length < BATCH || signal?.aborted) return told;
      }
    },

    async overview({ compareTo, ...period }: OverviewInput): Promise<OverviewDto> {
      const other = compareTo && comparedWith(timezone, period, compareTo);
      const [now, before] = await Promise.all([
        kept.read(shelves.totals, period),
        other ? kept.read(shelves.totals, other) : [],
      ]);
      const byCurrency = currenciesOf(shopCurrency, now, before).map((currency) => {
        const figures = overviewOf(sumOf(now, currency), currency);
        const compared = other && comparison(figures, overviewOf(sumOf(before, currency), currency));
        return { currency, ...figures, ...(compared ? { compared } : {}) };
      });
      return { byCurrency, ...(other ? { comparedWith: other } : {}) };
    },

    /** Captured less refunded by day, week or month; buckets without either are there with zero. */
    async revenue({ bucket, ...period }: Period & { bucket: Bucket }): Promise<RevenueDto> {
      const days = await kept.read(shelves.totals, period);
      const all = daysBetween(timezone, period.from, period.to);
      return {
        byCurrency: currenciesOf(shopCurrency, days).map((currency) => ({
          currency,
          buckets: bucketsOf(days, { currency, bucket, all }).map(({ revenue, ...rest }) => ({
            ...rest,
            revenue: money(revenue, currency),
          })),
        })),
      };
    },

    /** Called and shown as when they were sold last in the period. */
    async topSelling({ limit, ...period }: Period & { limit: number }): Promise<TopSellingDto> {
      const days = await kept.read(shelves.products, period);
      const itemsIn = async (currency: string) => {
        const best = bestOf(days, currency, limit).map(async ({ productId, units, sales: amount }) => {
          const product = await sales.lastSold(productId, period, currency);
          return product ? [{ ...product, units, sales: money(amount, currency) }] : [];
        });
        return { currency, items: (await Promise.all(best)).flat() };
      };
      return { byCurrency: await Promise.all(currenciesOf(shopCurrency, days).map(itemsIn)) };
    },

    /** Coupons of orders captured in the period. */
    async couponUse({ limit, ...period }: Period & { limit: number }): Promise<CouponUseDto> {
      const days = await kept.read(shelves.coupons, period);
      return {
        byCurrency: currenciesOf(shopCurrency, days).map((currency) => ({
          currency,
          items: couponsOf(days, currency, limit).map(({ couponId, code, uses, discount, net }) => ({
            ...{ couponId, code, uses },
            discount: money(discount, currency),
            netSales: money(net, currency),
          })),
        })),
      };
    },

    /** Orders from carts ÷ carts that got their first item, each counted in the period in which it happened. */
    async conversion(period: Period): Promise<ConversionDto> {
      const [filled, totals] = await Promise.all([kept.read(shelves.carts, period), kept.read(shelves.totals, period)]);
      const count = filled.reduce((sum, [, ofDay]) => sum + ofDay, 0);
      const paid = totals
        .flatMap(([, byCurrency]) => Object.values(byCurrency))
        .reduce((sum, { fromCarts }) => sum + fromCarts, 0);
      return { carts: count, orders: paid, rate: shareOf(paid, count) };
    },

    /** At most a minute old. */
    highestRated: async ({ limit }: { limit: number }): Promise<HighestRatedDto> => ({
      items: [...(await products.highestRated(limit))],
    }),

    /** As of now. Throws CURSOR_INVALID. */
    lowStock: createLowStock({ stock, products }),
  };
}

export type AnalyticsService = ReturnType<typeof createAnalyticsService>;
