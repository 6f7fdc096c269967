import type { CheckoutSession, PaymentIntent, StripeEvent } from '@cartwright/platform-stripe';

/** What became of a session, told by an event or found by asking. */
export type SessionNews = 'open' | 'paid' | 'processing' | 'failed' | 'expired';

/** The types of events that payments are told by; everything else is stored and left alone. */
export const HANDLED_EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'charge.dispute.closed',
] as const;

export function isHandledType(type: string): boolean {
  return HANDLED_EVENT_TYPES.some((handled) => handled === type);
}

/** The news an event of a session brings. An event shows its session as it was then. */
export function newsOfEvent(event: Pick<StripeEvent, 'type'>, session: CheckoutSession): SessionNews {
  if (event.type === 'checkout.session.async_payment_failed') return 'failed';
  return newsOfSession(session, null);
}

/**
 * The news a session brings by itself. Complete and unpaid is in processing, unless its payment intent (given when the
 * session was asked for rather than told of) says that the payment has fallen through.
 */
export function newsOfSession(session: CheckoutSession, intent: Pick<PaymentIntent, 'status'> | null): SessionNews {
  switch (session.status) {
    case 'open':
      return 'open';
    case 'expired':
      return 'expired';
    case 'complete': {
      if (session.paymentStatus !== 'unpaid') return 'paid';
      const fellThrough =
        intent !== null && (intent.status === 'requires_payment_method' || intent.status === 'canceled');
      return fellThrough ? 'failed' : 'processing';
    }
  }
}
