import { moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** Years of four digits: calendar days are compared as texts. */
const moment = z.date().min(new Date('1970-01-02T00:00:00Z')).max(new Date('9999-12-30T00:00:00Z'));
/** A period of time, `[from, to)`. At most 400 days. */
const period = { from: moment, to: moment };
const isPeriod = ({ from, to }: { from: Date; to: Date }) =>
  from < to && to.getTime() - from.getTime() <= 400 * 24 * 3_600_000;
const periodMessage = { error: '`from` must be before `to`, and at most 400 days earlier' };

/** With `compareTo`, the same figures of the period before, or of the same dates a year before, stand beside them. */
export const overviewInput = z
  .strictObject({ ...period, compareTo: z.enum(['previous_period', 'previous_year']).optional() })
  .refine(isPeriod, periodMessage);
export const revenueInput = z
  .strictObject({ ...period, bucket: z.enum(['day', 'week', 'month']).default('day') })
  .refine(isPeriod, periodMessage);
export const topSellingInput = z
  .strictObject({ ...period, limit: z.number().int().min(1).max(50).default(10) })
  .refine(isPeriod, periodMessage);
export const couponUseInput = z
  .strictObject({ ...period, limit: z.number().int().min(1).max(100).default(20) })
  .refine(isPeriod, periodMessage);
export const conversionInput = z.strictObject(period).refine(isPeriod, periodMessage);
export const highestRatedInput = z.strictObject({ limit: z.number().int().min(1).max(50).default(10) });
export const lowStockInput = z.strictObject({
  threshold: z.number().int().min(0).max(1_000_000).default(5),
  ...pageInput,
});

/** One answer for each currency: the shop's first, always there, then the others that there is anything in. */
const byCurrency = <T extends z.ZodRawShape>(shape: T) =>
  z.object({ byCurrency: z.array(z.object({ currency: z.string(), ...shape })) });

/**
 * Sums over orders captured in the period, and over refunds that went through in it, of whatever orders. Net sales are gross
 * sales less discounts and refunds of goods, without tax and shipping; total revenue is captured less refunded.
 */
const figures = {
  orders: z.number().int(),
  grossSales: moneySchema,
  discounts: moneySchema,
  netSales: moneySchema,
  refunded: moneySchema,
  totalRevenue: moneySchema,
  averageOrderValue: moneySchema,
  unitsSold: z.number().int(),
};

/** By how much it changed, in basis points; null where there was nothing to change from. */
const change = z.number().nullable();

export const overviewOutput = byCurrency({
  ...figures,
  /** There when the input asked for it. */
  compared: z
    .object({
      ...figures,
      change: z.object({
        orders: change,
        grossSales: change,
        discounts: change,
        netSales: change,
        refunded: change,
        totalRevenue: change,
        averageOrderValue: change,
        unitsSold: change,
      }),
    })
    .optional(),
}).extend({
  /** The period that it is compared with, `[from, to)`. */
  comparedWith: z.object({ from: z.date(), to: z.date() }).optional(),
});

/** One bucket by calendar day (week, month) in the shop's time zone; `start` is that day as YYYY-MM-DD. */
export const revenueOutput = byCurrency({
  buckets: z.array(z.object({ start: z.string(), orders: z.number().int(), revenue: moneySchema })),
});

const productFields = {
  productId: z.string(),
  title: z.string(),
  slug: z.string(),
  image: z.string().nullable(),
};

/** Most units first; `sales` without tax, less discounts. */
export const topSellingOutput = byCurrency({
  items: z.array(z.object({ ...productFields, units: z.number().int(), sales: moneySchema })),
});

/**
 * Uses by orders captured in the period, most first. `discount` is what they took off, of shipping too, `netSales` what
 * remained of the goods, both without tax.
 */
export const couponUseOutput = byCurrency({
  items: z.array(
    z.object({
      couponId: z.string(),
      code: z.string(),
      uses: z.number().int(),
      discount: moneySchema,
      netSales: moneySchema,
    }),
  ),
});

/** Carts that got their first item in the period, and orders from carts captured in it; the rate in basis points. */
export const conversionOutput = z.object({
  carts: z.number().int(),
  orders: z.number().int(),
  /** Null where there were no carts. */
  rate: z.number().int().nullable(),
});

/** By a Bayesian average: few reviews weigh little. */
export const highestRatedOutput = z.object({
  items: z.array(z.object({ ...productFields, rating: z.object({ average: z.number(), count: z.number().int() }) })),
});

/** Variants of listed products of which at most so many can be sold, fewest first. */
export const lowStockOutput = pageOf(
  z.object({
    ...productFields,
    variantId: z.string(),
    sku: z.string(),
    options: z.record(z.string(), z.string()),
    onHand: z.number().int(),
    reserved: z.number().int(),
    available: z.number().int(),
  }),
);

export const onCountersInput = z.strictObject({});

/** What happened today in the shop's calendar; `day` as YYYY-MM-DD. `pendingOrders` are all that wait, of whatever day. */
export const countersSchema = z.object({
  type: z.literal('counters'),
  day: z.string(),
  ordersToday: z.number().int(),
  paidToday: z.number().int(),
  /** What the orders paid today come to, refunds not taken off; by currency, never added across. */
  revenueToday: z.array(moneySchema),
  pendingOrders: z.number().int(),
  at: z.date(),
});

export type CountersDto = z.infer<typeof countersSchema>;
export type OverviewDto = z.infer<typeof overviewOutput>;
export type RevenueDto = z.infer<typeof revenueOutput>;
export type TopSellingDto = z.infer<typeof topSellingOutput>;
export type CouponUseDto = z.infer<typeof couponUseOutput>;
export type ConversionDto = z.infer<typeof conversionOutput>;
export type HighestRatedDto = z.infer<typeof highestRatedOutput>;
export type LowStockDto = z.infer<typeof lowStockOutput>;
export type OverviewInput = z.infer<typeof overviewInput>;
export type LowStockInput = z.infer<typeof lowStockInput>;
