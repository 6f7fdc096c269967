import type Stripe from 'stripe';
import type { Money } from '@cartwright/domain-money';
import { fromStripeAmount, toStripeAmount, toStripeCurrency } from './amounts.ts';
import type {
  CheckoutSession,
  CheckoutSessionParams,
  Dispute,
  PaymentIntent,
  Refund,
  StripeEvent,
  StripeEventObject,
} from './types.ts';

const NAME_LENGTH_MAX = 250;
const DESCRIPTION_LENGTH_MAX = 500;

/** The request of a Checkout Session; the same parameters always give the same request. */
export function toSessionRequest(params: CheckoutSessionParams): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    client_reference_id: params.reference,
    metadata: { ...params.metadata },
    payment_intent_data: { description: params.description, metadata: { ...params.metadata } },
    line_items: params.lines.map((line) => ({
      quantity: line.quantity,
      price_data: {
        currency: toStripeCurrency(line.unitAmount.currency),
        unit_amount: toStripeAmount(line.unitAmount),
        product_data: {
          name: line.name.slice(0, NAME_LENGTH_MAX),
          ...(line.description ? { description: line.description.slice(0, DESCRIPTION_LENGTH_MAX) } : {}),
          ...(line.image ? { images: [line.image] } : {}),
        },
      },
    })),
    ...(params.coupon === undefined ? {} : { discounts: [{ coupon: params.coupon }] }),
    ...(params.shipping === undefined ? {} : { shipping_options: [shippingOption(params.shipping)] }),
    ...(params.customerEmail === undefined ? {} : { customer_email: params.customerEmail }),
    success_url: params.successUrl,
    cancel_url: params.cancelUrl,
    expires_at: params.expiresAt,
  };
}

function shippingOption(shipping: {
  label: string;
  amount: Money;
}): Stripe.Checkout.SessionCreateParams.ShippingOption {
  return {
    shipping_rate_data: {
      type: 'fixed_amount',
      display_name: shipping.label.slice(0, 100),
      fixed_amount: {
        amount: toStripeAmount(shipping.amount),
        currency: toStripeCurrency(shipping.amount.currency),
      },
    },
  };
}

export function toSession(session: Stripe.Checkout.Session): CheckoutSession {
  return {
    id: session.id,
    status: session.status === 'open' ? 'open' : session.status === 'expired' ? 'expired' : 'complete',
    paymentStatus: paymentStatusOf(session),
    url: session.url,
    total: moneyOrNull(session.amount_total, session.currency),
    raw: { amount: session.amount_total, currency: session.currency },
    paymentIntent: idOf(session.payment_intent),
    reference: session.client_reference_id,
    metadata: session.metadata ?? {},
    expiresAt: new Date(session.expires_at * 1000),
  };
}

/** A status of the future is no proof of payment. */
function paymentStatusOf({ payment_status: status }: Stripe.Checkout.Session): CheckoutSession['paymentStatus'] {
  if (status === 'paid') return 'paid';
  return status === 'no_payment_required' ? 'no_payment_required' : 'unpaid';
}

export function toPaymentIntent(intent: Stripe.PaymentIntent): PaymentIntent {
  const { id, status, amount_received: received, currency, metadata } = intent;
  return { id, status, received: moneyOrNull(received, currency), metadata };
}

/** Null for an amount that can't be ours. */
export function toListedRefund(refund: Stripe.Refund): Refund | null {
  return moneyOrNull(refund.amount, refund.currency) ? toRefund(refund) : null;
}

const REFUND_STATUSES = ['requires_action', 'succeeded', 'failed', 'canceled'] as const;

export function toRefund(refund: Stripe.Refund): Refund {
  return {
    id: refund.id,
    // A status of the future is no outcome.
    status: REFUND_STATUSES.find((status) => status === refund.status) ?? 'pending',
    amount: fromStripeAmount(refund.amount, refund.currency),
    createdAt: new Date(refund.created * 1000),
    paymentIntent: idOf(refund.payment_intent),
    metadata: refund.metadata ?? {},
  };
}

/** Null for inquiries, which move no money, and for amounts that can't be ours. */
export function toDispute(dispute: Stripe.Dispute): Dispute | null {
  const amount = moneyOrNull(dispute.amount, dispute.currency);
  if (!amount || dispute.status.startsWith('warning_')) return null;
  return {
    id: dispute.id,
    status: disputeStatusOf(dispute),
    amount,
    paymentIntent: idOf(dispute.payment_intent),
  };
}

/**
 * A prevented dispute is over before it began: either the buyer was paid back for the shop, or nothing happened. Stripe's
 * list of the money that moved (nothing, withdrawn, or withdrawn and reinstated) tells which.
 */
function disputeStatusOf({ status, balance_transactions: moves }: Stripe.Dispute): Dispute['status'] {
  if (status === 'prevented') return moves.length === 1 ? 'lost' : 'won';
  if (status === 'won') return 'won';
  return status === 'lost' ? 'lost' : 'open';
}

export function toEvent(event: Stripe.Event): StripeEvent {
  return {
    id: event.id,
    type: event.type,
    createdAt: new Date(event.created * 1000),
    livemode: event.livemode,
    object: objectOf(event),
  };
}

function objectOf(event: Stripe.Event): StripeEventObject {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
      return { kind: 'checkout_session', session: toSession(event.data.object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refundOf(event.data.object);
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return disputeOf(event.data.object);
    default:
      return { kind: 'other' };
  }
}

/** An account may serve others than the shop: an amount that can't be ours is nothing to us, and must not be in the way. */
function refundOf(refund: Stripe.Refund): StripeEventObject {
  const listed = toListedRefund(refund);
  return listed ? { kind: 'refund', refund: listed } : { kind: 'other' };
}

function disputeOf(object: Stripe.Dispute): StripeEventObject {
  const dispute = toDispute(object);
  return dispute ? { kind: 'dispute', dispute } : { kind: 'other' };
}

function moneyOrNull(amount: number | null, currency: string | null): Money | null {
  if (amount === null || currency === null) return null;
  try {
    return fromStripeAmount(amount, currency);
  } catch {
    return null;
  }
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
