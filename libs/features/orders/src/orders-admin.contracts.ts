import { idSchema, moneySchema, pageInput, quantitySchema } from '@cartwright/api-core';
import { z } from 'zod';
import {
  fulfillmentStatusSchema,
  orderRefundSchema,
  orderSchema,
  orderStatusSchema,
  paymentStatusSchema,
  refundPartsSchema,
  timelineEntrySchema,
} from './orders.contracts.ts';

const LINES_MAX = 50;
const BULK_MAX = 100;
const words = (max: number) => z.string().trim().min(1).max(max);
const linesOf = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX);
const pieces = z.strictObject({ lineId: idSchema, quantity: quantitySchema });

/** What staff can do with an order as it is. */
export const orderActionSchema = z.enum([
  'startProcessing',
  'ship',
  'markDelivered',
  'markReturned',
  'recordPayment',
  'refund',
  'cancel',
]);

/** An order as the shop sees it. */
export const adminOrderSchema = orderSchema.extend({
  refunds: z.array(
    orderRefundSchema.extend({
      /** Why, as staff wrote it. */
      reason: z.string().optional(),
      /** A failed one can be asked for again, once. */
      isRetryable: z.boolean(),
    }),
  ),
  /** What can still be given back. */
  refundable: moneySchema,
  /** It is canceled as soon as its money is back. */
  isBeingCanceled: z.boolean(),
  /** Its money came in through another system, and has to go back through that one. */
  paidElsewhere: z.boolean(),
  actions: z.array(orderActionSchema),
});

export const adminListOrdersInput = z.strictObject({
  status: orderStatusSchema.optional(),
  paymentStatus: paymentStatusSchema.optional(),
  fulfillmentStatus: fulfillmentStatusSchema.optional(),
  /** Those alone of which a return was asked for that waits for an answer. */
  returnRequested: z.literal(true).optional(),
  /** Placed in `[from, to)`. */
  from: z.date().optional(),
  to: z.date().optional(),
  /** Order number or the start of an e-mail address. */
  query: z.string().trim().min(1).max(100).optional(),
  ...pageInput,
});

/** How many orders wait for something the shop has to do; counted up to 100. */
export const orderCountsOutput = z.object({ returnRequested: z.number().int() });

export const orderTimelineOutput = z.object({
  items: z.array(
    timelineEntrySchema.extend({
      /** The member of staff who did it; without a name once the account is gone. */
      actor: z.object({ id: z.string(), name: z.string().optional() }).optional(),
      /** A reason or a note; for staff. */
      detail: z.string().optional(),
    }),
  ),
});

const refundWish = {
  orderId: idSchema,
  /** `restock` pieces go back on sale; by default those that were not sent yet. */
  lines: linesOf(
    z.strictObject({
      lineId: idSchema,
      quantity: quantitySchema,
      restock: z.number().int().min(0).max(999).optional(),
    }),
  ).optional(),
  /** All that is left of the shipping. */
  shipping: z.boolean().optional(),
  /** A goodwill amount on top. */
  amount: moneySchema.optional(),
  /** All that is left; instead of the others. */
  full: z.boolean().optional(),
};
type Wish = { lines?: unknown; shipping?: unknown; amount?: unknown; full?: boolean | undefined };
/** Whether something is asked for, and not all beside a part. */
export const isOneWish = ({ full, ...parts }: Wish) =>
  full === true
    ? !parts.shipping && parts.lines === undefined && parts.amount === undefined
    : Boolean(parts.shipping) || parts.lines !== undefined || parts.amount !== undefined;
const oneWishMessage = { error: 'Name lines, shipping or an amount; or all of it by `full` alone' };

export const previewRefundInput = z.strictObject(refundWish).refine(isOneWish, oneWishMessage);
export const refundInput = z.strictObject({ ...refundWish, reason: words(500) });

/** What a refund would come to, and what is left afterwards. */
export const previewRefundOutput = z.object({
  amount: moneySchema,
  /** Contained in the amount. */
  tax: moneySchema,
  parts: refundPartsSchema,
  refundable: moneySchema,
  /** Whether the caller may give back so much. */
  isAllowed: z.boolean(),
});

export const refundOutput = z.object({ refundId: z.string(), order: adminOrderSchema });
export const retryRefundInput = z.strictObject({ orderId: idSchema, refundId: idSchema });

export const shipInput = z.strictObject({
  orderId: idSchema,
  /** All that is still to be sent when absent. */
  lines: linesOf(pieces).optional(),
  carrier: words(60),
  trackingNumber: words(100),
});
/** One parcel, or all of the order's when it is absent. */
export const markDeliveredInput = z.strictObject({ orderId: idSchema, shipmentId: idSchema.optional() });
/** `restock` puts the pieces back on sale. */
export const markReturnedInput = z.strictObject({ orderId: idSchema, lines: linesOf(pieces), restock: z.boolean() });
/** A buyer whose wish is declined is told why. */
export const answerReturnInput = z
  .strictObject({ orderId: idSchema, requestId: idSchema, accept: z.boolean(), answer: words(500).optional() })
  .refine(({ accept, answer }) => accept || answer !== undefined, { error: 'Say why', path: ['answer'] });
export const adminCancelInput = z.strictObject({ orderId: idSchema, reason: words(500).optional() });
export const orderNoteInput = z.strictObject({ orderId: idSchema, text: words(2_000) });

export const bulkInput = z.strictObject({
  orderIds: z.array(idSchema).min(1).max(BULK_MAX),
  action: z.enum(['startProcessing', 'markDelivered']),
});
/** What became of each, in the order of the ids; one that is refused stops no other. */
export const bulkOutput = z.object({
  results: z.array(z.object({ orderId: z.string(), ok: z.boolean(), reason: z.string().optional() })),
});

export type AdminOrderDto = z.infer<typeof adminOrderSchema>;
export type OrderCountsDto = z.infer<typeof orderCountsOutput>;
export type OrderAction = z.infer<typeof orderActionSchema>;
export type OrderTimelineDto = z.infer<typeof orderTimelineOutput>;
export type RefundWish = z.output<typeof previewRefundInput>;
export type RefundInput = z.output<typeof refundInput>;
export type PreviewRefundDto = z.infer<typeof previewRefundOutput>;
export type ShipInput = z.output<typeof shipInput>;
export type AnswerReturnInput = z.output<typeof answerReturnInput>;
export type MarkReturnedInput = z.output<typeof markReturnedInput>;
export type BulkInput = z.output<typeof bulkInput>;
