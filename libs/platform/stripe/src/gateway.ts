import Stripe from 'stripe';
import { toStripeAmount, toStripeCurrency } from './amounts.ts';
import { toGatewayError } from './gateway-error.ts';
import {
  toDispute,
  toEvent,
  toListedRefund,
  toPaymentIntent,
  toRefund,
  toSession,
  toSessionRequest,
} from './mapping.ts';
import type {
  CheckoutSession,
  CheckoutSessionParams,
  CouponParams,
  Dispute,
  PaymentIntent,
  Period,
  Refund,
  RefundParams,
  StripeEvent,
  WebhookVerification,
} from './types.ts';

/** The API version the SDK's types describe. Raised together with the SDK. */
const API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 10_000;
const NETWORK_RETRIES = 2;
const WEBHOOK_TOLERANCE_SECONDS = 300;

/** A call that changes something; repeated with the same key and parameters, it takes effect once. */
export interface KeyedCall {
  readonly idempotencyKey: string;
}

/**
 * Stripe, as far as the shop uses it, behind types of our own; amounts are converted here and nowhere else.
 * All calls reject with a StripeGatewayError (`unavailable`, `refused`, `invalid`).
 */
export interface StripeGateway {
  createCheckoutSession(params: CheckoutSessionParams, call: KeyedCall): Promise<CheckoutSession>;
  /** Null when there is no such session. */
  retrieveCheckoutSession(id: string): Promise<CheckoutSession | null>;
  /** The session made for this reference since then, or null. Reads session after session: for rare look-ups only. */
  findCheckoutSession(search: { reference: string; since: Date }): Promise<CheckoutSession | null>;
  /** Refused when the session is not open any more. */
  expireCheckoutSession(id: string): Promise<CheckoutSession>;
  retrievePaymentIntent(id: string): Promise<PaymentIntent | null>;
  createCoupon(params: CouponParams, call: KeyedCall): Promise<{ id: string }>;
  /** The refund as it was when it was made, however often the call is repeated. */
  createRefund(params: RefundParams, call: KeyedCall): Promise<Refund>;
  retrieveRefund(id: string): Promise<Refund | null>;
  listRefunds(paymentIntent: string): Promise<Refund[]>;
  retrieveDispute(id: string): Promise<Dispute | null>;
  /** Payments that were begun in a period, newest first, read page by page as they are consumed. */
  listPaymentIntents(period: Period): AsyncIterable<PaymentIntent>;
  /** Refunds made in a period, of amounts that can be ours; in the same way. */
  listRefundsOf(period: Period): AsyncIterable<Refund>;
  /** Disputes opened in a period, without inquiries and amounts that can't be ours; in the same way. */
  listDisputes(period: Period): AsyncIterable<Dispute>;
  /** Events of these types from `since` on, newest first, read page by page as they are consumed; with their bodies. */
  listEvents(filter: { types: readonly string[]; since: Date }): AsyncIterable<{ event: StripeEvent; body: string }>;
  /** Checks a webhook's signature (any of several `v1`), age (5 minutes) and mode. Never throws. */
  verifyWebhook(rawBody: Buffer | string, signatureHeader: string): WebhookVerification;
  /** Reads an event that was verified before and stored as it came. */
  readEvent(rawBody: string): StripeEvent;
}

export interface StripeGatewayOptions {
  secretKey: string;
  /** Several, separated by commas, while the secret is rotated. */
  webhookSecret: string;
  /** Where the API is, for stand-ins: `http://127.0.0.1:4242`. */
  apiBase?: string | undefined;
  timeoutMs?: number | undefined;
  /** 0 to 2; every retry goes under the same idempotency key. */
  networkRetries?: 0 | 1 | 2 | undefined;
}

export function createStripeGateway(options: StripeGatewayOptions): StripeGateway {
  const { secretKey, webhookSecret, apiBase, timeoutMs = TIMEOUT_MS, networkRetries = NETWORK_RETRIES } = options;
  const stripe = new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: timeoutMs,
    maxNetworkRetries: networkRetries,
    telemetry: false,
    appInfo: { name: 'Cartwright' },
    ...addressOf(apiBase),
  });
  const webhookSecrets = webhookSecret.split(',').map((secret) => secret.trim());
  const livemode = /^[sr]k_live_/.test(secretKey);

  return {
    createCheckoutSession: (params, { idempotencyKey }) =>
      mapped(async () =>
        toSession(await stripe.checkout.sessions.create(toSessionRequest(params), { idempotencyKey })),
      ),

    retrieveCheckoutSession: (id) => mapped(async () => found(stripe.checkout.sessions.retrieve(id), toSession)),

    findCheckoutSession: ({ reference, since }) =>
      mapped(async () => {
        const created = { gte: Math.floor(since.getTime() / 1000) };
        for await (const session of stripe.checkout.sessions.list({ created, limit: 100 })) {
          if (session.client_reference_id === reference) return toSession(session);
        }
        return null;
      }),

    retrievePaymentIntent: (id) => mapped(async () => found(stripe.paymentIntents.retrieve(id), toPaymentIntent)),

    // Expiring is naturally safe to repeat: a second call is refused, and the session is as it should be.
    expireCheckoutSession: (id) => mapped(async () => toSession(await stripe.checkout.sessions.expire(id))),

    createCoupon: ({ id, amountOff, name, metadata }, { idempotencyKey }) =>
      mapped(async () => {
        const coupon = await stripe.coupons.create(
          {
            id,
            amount_off: toStripeAmount(amountOff),
            currency: toStripeCurrency(amountOff.currency),
            duration: 'once',
            max_redemptions: 1,
            name: name.slice(0, 40),
            metadata: { ...metadata },
          },
          { idempotencyKey },
        );
        return { id: coupon.id };
      }),

    createRefund: ({ paymentIntent, amount, reason, metadata }, { idempotencyKey }) =>
      mapped(async () =>
        toRefund(
          await stripe.refunds.create(
            {
              payment_intent: paymentIntent,
              ...(amount === undefined ? {} : { amount: toStripeAmount(amount) }),
              ...(reason === undefined ? {} : { reason }),
              metadata: { ...metadata },
            },
            { idempotencyKey },
          ),
        ),
      ),

    retrieveRefund: (id) => mapped(async () => found(stripe.refunds.retrieve(id), toRefund)),

    listRefunds: (paymentIntent) =>
      mapped(async () => {
        const refunds: Refund[] = [];
        for await (const refund of stripe.refunds.list({ payment_intent: paymentIntent, limit: 100 })) {
          refunds.push(toRefund(refund));
        }
        return refunds;
      }),

    retrieveDispute: (id) => mapped(async () => found(stripe.disputes.retrieve(id), toDispute)),

    listPaymentIntents: (period) => listed(stripe.paymentIntents.list(pageOf(period)), toPaymentIntent),
    listRefundsOf: (period) => listed(stripe.refunds.list(pageOf(period)), toListedRefund),
    listDisputes: (period) => listed(stripe.disputes.list(pageOf(period)), toDispute),

    listEvents: async function* ({ types, since }) {
      const created = { gte: Math.floor(since.getTime() / 1000) };
      try {
        for await (const event of stripe.events.list({ types: [...types], created, limit: 100 })) {
          yield { event: toEvent(event), body: JSON.stringify(event) };
        }
      } catch (error) {
        throw toGatewayError(error);
      }
    },

    verifyWebhook: (rawBody, signatureHeader) => {
      for (const secret of webhookSecrets) {
        let event: Stripe.Event;
        try {
          event = stripe.webhooks.constructEvent(rawBody, signatureHeader, secret, WEBHOOK_TOLERANCE_SECONDS);
        } catch (error) {
          if (error instanceof Stripe.errors.StripeSignatureVerificationError) continue;
          return { ok: false, refusal: 'malformed' };
        }
        if (!isEvent(event)) return { ok: false, refusal: 'malformed' };
        if (event.livemode !== livemode) return { ok: false, refusal: 'livemode' };
        try {
          return { ok: true, event: toEvent(event) };
        } catch {
          return { ok: false, refusal: 'malformed' };
        }
      }
      return { ok: false, refusal: 'signature' };
    },

    readEvent: (rawBody) => toEvent(stripe.webhooks.constructEventWithoutVerification(rawBody)),
  };
}

/** Whether signed JSON is an event at all; the SDK takes its shape for granted. */
function isEvent({ id, type, created, data }: Partial<Stripe.Event>): boolean {
  return (
    typeof id === 'string' &&
    typeof type === 'string' &&
    typeof created === 'number' &&
    typeof data?.object === 'object'
  );
}

async function mapped<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toGatewayError(error);
  }
}

/** What a retrieval finds, or null for an id that names nothing. */
async function found<T, R>(retrieval: Promise<T>, map: (value: T) => R): Promise<R | null> {
  try {
    return map(await retrieval);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return null;
    throw error;
  }
}

const secondsOf = (moment: Date): number => Math.floor(moment.getTime() / 1000);

function pageOf({ from, to }: Period) {
  return { created: { gte: secondsOf(from), lt: secondsOf(to) }, limit: 100 };
}

/** A list of Stripe's to its end, without what the shop makes nothing of. */
async function* listed<T, R>(list: AsyncIterable<T>, map: (item: T) => R | null): AsyncGenerator<R> {
  try {
    for await (const item of list) {
      const mapped = map(item);
      if (mapped !== null) yield mapped;
    }
  } catch (error) {
    throw toGatewayError(error);
  }
}

function addressOf(apiBase: string | undefined): { host?: string; port?: number; protocol?: 'http' | 'https' } {
  if (apiBase === undefined) return {};
  const { hostname, port, protocol } = new URL(apiBase);
  const secure = protocol === 'https:';
  return { host: hostname, port: Number(port) || (secure ? 443 : 80), protocol: secure ? 'https' : 'http' };
}
