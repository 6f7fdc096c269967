import type { Money } from '@cartwright/domain-money';
import type { RefundWaitsFor } from '@cartwright/feature-orders';
import type { CheckoutSessionParams, CouponParams } from '@cartwright/platform-stripe';

/**
 * Where an attempt to pay stands.
 * starting: stored, the provider's answer is not known yet. open: the buyer can pay. processing: the buyer has, the
 * money is on its way. paid, failed, expired: over. abandoned: never reached the provider and never will.
 * quarantined: money came in that doesn't fit the order; a person must look at it.
 */
export const ATTEMPT_STATUSES = [
  'starting',
  'open',
  'processing',
  'paid',
  'failed',
  'expired',
  'abandoned',
  'quarantined',
] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** One try to get an order paid through Stripe Checkout, with the exact parameters of its calls. */
export interface PaymentAttempt {
  readonly id: string;
  readonly orderId: string;
  /** Counts up per order; part of the idempotency keys. */
  readonly number: number;
  readonly status: AttemptStatus;
  readonly total: Money;
  readonly coupon?: CouponParams | undefined;
  readonly session: CheckoutSessionParams;
  readonly sessionId?: string | undefined;
  readonly url?: string | undefined;
  /** When the session ends by itself. */
  readonly expiresAt: Date;
  /** Why it failed, for people. */
  readonly problem?: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The statuses in which the buyer has done his part: the order must not be treated as unpaid. */
export const COMPLETED_STATUSES: readonly AttemptStatus[] = ['processing', 'paid', 'quarantined'];

/** Who moves the money: Stripe, people with banknotes, or nobody where nothing is due. */
export type PaymentProvider = 'stripe' | 'cash' | 'none';

/** Money captured for an order. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly provider: PaymentProvider;
  /** The provider's id of the payment; unique. */
  readonly reference: string;
  readonly amount: Money;
  /** What is neither refunded nor being refunded, in minor units. */
  readonly refundable: number;
  readonly eventId?: string | undefined;
  readonly capturedAt: Date;
}

export type RefundStatus = 'requested' | 'pending' | 'succeeded' | 'failed';

/**
 * late: paid after the order was canceled. double: paid twice. mismatch: what came in didn't fit. order: asked for by people.
 * external: made at Stripe. dispute: taken by the buyer's bank.
 */
export type RefundCause = 'late' | 'double' | 'mismatch' | 'order' | 'external' | 'dispute';

/** Those that we ask for; of the others we are told. */
export type OwnCause = Exclude<RefundCause, 'external' | 'dispute'>;

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly provider: PaymentProvider;
  readonly cause: RefundCause;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly waitsFor?: RefundWaitsFor | undefined;
  /** The provider's id of the payment that is given back. */
  readonly paymentReference: string;
  readonly providerRefundId?: string | undefined;
  readonly problem?: string | undefined;
  /** Of when, as the provider says, the last news of it are. */
  readonly toldAt?: Date | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Money that came in and doesn't fit. Kept until a person has dealt with it. */
export interface Quarantined {
  /** The provider's id of what was paid: each is kept once. */
  readonly id: string;
  readonly orderId: string;
  /** The attempt through which it came; rows of earlier versions don't say. */
  readonly attemptId?: string | undefined;
  readonly reason: 'amount_mismatch' | 'currency_mismatch' | 'order_missing';
  readonly expected: Money;
  /** As the provider said it; perhaps not even a currency of ours. */
  readonly received: { readonly amount: number | null; readonly currency: string | null };
  readonly reference: string;
  readonly eventId?: string | undefined;
  readonly createdAt: Date;
}

/** What a person did about set-aside money. refund: given back from here. settled: dealt with at the provider. */
export interface Resolution {
  readonly action: 'refund' | 'settled';
  readonly by: string;
  readonly at: Date;
  readonly note?: string | undefined;
}
