import Stripe from 'stripe';
import { startStripeStandIn, type RunningStripeStandIn, type StartOptions } from '../index.ts';

export const SECRET_KEY = 'sk_test_fixture';
export const WEBHOOK_SECRET = 'whsec_fixture';

/** The official SDK, talking to a stand-in. */
export function sdkFor(url: string, key = SECRET_KEY, maxNetworkRetries = 0): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries, telemetry: false });
}

/** A stand-in with the official SDK at it; ends at the end of the block. */
export async function useStandIn(
  options: Partial<StartOptions> = {},
): Promise<RunningStripeStandIn & { stripe: Stripe } & AsyncDisposable> {
  const standIn = await startStripeStandIn({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, ...options });
  return { ...standIn, stripe: sdkFor(standIn.url), [Symbol.asyncDispose]: () => standIn.stop() };
}

/** A small order: two lines, 59.97 in all. */
export function orderParams(extra: Stripe.Checkout.SessionCreateParams = {}): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    success_url: 'http://shop.test/thanks?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://shop.test/cart',
    client_reference_id: 'order-1',
    metadata: { orderId: 'order-1' },
    line_items: [
      { quantity: 2, price_data: { currency: 'usd', unit_amount: 1999, product_data: { name: 'Mug' } } },
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 1999, product_data: { name: 'Tea' } } },
    ],
    ...extra,
  };
}
