import { emitEvent, NO_REQUEST, type Context } from '../core/context.ts';
import type { CheckoutSession, PaymentIntent } from '../core/objects.ts';
import { addIntent, chargeIntent, settleIntent } from './charging.ts';
import { findSession } from './checkout-sessions.ts';
import { shippingCostOf } from './session-parts.ts';
import { redeem, findCoupon } from './coupons.ts';
import type { TestMethod } from './payment-methods.ts';

export type PayResult =
  | { outcome: 'paid' | 'processing'; session: CheckoutSession }
  | { outcome: 'declined'; message: string; code: string }
  | { outcome: 'not_open'; session: CheckoutSession };

/** The buyer presses Pay on the hosted page. A session that is no longer open is answered with what became of it. */
export function paySession(
  context: Context,
  sessionId: string,
  input: { method: TestMethod; email: string | null; name: string | null; shippingRate: string | null },
): PayResult {
  return context.store.transaction(() => {
    let session = findSession(context, sessionId);
    if (session.status !== 'open') return { outcome: 'not_open', session };
    const spent = session.discounts.some((discount) => !isRedeemable(context, discount.coupon));
    if (spent) return { outcome: 'declined', message: 'The discount can no longer be used.', code: 'coupon_expired' };
    session = withShipping(context, session, input.shippingRate);
    const email = session.customer_email ?? (input.email || null);
    const details = {
      email,
      name: input.name || null,
      phone: null,
      address: null,
      tax_exempt: 'none',
      tax_ids: [],
    } as const;

    let intent: PaymentIntent | null = null;
    if (session.amount_total > 0) {
      const settings = context.store.get('sessionSettings', session.id);
      const known = session.payment_intent ? context.store.get('paymentIntents', session.payment_intent) : undefined;
      intent =
        known ??
        addIntent(context, NO_REQUEST, {
          amount: session.amount_total,
          currency: session.currency,
          customer: session.customer,
          description: settings?.intentDescription ?? null,
          metadata: settings?.intentMetadata ?? {},
          receiptEmail: email,
          methodTypes: session.payment_method_types,
        });
      intent = chargeIntent(context, NO_REQUEST, { ...intent, amount: session.amount_total }, input.method, details);
      session = { ...session, payment_intent: intent.id };
      if (intent.status === 'requires_payment_method') {
        context.store.put('sessions', session.id, session);
        const { behavior } = input.method;
        return behavior.kind === 'declined'
          ? { outcome: 'declined', message: behavior.message, code: behavior.code }
          : { outcome: 'declined', message: 'Your payment was declined.', code: 'card_declined' };
      }
    }
    const paymentStatus = intent === null ? 'no_payment_required' : intent.status === 'succeeded' ? 'paid' : 'unpaid';
    const completed: CheckoutSession = {
      ...session,
      status: 'complete',
      payment_status: paymentStatus,
      url: null,
      customer_details: { ...details, tax_ids: [] },
    };
    context.store.put('sessions', session.id, completed);
    context.store.remove('openSessions', session.id);
    for (const discount of completed.discounts) redeem(context, discount);
    emitEvent(context, NO_REQUEST, 'checkout.session.completed', completed);
    return { outcome: paymentStatus === 'unpaid' ? 'processing' : 'paid', session: completed };
  });
}

/**
 * Ends a delayed payment, named by its session or payment intent.
 * @returns the session as it is then, or null when nothing is in processing there
 */
export function settlePayment(
  context: Context,
  id: string,
  outcome: 'succeeded' | 'failed',
): CheckoutSession | PaymentIntent | null {
  return context.store.transaction(() => {
    const session = id.startsWith('cs_')
      ? context.store.get('sessions', id)
      : context.store.list('sessions').find((row) => row.payment_intent === id);
    const intent = settleIntent(context, NO_REQUEST, session?.payment_intent ?? id, outcome);
    if (!intent || !session) return intent;
    const changed: CheckoutSession = { ...session, payment_status: outcome === 'succeeded' ? 'paid' : 'unpaid' };
    context.store.put('sessions', session.id, changed);
    emitEvent(context, NO_REQUEST, `checkout.session.async_payment_${outcome}`, changed);
    return changed;
  });
}

/** The buyer may choose another of the session's shipping options. */
function withShipping(context: Context, session: CheckoutSession, rateId: string | null): CheckoutSession {
  const chosen = session.shipping_options.find((option) => option.shipping_rate === rateId);
  const rate = chosen ? context.store.get('shippingRates', chosen.shipping_rate) : undefined;
  if (!rate || rate.id === session.shipping_cost?.shipping_rate) return session;
  const difference = rate.fixed_amount.amount - session.total_details.amount_shipping;
  return {
    ...session,
    amount_total: session.amount_total + difference,
    shipping_cost: shippingCostOf(rate),
    total_details: { ...session.total_details, amount_shipping: rate.fixed_amount.amount },
  };
}

/** A coupon used up elsewhere while the session was open can no longer be redeemed; a deleted one was promised. */
function isRedeemable(context: Context, id: string): boolean {
  return context.store.get('coupons', id) === undefined || findCoupon(context, id).valid;
}
