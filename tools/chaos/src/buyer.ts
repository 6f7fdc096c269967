import { setTimeout as pause } from 'node:timers/promises';
import { createCartwright, isCartwrightError, newIdempotencyKey, type ErrorReason } from '@cartwright/sdk';
import { TEST_ADDRESS, TEST_PASSWORD } from '@cartwright/testapp';
import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';

/** What a buyer means to do with an order. */
export type Plan = 'pay' | 'cancel' | 'abandon' | 'cash' | 'pay-and-cancel';

/** What became of it, as the buyer knows: the database has to agree. */
export interface Purchase {
  readonly plan: Plan;
  orderId?: string;
  /** The provider took the money. */
  paid: boolean;
  /** Why it went no further, when the shop refused. */
  refused?: string;
}

export interface Buyer {
  readonly email: string;
  readonly userId: string;
  readonly purchases: Purchase[];
  /** One purchase from cart to end; whatever fails on the way is tried again until `until`. */
  buy(plan: Plan, until: number): Promise<void>;
  close(): Promise<void>;
}

export const COUPON = 'CHAOS10';
/** The longest a call may take before it counts as hanging, in milliseconds. */
const CALL_MS = 30_000;
const AGAIN: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  ...(['NETWORK', 'SERVICE_UNAVAILABLE', 'IDEMPOTENCY_IN_PROGRESS', 'RATE_LIMITED'] as const),
  ...(['PAYMENT_PROVIDER_UNAVAILABLE', 'INTERNAL'] as const),
]);
const SIGN_IN: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  ...(['UNAUTHENTICATED', 'SESSION_REVOKED', 'REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_REUSED'] as const),
]);

class Refused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** A signed-in customer who keeps trying, as people do. Calls that hang or fail inside are told to `onProblem`. */
export async function createBuyer(options: {
  cluster: Cluster;
  random: Random;
  index: number;
  onProblem: (problem: string) => void;
}): Promise<Buyer> {
  const { cluster, random, index, onProblem } = options;
  const { shop } = cluster;
  const account = { email: `buyer-${index}@chaos.test`, password: TEST_PASSWORD };
  const { id: userId } = await shop.inside.services.accounts.createCustomer({ ...account, name: `Buyer ${index}` });
  const client = createCartwright({
    url: shop.apis[index % shop.apis.length]?.url ?? '',
    headers: { 'x-forwarded-for': `10.7.${Math.floor(index / 250)}.${index % 250}` },
  });
  const { api } = client;
  const purchases: Purchase[] = [];
  const signal = () => ({ signal: AbortSignal.timeout(CALL_MS) });

  /** Tries until it works; signs in again where the session is gone; gives up at once on a refusal. */
  async function persistently<T>(what: string, until: number, work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      const startedAt = performance.now();
      let last: unknown;
      try {
        return await work();
      } catch (error) {
        last = error;
      }
      if (performance.now() - startedAt > CALL_MS - 100) onProblem(`${what} hung for ${CALL_MS / 1_000} s`);
      const reason = isCartwrightError(last) ? last.reason : undefined;
      if (reason === undefined) throw last;
      if (reason === 'INTERNAL') onProblem(`${what} failed inside (${String(last)})`);
      if (SIGN_IN.has(reason)) await api.auth.login.mutate(account, signal()).catch(() => undefined);
      else if (!AGAIN.has(reason)) throw new Refused(reason);
      if (Date.now() > until) throw new Error(`${what} still fails: ${String(last)}`);
      // Soon at first; nobody hammers a shop that is away for minutes.
      await pause(Math.min(2_000, 50 * 2 ** Math.floor(tries / 4)) * (1 + random.next() * 3));
    }
  }

  async function place(plan: Plan, until: number): Promise<string> {
    const products = [...shop.variants];
    const lines = random.shuffle(products).slice(0, random.between(1, Math.min(2, products.length)));
    const withCoupon = random.chance(0.3);
    const delivery = {
      shippingAddress: TEST_ADDRESS,
      shippingMethod: 'standard',
      paymentMethod: plan === 'cash' ? ('cash_on_delivery' as const) : ('stripe_checkout' as const),
    };
    const quantities = lines.map(([, variantId]) => ({ variantId, quantity: random.between(1, 3) }));
    for (const line of quantities) {
      await persistently('cart.setQuantity', until, () => api.cart.setQuantity.mutate(line, signal()));
    }
    if (withCoupon) {
      await persistently('cart.applyCoupon', until, () => api.cart.applyCoupon.mutate({ code: COUPON }, signal()));
    }
    const quote = await persistently('checkout.quote', until, () => api.checkout.quote.query(delivery, signal()));
    const { quoteHash, cartVersion } = quote;
    const intent = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
    const { order } = await persistently('orders.place', until, () => api.orders.place.mutate(intent, signal()));
    return order.id;
  }

  async function pay(purchase: Purchase, orderId: string, until: number): Promise<void> {
    const { url } = await persistently('orders.pay', until, () => api.orders.pay.mutate({ orderId }, signal()));
    if (random.chance(0.2)) await shop.pay(url, { card: '4000000000000002' });
    const { outcome } = await shop.pay(url);
    purchase.paid = outcome === 'paid';
    if (!purchase.paid) purchase.refused = `the page was ${outcome}`;
  }

  async function carryOut(purchase: Purchase, until: number): Promise<void> {
    const { plan } = purchase;
    const orderId = await place(plan, until);
    purchase.orderId = orderId;
    if (plan === 'pay' || plan === 'pay-and-cancel') await pay(purchase, orderId, until);
    if (plan === 'cancel' || plan === 'pay-and-cancel') {
      const input = { orderId, idempotencyKey: newIdempotencyKey() };
      await persistently('orders.cancel', until, () => api.orders.cancel.mutate(input, signal()));
    }
    // Some open the page and go away.
    if (plan === 'abandon' && random.chance(0.5)) {
      await persistently('orders.pay', until, () => api.orders.pay.mutate({ orderId }, signal()));
    }
  }

  await persistently('auth.login', Date.now() + CALL_MS, () => api.auth.login.mutate(account, signal()));
  return {
    email: account.email,
    userId,
    purchases,
    async buy(plan, until) {
      const purchase: Purchase = { plan, paid: false };
      purchases.push(purchase);
      try {
        await carryOut(purchase, until);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        purchase.refused = error.reason;
      }
    },
    close: client.close,
  };
}
