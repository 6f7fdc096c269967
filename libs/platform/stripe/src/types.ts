import type { Money } from '@cartwright/domain-money';

/**
 * What a Checkout Session is made of. Plain data: it is stored before the call and sent again unchanged, so the same
 * parameters must always become the same request.
 */
export interface CheckoutSessionParams {
  /** Our name for what is paid; comes back with every event of the session. */
  readonly reference: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Shown in Stripe's dashboard and on some statements. */
  readonly description: string;
  readonly lines: readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly image?: string | undefined;
    readonly unitAmount: Money;
    readonly quantity: number;
  }[];
  /** Id of a coupon made with `createCoupon`. */
  readonly coupon?: string | undefined;
  readonly shipping?: { readonly label: string; readonly amount: Money } | undefined;
  readonly customerEmail?: string | undefined;
  /** May hold `{CHECKOUT_SESSION_ID}`. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Unix seconds; Stripe takes 30 minutes to 24 hours from now. */
  readonly expiresAt: number;
}

/** A discount of a fixed amount that can be used once. */
export interface CouponParams {
  readonly id: string;
  readonly amountOff: Money;
  /** Shown to the buyer; cut to 40 characters. */
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RefundParams {
  readonly paymentIntent: string;
  /** All that is left when absent. */
  readonly amount?: Money | undefined;
  readonly reason?: 'duplicate' | 'fraudulent' | 'requested_by_customer' | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface CheckoutSession {
  readonly id: string;
  readonly status: 'open' | 'complete' | 'expired';
  readonly paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  /** The hosted page, while the session is open. */
  readonly url: string | null;
  /** Null when Stripe names no amount, or one in a currency or a fraction that can't be ours. */
  readonly total: Money | null;
  /** What Stripe said, for records of what doesn't fit. */
  readonly raw: { readonly amount: number | null; readonly currency: string | null };
  readonly paymentIntent: string | null;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export interface PaymentIntent {
  readonly id: string;
  /** `processing` while a delayed method settles, `succeeded`, or one of Stripe's other words. */
  readonly status: string;
  /** What came in; null when it is an amount that can't be ours. */
  readonly received: Money | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A stretch of time: from, and up to but not including, `to`; whole seconds, as Stripe counts. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface Refund {
  readonly id: string;
  /** `requires_action`: Stripe waits for the buyer to say where the money goes; also after a bank has sent it back. */
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  readonly amount: Money;
  readonly createdAt: Date;
  readonly paymentIntent: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Money that a buyer's bank wants back, or took. Stripe withdraws it while the dispute is open. */
export interface Dispute {
  readonly id: string;
  /** `won` gives the money back to the shop. */
  readonly status: 'open' | 'won' | 'lost';
  readonly amount: Money;
  readonly paymentIntent: string | null;
}

/** An event as far as the shop understands it; everything else is `other`. */
export type StripeEventObject =
  | { readonly kind: 'checkout_session'; readonly session: CheckoutSession }
  | { readonly kind: 'refund'; readonly refund: Refund }
  | { readonly kind: 'dispute'; readonly dispute: Dispute }
  | { readonly kind: 'other' };

export interface StripeEvent {
  readonly id: string;
  /** As Stripe names it: `checkout.session.completed`. */
  readonly type: string;
  readonly createdAt: Date;
  readonly livemode: boolean;
  readonly object: StripeEventObject;
}

export type WebhookRefusal = 'signature' | 'livemode' | 'malformed';

export type WebhookVerification =
  { readonly ok: true; readonly event: StripeEvent } | { readonly ok: false; readonly refusal: WebhookRefusal };
