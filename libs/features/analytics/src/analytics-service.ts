import type { Tx } from '@cartwright/platform-mongo';
import type { OverviewDto, RevenueDto, TopSellingDto } from './analytics.contracts.ts';
import { bucketStart, daysBetween, type Bucket } from './calendar.ts';
import type { SaleDoc } from './sale.model.ts';
import type { Period, SaleRepository } from './sale-repository.ts';

/** What analytics needs of orders: an order as a sale, by id; null while nothing was captured. */
export interface CapturedOrdersPort {
  saleOf(orderId: string, tx?: Tx): Promise<SaleDoc | null>;
}

/** Figures for operators, over orders captured in `[from, to)`, in the shop's currency and calendar. */
export function createAnalyticsService({
  sales,
  orders,
  currency,
  timezone,
}: {
  sales: SaleRepository;
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

    async overview(period: Period): Promise<OverviewDto> {
      const sum = await sales.sum(currency, period);
      return {
        currency,
        orders: sum.orders,
        grossSales: money(sum.gross),
        discounts: money(sum.discount),
        netSales: money(sum.gross - sum.discount),
        totalRevenue: money(sum.total),
        averageOrderValue: money(sum.orders === 0 ? 0 : Math.round(sum.total / sum.orders)),
        unitsSold: sum.units,
      };
    },

    /** Revenue by day, week or month; buckets without a sale are there with zero. */
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
