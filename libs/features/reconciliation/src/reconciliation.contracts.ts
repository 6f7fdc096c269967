import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** What is gone through, in this order. */
export const CHECKS = [
  'orders',
  'payments',
  'refunds',
  'stock',
  'coupons',
  'coupon_customers',
  'coupon_uses',
  'events',
  'provider',
  'invoices',
  'invoice_numbers',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** What can be wrong; see the guide on reconciliation for each. */
export const DIFFERENCE_KINDS = [
  'order_state',
  'order_total',
  'order_pieces',
  'order_payment_missing',
  'order_amount',
  'order_payment_status',
  'order_canceled_paid',
  'order_canceled_holding',
  'order_paid_released',
  'order_refund_missing',
  'order_refund_unknown',
  'order_refund_differs',
  'order_attempt_unbooked',
  'order_coupon_unrecorded',
  'payment_without_order',
  'payment_not_returned',
  'payment_remainder',
  'payment_overrefunded',
  'refund_without_payment',
  'refund_without_reference',
  'stock_on_hand',
  'stock_reserved',
  'stock_held',
  'stock_negative',
  'coupon_uses',
  'coupon_customers',
  'coupon_customer_uses',
  'coupon_use_uncounted',
  'coupon_use_without_order',
  'coupon_use_kept',
  'coupon_use_missing',
  'event_stuck',
  'provider_unknown',
  'provider_missing',
  'provider_differs',
  'invoice_missing',
  'invoice_unknown',
  'invoice_differs',
  'invoice_numbers',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export const differenceSubjectSchema = z.object({
  orderId: z.string().optional(),
  orderNumber: z.string().optional(),
  paymentId: z.string().optional(),
  refundId: z.string().optional(),
  /** The provider's id of a payment, refund or dispute. */
  reference: z.string().optional(),
  productId: z.string().optional(),
  variantId: z.string().optional(),
  couponId: z.string().optional(),
  couponCode: z.string().optional(),
  /** The customer's user id; absent for guests. */
  customerId: z.string().optional(),
  eventId: z.string().optional(),
  /** Of an invoice or a credit note. */
  documentNumber: z.string().optional(),
});
export type DifferenceSubject = z.infer<typeof differenceSubjectSchema>;

export const differenceSchema = z.object({
  id: z.string(),
  check: z.enum(CHECKS),
  kind: z.enum(DIFFERENCE_KINDS),
  subject: differenceSubjectSchema,
  expected: z.string(),
  found: z.string(),
  text: z.string(),
});

export const reconciliationReportSchema = z.object({
  id: z.string(),
  trigger: z.enum(['nightly', 'manual']),
  /** Who asked for it; absent for a nightly one. */
  startedBy: z.string().optional(),
  state: z.enum(['running', 'finished', 'failed']),
  startedAt: z.date(),
  finishedAt: z.date().optional(),
  /** Why it failed, for people. */
  problem: z.string().optional(),
  /** What of the provider's books was compared: begun from here on and before there. */
  from: z.date(),
  to: z.date(),
  /** All that were found; the first thousand are kept. */
  differences: z.number().int(),
  checks: z.array(
    z.object({
      name: z.enum(CHECKS),
      state: z.enum(['waiting', 'running', 'done']),
      examined: z.number().int(),
      differences: z.number().int(),
    }),
  ),
});

export const listReportsInput = z.strictObject({ ...pageInput });
export const listReportsOutput = pageOf(reconciliationReportSchema);
export const reportInput = z.strictObject({ reportId: idSchema });
export const listDifferencesInput = z.strictObject({ reportId: idSchema, ...pageInput });
export const listDifferencesOutput = pageOf(differenceSchema);

export type ReconciliationReportDto = z.infer<typeof reconciliationReportSchema>;
export type DifferenceDto = z.infer<typeof differenceSchema>;
