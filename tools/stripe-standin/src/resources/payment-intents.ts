import { ApiError, noSuch, refused } from '../core/api-error.ts';
import { emitEvent, type Context, type Origin } from '../core/context.ts';
import { MAXIMUM_CHARGE } from '../core/currencies.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Charge, PaymentIntent } from '../core/objects.ts';
import { anything, bool, currency, email, integer, list, metadata, oneOf, optional, text } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { addIntent, chargeIntent } from './charging.ts';
import { checkAmount } from './session-parts.ts';
import { mergeMetadata } from './customers.ts';
import { tokenMethod } from './payment-methods.ts';

const expand = optional(list(text()));

export function findIntent(context: Context, id: string, param = 'id'): PaymentIntent {
  const intent = context.store.get('paymentIntents', id);
  if (!intent) throw noSuch('payment_intent', id, param);
  return intent;
}

function findCharge(context: Context, id: string): Charge {
  const charge = context.store.get('charges', id);
  if (!charge) throw noSuch('charge', id);
  return charge;
}

/** Charges the intent; a decline is kept with the intent and answered as Stripe's 402. */
function confirm(context: Context, origin: Origin, intent: PaymentIntent, token: string | undefined): object {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    throw refused(`You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
    });
  }
  if (token === undefined) {
    throw refused('You cannot confirm this PaymentIntent because it has no payment method.', {
      code: 'payment_intent_unexpected_state',
    });
  }
  const method = tokenMethod(token);
  if (!method) throw noSuch('PaymentMethod', token, 'payment_method');
  const charged = chargeIntent(context, origin, intent, method, { email: intent.receipt_email, name: null });
  if (method.behavior.kind !== 'declined') return charged;
  const { code, declineCode, message } = method.behavior;
  return new ApiError(402, 'card_error', message, {
    code,
    ...(declineCode === null ? {} : { decline_code: declineCode }),
    ...(charged.latest_charge === null ? {} : { charge: charged.latest_charge }),
    payment_intent: charged,
  });
}

export const paymentIntentRoutes: Route[] = [
  route(
    'POST',
    '/v1/payment_intents',
    {
      amount: integer({ min: 1, max: MAXIMUM_CHARGE }),
      currency: currency(),
      customer: optional(text()),
      description: optional(text()),
      metadata: optional(metadata()),
      receipt_email: optional(email()),
      payment_method: optional(text()),
      allowed_payment_method_types: optional(list(text())),
      automatic_payment_methods: anything(),
      confirm: optional(bool()),
      off_session: anything(),
      return_url: anything(),
      expand,
    },
    ({ context, origin, params }) => {
      checkAmount(params.amount, params.currency);
      const intent = addIntent(context, origin, {
        amount: params.amount,
        currency: params.currency,
        customer: params.customer ?? null,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
        receiptEmail: params.receipt_email ?? null,
        methodTypes: params.allowed_payment_method_types ?? ['card'],
      });
      return params.confirm ? confirm(context, origin, intent, params.payment_method) : intent;
    },
  ),
  route('GET', '/v1/payment_intents', { ...pageParams, customer: optional(text()), created: createdParam }, (call) => {
    const { customer, created } = call.params;
    const rows = call.context.store
      .list('paymentIntents')
      .filter((row) => (customer === undefined || row.customer === customer) && inRange(row.created, created));
    return pageOf(rows, call.params, '/v1/payment_intents', 'payment_intent');
  }),
  route('GET', '/v1/payment_intents/:id', { expand, client_secret: anything() }, ({ context, path }) =>
    findIntent(context, pathId(path)),
  ),
  route(
    'POST',
    '/v1/payment_intents/:id',
    { metadata: optional(metadata()), description: optional(text()), expand },
    ({ context, params, path }) => {
      const kept = findIntent(context, pathId(path));
      const changed: PaymentIntent = {
        ...kept,
        description: params.description ?? kept.description,
        metadata: mergeMetadata(kept.metadata, params.metadata),
      };
      context.store.put('paymentIntents', kept.id, changed);
      return changed;
    },
  ),
  route(
    'POST',
    '/v1/payment_intents/:id/confirm',
    { payment_method: optional(text()), off_session: anything(), return_url: anything(), expand },
    ({ context, origin, params, path }) =>
      confirm(context, origin, findIntent(context, pathId(path)), params.payment_method),
  ),
  route(
    'POST',
    '/v1/payment_intents/:id/cancel',
    {
      cancellation_reason: optional(oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer')),
      expand,
    },
    ({ context, origin, params, path }) => {
      const kept = findIntent(context, pathId(path));
      if (kept.status === 'succeeded' || kept.status === 'canceled') {
        throw refused(`You cannot cancel this PaymentIntent because it has a status of ${kept.status}.`, {
          code: 'payment_intent_unexpected_state',
        });
      }
      const changed: PaymentIntent = {
        ...kept,
        status: 'canceled',
        canceled_at: context.now(),
        cancellation_reason: params.cancellation_reason ?? null,
      };
      context.store.put('paymentIntents', kept.id, changed);
      emitEvent(context, origin, 'payment_intent.canceled', changed);
      return changed;
    },
  ),
];

export const chargeRoutes: Route[] = [
  route(
    'GET',
    '/v1/charges',
    { ...pageParams, payment_intent: optional(text()), customer: optional(text()), created: createdParam },
    (call) => {
      const { payment_intent: intent, customer, created } = call.params;
      const rows = call.context.store
        .list('charges')
        .filter(
          (row) =>
            (intent === undefined || row.payment_intent === intent) &&
            (customer === undefined || row.customer === customer) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/charges', 'charge');
    },
  ),
  route('GET', '/v1/charges/:id', { expand }, ({ context, path }) => findCharge(context, pathId(path))),
  route('GET', '/v1/charges/:id/refunds', { ...pageParams }, ({ context, params, path }) => {
    const charge = findCharge(context, pathId(path));
    const rows = context.store.list('refunds').filter((row) => row.charge === charge.id);
    return pageOf(rows, params, `/v1/charges/${charge.id}/refunds`, 'refund');
  }),
];
