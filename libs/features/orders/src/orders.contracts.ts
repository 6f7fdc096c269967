import {
  addressOutputSchema,
  addressSchema,
  idSchema,
  moneySchema,
  pageInput,
  pageOf,
  quantitySchema,
} from '@cartwright/api-core';
import { cartCouponSchema, cartViewSchema, lineProductSchema, priceStepSchema } from '@cartwright/feature-cart';
import { z } from 'zod';

export const orderStatusSchema = z.enum(['pending', 'paid', 'canceled']);
export const paymentStatusSchema = z.enum(['unpaid', 'processing', 'paid', 'partially_refunded', 'refunded']);
export const fulfillmentStatusSchema = z.enum(['unfulfilled', 'processing', 'shipped', 'delivered', 'returned']);
export const cancelReasonSchema = z.enum(['customer', 'admin', 'expired', 'payment_failed', 'banned', 'undeliverable']);
export const paymentMethodSchema = z.enum(['stripe_checkout', 'cash_on_delivery']);

const shippingMethodIdSchema = z.string().trim().min(1).max(40);
const urlSchema = z.url().max(2_000);

export const shippingMethodSchema = z.object({ id: z.string(), label: z.string(), price: moneySchema });
export const paymentMethodOptionSchema = z.object({ id: paymentMethodSchema, label: z.string() });

export const pricingSchema = z.object({
  currency: z.string(),
  taxMode: z.enum(['exclusive', 'inclusive']),
  lines: z.array(
    z.object({
      lineId: z.string(),
      unitPrice: moneySchema,
      quantity: z.number().int(),
      subtotal: moneySchema,
      discount: moneySchema,
      tax: moneySchema,
      taxBasisPoints: z.number().int(),
      total: moneySchema,
    }),
  ),
  shipping: z
    .object({
      amount: moneySchema,
      discount: moneySchema,
      tax: moneySchema,
      taxBasisPoints: z.number().int(),
      total: moneySchema,
    })
    .nullable(),
  /** Tax contained in the total when displayed prices are gross; zero otherwise. */
  includedTax: moneySchema,
  steps: z.array(priceStepSchema),
  total: moneySchema,
});

const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** The token of a guest's order. */
const orderTokenSchema = z.string().trim().min(16).max(128);

export const quoteInput = z.strictObject({
  /** Of guests: a coupon's limit per customer is looked at by it. */
  email: emailSchema.optional(),
  shippingAddress: addressSchema,
  billingAddress: addressSchema.optional(),
  shippingMethod: shippingMethodIdSchema.optional(),
  paymentMethod: paymentMethodSchema.optional(),
});

/** The price of the cart for an address and methods. Hand `quoteHash` and `cartVersion` back when placing the order. */
export const quoteOutput = z.object({
  pricing: pricingSchema,
  shippingMethods: z.array(shippingMethodSchema),
  paymentMethods: z.array(paymentMethodOptionSchema),
  shippingMethod: z.string(),
  paymentMethod: paymentMethodSchema,
  quoteHash: z.string(),
  cartVersion: z.number().int(),
  /** The cart's coupon, and why it gives nothing when it doesn't. */
  coupon: cartCouponSchema.optional(),
});

export const placeOrderInput = z.strictObject({
  /** Needed of guests. Orders of users carry their account's address, whatever stands here. */
  email: emailSchema.optional(),
  shippingAddress: addressSchema,
  billingAddress: addressSchema.optional(),
  shippingMethod: shippingMethodIdSchema,
  paymentMethod: paymentMethodSchema,
  quoteHash: z.string().min(16).max(128),
  cartVersion: z.number().int().min(0),
  note: z.string().trim().min(1).max(1_000).optional(),
  /** Where the payment page returns to; origins are limited to the shop's ALLOWED_RETURN_URLS. */
  successUrl: urlSchema.optional(),
  cancelUrl: urlSchema.optional(),
});

export const timelineEntrySchema = z.object({
  at: z.date(),
  kind: z.string(),
  by: z.enum(['customer', 'staff', 'system']),
  text: z.string(),
});

export const orderLineSchema = z.object({
  lineId: z.string(),
  variantId: z.string(),
  product: lineProductSchema,
  quantity: z.number().int(),
  unitPrice: moneySchema,
  subtotal: moneySchema,
  discount: moneySchema,
  tax: moneySchema,
  total: moneySchema,
  /** Where its pieces are. Delivered and returned ones are counted among the shipped; `open` ones are still to be sent. */
  progress: z.object({
    open: z.number().int(),
    withdrawn: z.number().int(),
    shipped: z.number().int(),
    delivered: z.number().int(),
    returned: z.number().int(),
    /** Pieces whose return can be asked for, as long as it is in time. */
    returnable: z.number().int(),
    /** Pieces whose money was given back, or is on its way. */
    refunded: z.number().int(),
  }),
});

const refundShareSchema = z.object({ amount: moneySchema, tax: moneySchema });
export const refundPartsSchema = z.object({
  /** By line; an amount without pieces is goodwill. Tax is contained in the amount. */
  lines: z.array(refundShareSchema.extend({ lineId: z.string(), quantity: z.number().int() })),
  shipping: refundShareSchema.nullable(),
});

export const orderRefundSchema = z.object({
  id: z.string(),
  amount: moneySchema,
  status: z.enum(['requested', 'pending', 'succeeded', 'failed']),
  /**
   * Its money has not stayed with the buyer: the payment provider asks the buyer where to send it, or a bank has it anew. It may
   * have succeeded before, and counts as it did.
   */
  waitsFor: z.enum(['buyer', 'bank']).optional(),
  at: z.date(),
  /** Made at the payment provider, or taken by a bank, not in the shop. */
  external: z.boolean(),
  /** Absent for a payment that the order had no need of, and for orders of another system. */
  parts: refundPartsSchema.optional(),
});

const piecesSchema = z.object({ lineId: z.string(), quantity: z.number().int() });
/** A parcel. */
export const shipmentSchema = z.object({
  id: z.string(),
  at: z.date(),
  carrier: z.string(),
  trackingNumber: z.string(),
  lines: z.array(piecesSchema),
  deliveredAt: z.date().optional(),
});

/** Pieces whose return was asked for. `answer` is what the shop wrote to the buyer. */
export const returnRequestSchema = z.object({
  id: z.string(),
  at: z.date(),
  lines: z.array(piecesSchema),
  reason: z.string(),
  status: z.enum(['asked', 'accepted', 'declined']),
  answeredAt: z.date().optional(),
  answer: z.string().optional(),
});

export const orderSchema = z.object({
  id: z.string(),
  number: z.string(),
  status: orderStatusSchema,
  paymentStatus: paymentStatusSchema,
  fulfillmentStatus: fulfillmentStatusSchema,
  /** A bank took money back, or is about to, since the buyer complained to it. */
  isDisputed: z.boolean(),
  /** Held for the shop to look at, since the account is banned; not shipped meanwhile. */
  inReview: z.boolean(),
  cancelReason: cancelReasonSchema.optional(),
  email: z.string(),
  /** Ordered without an account, and not claimed by one. */
  isGuest: z.boolean(),
  lines: z.array(orderLineSchema),
  pricing: pricingSchema,
  total: moneySchema,
  coupon: z.object({ code: z.string() }).optional(),
  shippingAddress: addressOutputSchema,
  billingAddress: addressOutputSchema,
  shippingMethod: z.object({ id: z.string(), label: z.string() }),
  paymentMethod: paymentMethodSchema,
  note: z.string().optional(),
  expiresAt: z.date().optional(),
  holdExpiresAt: z.date().optional(),
  timeline: z.array(timelineEntrySchema),
  refunds: z.array(orderRefundSchema),
  shipments: z.array(shipmentSchema),
  returnRequests: z.array(returnRequestSchema),
  version: z.number().int(),
  createdAt: z.date(),
});

export const placeOrderOutput = z.object({
  order: orderSchema,
  payment: z.object({ url: z.string().optional() }),
  /** Of a guest's order: opens it, and it alone, as `x-order-token`. */
  orderToken: z.string().optional(),
});
export const lookupOrderInput = z.strictObject({
  number: z.string().trim().toUpperCase().min(3).max(20),
  email: emailSchema,
});
export const lookupOrderOutput = z.object({ ok: z.literal(true) });
export const claimOrderInput = z.strictObject({ orderToken: orderTokenSchema });

export const orderSummarySchema = z.object({
  id: z.string(),
  number: z.string(),
  status: orderStatusSchema,
  paymentStatus: paymentStatusSchema,
  fulfillmentStatus: fulfillmentStatusSchema,
  paymentMethod: paymentMethodSchema,
  email: z.string(),
  itemCount: z.number().int(),
  total: moneySchema,
  image: z.string().nullable(),
  /** A return that its buyer asked for waits for the shop's answer. */
  returnRequested: z.boolean(),
  createdAt: z.date(),
});

export const listOrdersInput = z.strictObject({ ...pageInput });
export const listOrdersOutput = pageOf(orderSummarySchema);
export const orderIdInput = z.strictObject({ orderId: idSchema });
export const orderNumberInput = z.strictObject({ number: z.string().trim().toUpperCase().min(3).max(20) });
export const payOrderInput = z.strictObject({
  orderId: idSchema,
  successUrl: urlSchema.optional(),
  cancelUrl: urlSchema.optional(),
});
export const payOrderOutput = z.object({ url: z.string() });
export const paymentStatusOutput = z.object({
  orderId: z.string(),
  status: orderStatusSchema,
  paymentStatus: paymentStatusSchema,
});
export const requestReturnInput = z.strictObject({
  orderId: idSchema,
  lines: z
    .array(z.strictObject({ lineId: idSchema, quantity: quantitySchema }))
    .min(1)
    .max(50),
  reason: z.string().trim().min(1).max(500),
});
export const cancelOrderInput = z.strictObject({ orderId: idSchema, restoreCart: z.boolean().optional() });

const orderStatusFacts = {
  type: z.literal('order.status'),
  orderId: z.string(),
  number: z.string(),
  status: orderStatusSchema,
  paymentStatus: paymentStatusSchema,
  fulfillmentStatus: fulfillmentStatusSchema,
  /** Counts up with each change of the order: news of a lower one than is known is old. */
  version: z.number().int(),
  at: z.date(),
};

/** What a subscription to one's own orders yields. */
export const orderStatusEventSchema = z.object(orderStatusFacts);

/** What a subscription to all orders yields: what happened, and where the order stands since. */
export const orderActivityEventSchema = z.object({
  ...orderStatusFacts,
  change: z.enum(['placed', 'paid', 'canceled', 'updated']),
  total: moneySchema,
  /** Absent in what was told before there were returns. */
  returnRequested: z.boolean().default(false),
});
export const onStatusInput = z.strictObject({ orderId: idSchema.optional() });
export const onActivityInput = z.strictObject({});

/** The cart as it is now, and the variants that could not be had, or not as many as were ordered. */
export const reorderOutput = cartViewSchema.extend({ missing: z.array(z.string()) });

export type ReorderDto = z.infer<typeof reorderOutput>;
export type OrderDto = z.infer<typeof orderSchema>;
export type OrderSummaryDto = z.infer<typeof orderSummarySchema>;
export type QuoteInput = z.output<typeof quoteInput>;
export type QuoteDto = z.infer<typeof quoteOutput>;
export type PlaceOrderInput = z.output<typeof placeOrderInput>;
export type RequestReturnInput = z.output<typeof requestReturnInput>;
export type OrderStatusEvent = z.infer<typeof orderStatusEventSchema>;
export type OrderActivityEvent = z.infer<typeof orderActivityEventSchema>;
export type PaymentMethod = z.infer<typeof paymentMethodSchema>;
