import type { Money } from '@cartwright/domain-money';

export const ORDER_STATUSES = ['pending', 'paid', 'canceled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const FULFILLMENT_STATUSES = ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'] as const;
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number];

export const PAYMENT_STATUSES = ['unpaid', 'processing', 'paid', 'partially_refunded', 'refunded'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const CANCEL_REASONS = ['customer', 'admin', 'expired', 'payment_failed', 'banned', 'undeliverable'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** Prepaid orders are fulfilled once paid; those paid on delivery once confirmed. */
export type Settlement = 'prepaid' | 'on_delivery';

/** The part of an order its rules look at. Orders of the shop extend it. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  readonly paymentStatus: PaymentStatus;
  readonly settlement: Settlement;
  readonly total: Money;
  /** When an order paid on delivery was confirmed; without it, it can't be fulfilled unpaid. */
  readonly confirmedAt?: Date | undefined;
  /** Set while a cancel of a paid order waits for its refund; nothing is shipped meanwhile. */
  readonly cancelRequestedAt?: Date | undefined;
  /** Set while somebody has to look at the order, since its buyer is banned; nothing is shipped meanwhile. */
  readonly reviewSince?: Date | undefined;
  /** When an unpaid prepaid order is canceled. */
  readonly expiresAt?: Date | undefined;
  /** When stock and coupon of an unpaid prepaid order are given back. */
  readonly holdExpiresAt?: Date | undefined;
  /** Since when a payment is in processing: both clocks stand still. */
  readonly processingSince?: Date | undefined;
  readonly paidAt?: Date | undefined;
  readonly canceledAt?: Date | undefined;
  readonly cancelReason?: CancelReason | undefined;
}

/** What happened to an order, in the past tense. */
export type OrderEvent =
  | { readonly type: 'order.paid'; readonly at: Date; readonly paymentId: string }
  | { readonly type: 'order.payment_processing'; readonly at: Date }
  | { readonly type: 'order.payment_failed'; readonly at: Date }
  | { readonly type: 'order.canceled'; readonly at: Date; readonly reason: CancelReason };

/** The new state and what led to it. */
export interface Decision<O extends OrderState> {
  readonly order: O;
  readonly events: readonly OrderEvent[];
}
