import { moneySchema } from '@cartwright/api-core';
import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';
import {
  cancelReasonSchema,
  fulfillmentStatusSchema,
  orderStatusSchema,
  paymentMethodSchema,
  paymentStatusSchema,
} from './orders.contracts.ts';

/** What every event of an order tells: its state after the change. */
const facts = {
  orderId: z.string(),
  number: z.string(),
  userId: z.string(),
  /** Of a guest's order: what the token in its mails is derived from. */
  guestSeed: z.string().optional(),
  email: z.string(),
  status: orderStatusSchema,
  paymentStatus: paymentStatusSchema,
  fulfillmentStatus: fulfillmentStatusSchema,
  paymentMethod: paymentMethodSchema,
  total: moneySchema,
  /** A return waits for an answer. Absent in older events. */
  returnRequested: z.boolean().default(false),
};

const lines = z.array(
  z.object({
    lineId: z.string(),
    variantId: z.string(),
    productId: z.string(),
    title: z.string(),
    sku: z.string(),
    quantity: z.number().int(),
    /** What the buyer pays for the line. */
    total: moneySchema,
  }),
);

/** An order was placed. `expiresAt` and `holdExpiresAt` are there for unpaid prepaid ones only. */
export const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 1,
  payload: z.object({ ...facts, lines, expiresAt: z.date().optional(), holdExpiresAt: z.date().optional() }),
});

/** Its money came in. */
export const orderPaid = defineEvent({
  type: 'order.paid',
  version: 1,
  payload: z.object({ ...facts, lines, paymentId: z.string() }),
});

/** It was canceled; stock and coupon were given back in the same transaction. */
export const orderCanceled = defineEvent({
  type: 'order.canceled',
  version: 1,
  payload: z.object({ ...facts, reason: cancelReasonSchema }),
});

/** Anything else changed its status: a payment in processing or fallen through, a hold renewed, a step of fulfilment. */
export const orderUpdated = defineEvent({
  type: 'order.updated',
  version: 1,
  payload: z.object({ ...facts, expiresAt: z.date().optional(), holdExpiresAt: z.date().optional() }),
});

/** A payment in processing fell through; the order can be paid anew. Comes beside `order.updated`. */
export const orderPaymentFailed = defineEvent({
  type: 'order.payment_failed',
  version: 1,
  payload: z.object(facts),
});

/** Somebody asked for a link to a guest's order, by what they say its number and address are. */
export const orderLinkRequested = defineEvent({
  type: 'order.link_requested',
  version: 1,
  payload: z.object({ requestId: z.string(), number: z.string(), email: z.string() }),
});

/** Money went back to the buyer: of the order's payment, or one it had no need of. Comes beside `order.updated`. */
export const orderRefunded = defineEvent({
  type: 'order.refunded',
  version: 1,
  payload: z.object({
    ...facts,
    refundId: z.string(),
    amount: moneySchema,
    /** A bank took it, since the buyer complained to it. */
    isDispute: z.boolean().optional(),
  }),
});

/** Money that had gone back came in again: the refund had gone through, and failed after all. */
export const orderRefundBounced = defineEvent({
  type: 'order.refund_bounced',
  version: 1,
  payload: z.object({ ...facts, refundId: z.string(), amount: moneySchema }),
});

/** A parcel left, with all of the order or a part of it. Comes beside `order.updated`. */
export const orderShipped = defineEvent({
  type: 'order.shipped',
  version: 1,
  payload: z.object({
    ...facts,
    shipmentId: z.string(),
    carrier: z.string(),
    trackingNumber: z.string(),
    lines: z.array(z.object({ lineId: z.string(), title: z.string(), quantity: z.number().int() })),
  }),
});

/** Its buyer asked to send pieces back. Comes beside `order.updated`. */
export const orderReturnRequested = defineEvent({
  type: 'order.return_requested',
  version: 1,
  payload: z.object({ ...facts, requestId: z.string() }),
});

/** The shop said yes or no to that. Comes beside `order.updated`. */
export const orderReturnAnswered = defineEvent({
  type: 'order.return_answered',
  version: 1,
  payload: z.object({ ...facts, requestId: z.string(), accepted: z.boolean(), answer: z.string().optional() }),
});

/** Everything that was to be sent arrived. Comes beside `order.updated`. */
export const orderDelivered = defineEvent({ type: 'order.delivered', version: 1, payload: z.object(facts) });
