import { createCartwright, newIdempotencyKey } from '@cartwright/sdk';
import { TEST_ADDRESS, TEST_PASSWORD } from '@cartwright/testapp';
import type { Cluster } from './cluster.ts';
import { CALL_MS, inTime, persistently, Refused } from './patience.ts';
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
  const signIn = () => api.auth.login.mutate(account, inTime());
  const tryOn = <T>(what: string, until: number, work: () => Promise<T>): Promise<T> =>
    persistently({ random, signIn, onProblem }, { what, until }, work);

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
      await tryOn('cart.setQuantity', until, () => api.cart.setQuantity.mutate(line, inTime()));
    }
    if (withCoupon) {
      await tryOn('cart.applyCoupon', until, () => api.cart.applyCoupon.mutate({ code: COUPON }, inTime()));
    }
    const quote = await tryOn('checkout.quote', until, () => api.checkout.quote.query(delivery, inTime()));
    const { quoteHash, cartVersion } = quote;
    const intent = { ...delivery, quoteHash, cartVersion, idempotencyKey: newIdempotencyKey() };
    const { order } = await tryOn('orders.place', until, () => api.orders.place.mutate(intent, inTime()));
    return order.id;
  }

  async function pay(purchase: Purchase, orderId: string, until: number): Promise<void> {
    const { url } = await tryOn('orders.pay', until, () => api.orders.pay.mutate({ orderId }, inTime()));
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
      await tryOn('orders.cancel', until, () => api.orders.cancel.mutate(input, inTime()));
    }
    // Some open the page and go away.
    if (plan === 'abandon' && random.chance(0.5)) {
      await tryOn('orders.pay', until, () => api.orders.pay.mutate({ orderId }, inTime()));
    }
  }

  await tryOn('auth.login', Date.now() + CALL_MS, signIn);
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
