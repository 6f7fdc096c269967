import { emitEvent, modeId, schedule, type Context, type Origin } from '../core/context.ts';
import { randomId } from '../core/ids.ts';
import type { Charge, PaymentIntent } from '../core/objects.ts';
import type { TestMethod } from './payment-methods.ts';

/** How long a bank or a refund takes where it settles by itself. */
const SETTLE_AFTER_MS = 4000;

interface NewIntent {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  receiptEmail: string | null;
  methodTypes: string[];
}

export function addIntent(context: Context, origin: Origin, data: NewIntent): PaymentIntent {
  const id = randomId('pi');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    created: context.now(),
    livemode: context.livemode,
    metadata: data.metadata,
    amount: data.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${randomId('', 24).slice(1)}`,
    confirmation_method: 'automatic',
    currency: data.currency,
    customer: data.customer,
    description: data.description,
    last_payment_error: null,
    latest_charge: null,
    payment_method: null,
    payment_method_types: data.methodTypes,
    processing: null,
    receipt_email: data.receiptEmail,
    status: 'requires_payment_method',
  };
  context.store.put('paymentIntents', id, intent);
  emitEvent(context, origin, 'payment_intent.created', intent);
  return intent;
}

/** Charges an intent with a test method: it succeeds, is declined, or goes to processing; events tell which. */
export function chargeIntent(
  context: Context,
  origin: Origin,
  intent: PaymentIntent,
  method: TestMethod,
  payer: { email: string | null; name: string | null },
): PaymentIntent {
  const { behavior } = method;
  const failed = behavior.kind === 'declined';
  const paid = behavior.kind === 'paid';
  const charge: Charge = {
    id: randomId('ch'),
    object: 'charge',
    created: context.now(),
    livemode: context.livemode,
    metadata: intent.metadata,
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: { email: payer.email, name: payer.name, phone: null, address: null },
    captured: paid,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: failed ? behavior.code : null,
    failure_message: failed ? behavior.message : null,
    outcome: outcomeOf(method),
    paid: !failed,
    payment_intent: intent.id,
    payment_method: modeId(context, 'pm'),
    payment_method_details: detailsOf(method),
    receipt_email: intent.receipt_email,
    receipt_url: null,
    refunded: false,
    status: paid ? 'succeeded' : failed ? 'failed' : 'pending',
  };
  context.store.put('charges', charge.id, charge);
  const changed: PaymentIntent = {
    ...intent,
    latest_charge: charge.id,
    payment_method: failed ? null : charge.payment_method,
    status: paid ? 'succeeded' : failed ? 'requires_payment_method' : 'processing',
    amount_received: paid ? intent.amount : 0,
    last_payment_error: failed ? declineOf(behavior, charge.id) : null,
  };
  context.store.put('paymentIntents', intent.id, changed);
  if (paid) {
    emitEvent(context, origin, 'charge.succeeded', charge);
    emitEvent(context, origin, 'payment_intent.succeeded', changed);
  } else if (failed) {
    emitEvent(context, origin, 'charge.failed', charge);
    emitEvent(context, origin, 'payment_intent.payment_failed', changed);
  } else {
    emitEvent(context, origin, 'charge.pending', charge);
    emitEvent(context, origin, 'payment_intent.processing', changed);
    if (behavior.kind === 'processing' && behavior.settles !== null) {
      schedule(context, { kind: 'settle_payment', target: intent.id, outcome: behavior.settles }, SETTLE_AFTER_MS);
    }
  }
  return changed;
}

/** Ends the processing of a delayed payment. @returns null when it isn't in processing (any more) */
export function settleIntent(
  context: Context,
  origin: Origin,
  intentId: string,
  outcome: 'succeeded' | 'failed',
): PaymentIntent | null {
  const intent = context.store.get('paymentIntents', intentId);
  const charge = intent?.latest_charge ? context.store.get('charges', intent.latest_charge) : undefined;
  if (!intent || !charge || intent.status !== 'processing') return null;
  if (outcome === 'succeeded') {
    const done: Charge = { ...charge, status: 'succeeded', captured: true, amount_captured: charge.amount };
    const paid: PaymentIntent = { ...intent, status: 'succeeded', amount_received: intent.amount };
    context.store.put('charges', done.id, done);
    context.store.put('paymentIntents', paid.id, paid);
    emitEvent(context, origin, 'charge.succeeded', done);
    emitEvent(context, origin, 'payment_intent.succeeded', paid);
    return paid;
  }
  const message = 'The bank account could not be debited.';
  const failure = { kind: 'declined', code: 'payment_method_provider_decline', declineCode: null, message } as const;
  const failedCharge: Charge = {
    ...charge,
    status: 'failed',
    paid: false,
    failure_code: failure.code,
    failure_message: message,
  };
  const failedIntent: PaymentIntent = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: declineOf(failure, charge.id),
  };
  context.store.put('charges', charge.id, failedCharge);
  context.store.put('paymentIntents', intent.id, failedIntent);
  emitEvent(context, origin, 'charge.failed', failedCharge);
  emitEvent(context, origin, 'payment_intent.payment_failed', failedIntent);
  return failedIntent;
}

function declineOf(failure: { code: string; declineCode: string | null; message: string }, charge: string): object {
  return {
    type: 'card_error',
    code: failure.code,
    ...(failure.declineCode === null ? {} : { decline_code: failure.declineCode }),
    message: failure.message,
    charge,
  };
}

function outcomeOf(method: TestMethod): object {
  const failed = method.behavior.kind === 'declined';
  return {
    network_status: failed ? 'declined_by_network' : 'approved_by_network',
    reason: failed && method.behavior.kind === 'declined' ? method.behavior.declineCode : null,
    seller_message: failed ? 'The payment was declined.' : 'Payment complete.',
    type: failed ? 'issuer_declined' : 'authorized',
  };
}

function detailsOf(method: TestMethod): object {
  const refunds = method.behavior.kind === 'paid' ? method.behavior.refunds : undefined;
  if (method.type === 'us_bank_account') {
    return { type: 'us_bank_account', us_bank_account: { bank_name: 'STAND-IN BANK', last4: method.last4 } };
  }
  return {
    type: 'card',
    card: { brand: method.brand, last4: method.last4, country: 'US', exp_month: 12, exp_year: 2034, funding: 'credit' },
    ...(refunds ? { standin_refunds: refunds } : {}),
  };
}

/** How refunds of this charge go: at once, or by itself later. */
export function refundBehaviorOf(charge: Charge): string | null {
  const details: { standin_refunds?: unknown } = charge.payment_method_details;
  return typeof details.standin_refunds === 'string' ? details.standin_refunds : null;
}

export function scheduleRefund(context: Context, refundId: string, outcome: 'succeeded' | 'failed'): void {
  schedule(context, { kind: 'settle_refund', target: refundId, outcome }, SETTLE_AFTER_MS);
}
