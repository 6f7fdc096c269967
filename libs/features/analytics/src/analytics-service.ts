import type { Tx } from '@cartwright/platform-mongo';
import type { OverviewDto, RevenueDto, TopSellingDto } from './analytics.contracts.ts';
import { bucketStart, daysBetween, type Bucket } from './calendar.ts';
import type { RefundDoc } from './refund.model.ts';
import type { RefundRepository } from './refund-repository.ts';
import type { SaleDoc } from './sale.model.ts';
import type { Period, SaleRepository } from './sale-repository.ts';

/** What analytics needs of orders: an order as a sale, by id; null while nothing was captured. */
export interface CapturedOrdersPort {
  saleOf(orderId: string, tx?: Tx): Promise<SaleDoc | null>;
  /** Refunds of its payment that went through; those of payments it had no need of were never captured for it. */
  refundsOf(orderId: string, tx?: Tx): Promise<RefundDoc[]>;
}

/**
 * Figures for operators, over orders captured and refunds gone through in `[from, to)`, in the shop's currency and calendar:
 * what goes back later leaves the figures of the day of sale as they were.
 */
export function createAnalyticsService({
  sales,
  refunds,
  orders,
  currency,
  timezone,
}: {
  sales: SaleRepository;
  refunds: RefundRepository;
  orders: CapturedOrdersPort;
  currency: string;
  timezone: string;
}) {
  const money = (amount: number) => ({ amount, currency });

  return {
    /** Counts a paid order: once, however often it is told. */
    async recordSale(orderId: string, tx?: Tx): Promise<void> {
      const sale = await orders.saleOf(orderId, tx);
      if (sale) await sales.record(sale, tx);
    },

    /** Counts what went back of an order: each refund once, however often it is told. */
    async recordRefunds(orderId: string, tx?: Tx): Promise<void> {
      for (const refund of await orders.refundsOf(orderId, tx)) await refunds.record(refund, tx);
    },

    async overview(period: Period): Promise<OverviewDto> {
      const [sum, back] = await Promise.all([sales.sum(currency, period), refunds.sum(currency, period)]);
      return {
        currency,
        orders: sum.orders,
        grossSales: money(sum.gross),
        discounts: money(sum.discount),
        netSales: money(sum.gross - sum.discount - back.net),
        refunded: money(back.total),
        totalRevenue: money(sum.total - back.total),
        averageOrderValue: money(sum.orders === 0 ? 0 : Math.round(sum.total / sum.orders)),
        unitsSold: sum.units,
      };
    },

    /** Captured less refunded by day, week or month; buckets without either are there with zero. */
    async revenue({ from, to, bucket }: Period & { bucket: Bucket }): Promise<RevenueDto> {
      const buckets = new Map<string, { orders: number; revenue: number }>(
        daysBetween(timezone, from, to).map((day) => [bucketStart(day, bucket), { orders: 0, revenue: 0 }]),
      );
      for (const day of await sales.byDay(currency, { from, to }, timezone)) {
        const sum = buckets.get(bucketStart(day._id, bucket));
        if (!sum) continue;
        sum.orders += day.orders;
        sum.revenue += day.revenue;
      }
      for (const day of await refunds.byDay(currency, { from, to }, timezone)) {
        const sum = buckets.get(bucketStart(day._id, bucket));
        if (sum) sum.revenue -= day.refunded;
      }
      return {
        currency,
        buckets: [...buckets].map(([start, { orders: count, revenue }]) => ({
          start,
          orders: count,
          revenue: money(revenue),
        })),
      };
    },

    async topSelling({ limit, ...period }: Period & { limit: number }): Promise<TopSellingDto> {
      const rows = await sales.topProducts(currency, period, limit);
      return { items: rows.map(({ sales: amount, ...row }) => ({ ...row, sales: money(amount) })) };
    },
  };
}

export type AnalyticsService = ReturnType<typeof createAnalyticsService>;
