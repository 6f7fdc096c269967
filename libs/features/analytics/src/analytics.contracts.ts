import { moneySchema } from '@cartwright/api-core';
import { z } from 'zod';

/** Years of four digits: calendar days are compared as texts. */
const moment = z.date().min(new Date('1970-01-02T00:00:00Z')).max(new Date('9999-12-30T00:00:00Z'));
/** A period of time, `[from, to)`. At most 400 days. */
const period = { from: moment, to: moment };
const isPeriod = ({ from, to }: { from: Date; to: Date }) =>
  from < to && to.getTime() - from.getTime() <= 400 * 24 * 3_600_000;
const periodMessage = { error: '`from` must be before `to`, and at most 400 days earlier' };

export const overviewInput = z.strictObject(period).refine(isPeriod, periodMessage);
export const revenueInput = z
  .strictObject({ ...period, bucket: z.enum(['day', 'week', 'month']).default('day') })
  .refine(isPeriod, periodMessage);
export const topSellingInput = z
  .strictObject({ ...period, limit: z.number().int().min(1).max(50).default(10) })
  .refine(isPeriod, periodMessage);

/**
 * Sums over orders captured in the period, and over refunds that went through in it, of whatever orders. Net sales are gross
 * sales less discounts and refunds of goods, without tax and shipping; total revenue is captured less refunded.
 */
export const overviewOutput = z.object({
  currency: z.string(),
  orders: z.number().int(),
  grossSales: moneySchema,
  discounts: moneySchema,
  netSales: moneySchema,
  refunded: moneySchema,
  totalRevenue: moneySchema,
  averageOrderValue: moneySchema,
  unitsSold: z.number().int(),
});

/** One bucket by calendar day (week, month) in the shop's time zone; `start` is that day as YYYY-MM-DD. */
export const revenueOutput = z.object({
  currency: z.string(),
  buckets: z.array(z.object({ start: z.string(), orders: z.number().int(), revenue: moneySchema })),
});

export const topSellingOutput = z.object({
  items: z.array(
    z.object({
      productId: z.string(),
      title: z.string(),
      slug: z.string(),
      image: z.string().nullable(),
      units: z.number().int(),
      sales: moneySchema,
    }),
  ),
});

export const onCountersInput = z.strictObject({});

/** What happened today in the shop's calendar; `day` as YYYY-MM-DD. `pendingOrders` are all that wait, of whatever day. */
export const countersSchema = z.object({
  type: z.literal('counters'),
  day: z.string(),
  ordersToday: z.number().int(),
  paidToday: z.number().int(),
  /** By currency, never added across. */
  revenueToday: z.array(moneySchema),
  pendingOrders: z.number().int(),
  at: z.date(),
});

export type CountersDto = z.infer<typeof countersSchema>;
export type OverviewDto = z.infer<typeof overviewOutput>;
export type RevenueDto = z.infer<typeof revenueOutput>;
export type TopSellingDto = z.infer<typeof topSellingOutput>;
