import { noSuch, refused } from '../core/api-error.ts';
import { emitEvent, NO_REQUEST, type Context, type Origin } from '../core/context.ts';
import { displayAmount, stepOf } from '../core/currencies.ts';
import { randomId } from '../core/ids.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Charge, Refund } from '../core/objects.ts';
import { integer, list, metadata, oneOf, optional, text } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { refundBehaviorOf, scheduleRefund } from './charging.ts';
import { mergeMetadata } from './customers.ts';
import { findIntent } from './payment-intents.ts';

const expand = optional(list(text()));

export const refundRoutes: Route[] = [
  route(
    'POST',
    '/v1/refunds',
    {
      charge: optional(text()),
      payment_intent: optional(text()),
      amount: optional(integer({ min: 1 })),
      currency: optional(text()),
      reason: optional(oneOf('duplicate', 'fraudulent', 'requested_by_customer')),
      metadata: optional(metadata()),
      instructions_email: optional(text()),
      expand,
    },
    ({ context, origin, params }) => {
      const charge = chargeToRefund(context, params.charge, params.payment_intent);
      const disputes = context.store.list('disputes').filter((dispute) => dispute.charge === charge.id);
      if (disputes.some(({ status }) => status !== 'won')) {
        const code = 'charge_disputed';
        throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code });
      }
      const left = charge.amount_captured - charge.amount_refunded;
      if (left <= 0) {
        throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
      }
      const amount = params.amount ?? left;
      if (amount > left) {
        const asked = displayAmount(amount, charge.currency);
        throw refused(
          `Refund amount (${asked}) is greater than unrefunded amount on charge (${displayAmount(left, charge.currency)})`,
          { param: 'amount' },
        );
      }
      const step = stepOf(charge.currency);
      if (amount % step !== 0) {
        throw refused(`Invalid amount: amounts in ${charge.currency} must be a multiple of ${step}.`, {
          param: 'amount',
        });
      }
      return refundCharge(context, origin, charge, amount, {
        reason: params.reason ?? null,
        metadata: mergeMetadata({}, params.metadata),
      });
    },
  ),
  route(
    'GET',
    '/v1/refunds',
    { ...pageParams, charge: optional(text()), payment_intent: optional(text()), created: createdParam },
    (call) => {
      const { charge, payment_intent: intent, created } = call.params;
      const rows = call.context.store
        .list('refunds')
        .filter(
          (row) =>
            (charge === undefined || row.charge === charge) &&
            (intent === undefined || row.payment_intent === intent) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/refunds', 'refund');
    },
  ),
  route('GET', '/v1/refunds/:id', { expand }, ({ context, path }) => findRefund(context, pathId(path))),
  route('POST', '/v1/refunds/:id', { metadata: optional(metadata()), expand }, ({ context, origin, params, path }) => {
    const kept = findRefund(context, pathId(path));
    const changed = { ...kept, metadata: mergeMetadata(kept.metadata, params.metadata) };
    context.store.put('refunds', kept.id, changed);
    emitEvent(context, origin, 'refund.updated', changed, { metadata: kept.metadata });
    return changed;
  }),
];

function findRefund(context: Context, id: string): Refund {
  const refund = context.store.get('refunds', id);
  if (!refund) throw noSuch('refund', id);
  return refund;
}

function chargeToRefund(context: Context, chargeId: string | undefined, intentId: string | undefined): Charge {
  if ((chargeId === undefined) === (intentId === undefined)) {
    throw refused('One of the following params should be provided for this request: payment_intent or charge.');
  }
  if (chargeId !== undefined) {
    const charge = context.store.get('charges', chargeId);
    if (!charge) throw noSuch('charge', chargeId, 'charge');
    if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} was not successful and can't be refunded.`);
    return charge;
  }
  const intent = findIntent(context, intentId ?? '', 'payment_intent');
  const charge = intent.latest_charge ? context.store.get('charges', intent.latest_charge) : undefined;
  if (!charge || charge.status !== 'succeeded') {
    throw refused(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    });
  }
  return charge;
}

function refundCharge(
  context: Context,
  origin: Origin,
  charge: Charge,
  amount: number,
  details: { reason: string | null; metadata: Record<string, string> },
): Refund {
  const { store } = context;
  const behavior = refundBehaviorOf(charge);
  const forced = store.get('settings', 'nextRefundStatus');
  if (forced !== undefined) store.remove('settings', 'nextRefundStatus');
  const pending = behavior === 'pending_then_succeeded' || forced === 'pending';
  const refund: Refund = {
    id: randomId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: context.now(),
    currency: charge.currency,
    metadata: details.metadata,
    payment_intent: charge.payment_intent,
    reason: details.reason,
    receipt_number: null,
    status: pending ? 'pending' : 'succeeded',
  };
  const refunded = charge.amount_refunded + amount;
  const changed: Charge = { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount_captured };
  store.put('refunds', refund.id, refund);
  store.put('charges', charge.id, changed);
  emitEvent(context, origin, 'refund.created', refund);
  emitEvent(context, origin, 'charge.refunded', changed, {
    amount_refunded: charge.amount_refunded,
    refunded: charge.refunded,
  });
  if (behavior !== null) scheduleRefund(context, refund.id, behavior.endsWith('failed') ? 'failed' : 'succeeded');
  return refund;
}

/** What may become of a refund. Banks may send back one that succeeded for weeks; then Stripe may ask the buyer where to. */
const NEXT: Readonly<Record<Refund['status'], readonly Refund['status'][]>> = {
  pending: ['requires_action', 'succeeded', 'failed'],
  requires_action: ['pending', 'succeeded', 'failed', 'canceled'],
  succeeded: ['requires_action', 'failed'],
  failed: [],
  canceled: [],
};

/** The outcomes that can be asked for. */
export const REFUND_OUTCOMES = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const;

/**
 * Moves a refund on. One that failed or was canceled gives its amount back to the charge. @returns null when that can't
 * become of it
 */
export function settleRefund(context: Context, id: string, outcome: Refund['status']): Refund | null {
  const { store } = context;
  return store.transaction(() => {
    const refund = store.get('refunds', id);
    if (!refund || !NEXT[refund.status].includes(outcome)) return null;
    const isOver = outcome === 'failed' || outcome === 'canceled';
    const changed: Refund = {
      ...refund,
      status: outcome,
      ...(outcome === 'failed' ? { failure_reason: 'expired_or_canceled_card' } : {}),
      ...(outcome === 'canceled' ? { failure_reason: 'merchant_request' } : {}),
    };
    store.put('refunds', id, changed);
    const charge = store.get('charges', refund.charge);
    if (isOver && charge) {
      store.put('charges', charge.id, {
        ...charge,
        amount_refunded: charge.amount_refunded - refund.amount,
        refunded: false,
      });
    }
    const before = { status: refund.status };
    emitEvent(context, NO_REQUEST, 'refund.updated', changed, before);
    if (outcome === 'failed') emitEvent(context, NO_REQUEST, 'refund.failed', changed, before);
    return changed;
  });
}
