import { noSuch } from '../core/api-error.ts';
import { emitEvent, modeId, NO_REQUEST, type Context } from '../core/context.ts';
import { randomId } from '../core/ids.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Dispute } from '../core/objects.ts';
import { list, optional, text } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';

export const disputeRoutes: Route[] = [
  route(
    'GET',
    '/v1/disputes',
    { ...pageParams, charge: optional(text()), payment_intent: optional(text()), created: createdParam },
    (call) => {
      const { charge, payment_intent: intent, created } = call.params;
      const rows = call.context.store
        .list('disputes')
        .filter(
          (row) =>
            (charge === undefined || row.charge === charge) &&
            (intent === undefined || row.payment_intent === intent) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/disputes', 'dispute');
    },
  ),
  route('GET', '/v1/disputes/:id', { expand: optional(list(text())) }, ({ context, path }) => {
    const id = pathId(path);
    const dispute = context.store.get('disputes', id);
    if (!dispute) throw noSuch('dispute', id);
    return dispute;
  }),
];

/** A buyer's bank wants the money of a payment back, or a part of it. @returns null for a payment without a charge */
export function openDispute(context: Context, paymentIntent: string, amount?: number): Dispute | null {
  const { store } = context;
  return store.transaction(() => {
    const charge = store.list('charges').find((row) => row.payment_intent === paymentIntent && row.paid);
    if (!charge) return null;
    const dispute: Dispute = {
      id: modeId(context, 'dp'),
      object: 'dispute',
      amount: amount ?? charge.amount_captured - charge.amount_refunded,
      balance_transactions: [{ id: randomId('txn'), object: 'balance_transaction' }],
      charge: charge.id,
      created: context.now(),
      currency: charge.currency,
      evidence: {},
      is_charge_refundable: false,
      livemode: context.livemode,
      metadata: {},
      payment_intent: paymentIntent,
      reason: 'fraudulent',
      status: 'needs_response',
    };
    store.put('disputes', dispute.id, dispute);
    store.put('charges', charge.id, { ...charge, disputed: true });
    emitEvent(context, NO_REQUEST, 'charge.dispute.created', dispute);
    emitEvent(context, NO_REQUEST, 'charge.dispute.funds_withdrawn', dispute);
    return dispute;
  });
}

/** Ends an open dispute. @returns null when it isn't open */
export function closeDispute(context: Context, id: string, status: 'won' | 'lost'): Dispute | null {
  const { store } = context;
  return store.transaction(() => {
    const dispute = store.get('disputes', id);
    if (!dispute || dispute.status === 'won' || dispute.status === 'lost') return null;
    const reinstated = status === 'won' ? [{ id: randomId('txn'), object: 'balance_transaction' } as const] : [];
    const closed: Dispute = {
      ...dispute,
      status,
      balance_transactions: [...dispute.balance_transactions, ...reinstated],
    };
    store.put('disputes', id, closed);
    emitEvent(context, NO_REQUEST, 'charge.dispute.closed', closed, { status: dispute.status });
    if (status === 'won') emitEvent(context, NO_REQUEST, 'charge.dispute.funds_reinstated', closed);
    return closed;
  });
}

/** Appeals against the outcome of a dispute: the buyer's bank against one that was won. @returns null for one that is open */
export function appealDispute(context: Context, id: string): Dispute | null {
  const { store } = context;
  return store.transaction(() => {
    const dispute = store.get('disputes', id);
    if (dispute?.status !== 'won' && dispute?.status !== 'lost') return null;
    const withdrawn = dispute.status === 'won' ? [{ id: randomId('txn'), object: 'balance_transaction' } as const] : [];
    const appealed: Dispute = {
      ...dispute,
      status: 'appeal_under_review',
      balance_transactions: [...dispute.balance_transactions, ...withdrawn],
    };
    store.put('disputes', id, appealed);
    emitEvent(context, NO_REQUEST, 'charge.dispute.updated', appealed, { status: dispute.status });
    if (withdrawn.length > 0) emitEvent(context, NO_REQUEST, 'charge.dispute.funds_withdrawn', appealed);
    return appealed;
  });
}
