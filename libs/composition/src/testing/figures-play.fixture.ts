import { isDomainError } from '@cartwright/domain-errors';
import { newId } from '@cartwright/platform-mongo';
import type { FixedClock } from '@cartwright/testkit';
import fc from 'fast-check';
import type { FiguresShop } from './figures-lab.fixture.ts';
import type { Filling } from './figures-recount.fixture.ts';
import type { Ratings } from './figures-shelf.fixture.ts';

const address = { name: 'Ada', line1: '1 Main St', city: 'Berlin', postalCode: '10115', country: 'DE' };
const staff = { userId: 'staff', isUnlimited: true } as const;

/** What people, banks and clocks do; `pick` says to which of those there are. */
export const steps = fc.record({
  kind: fc.constantFrom(
    ...(['buy', 'buy', 'buy', 'abandon', 'visit', 'pay', 'pay', 'pay', 'cash', 'cancel'] as const),
    ...([
      'refund',
      'refund',
      'goodwill',
      'endRefund',
      'external',
      'dispute',
      'endDispute',
      'endDispute',
      'rate',
    ] as const),
  ),
  pick: fc.nat(1_000),
  quantity: fc.integer({ min: 1, max: 3 }),
  coupon: fc.constantFrom(undefined, 'TEN', 'FREE', 'FIVE'),
  succeeds: fc.boolean(),
  minutes: fc.constantFrom(0, 1, 60, 180, 420),
});
export type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

/** Plays steps on shops of one database, and keeps count of the carts that got their first item and of what was rated. */
export function createPlay({
  shops,
  clock,
  run,
  ratings,
}: {
  shops: readonly FiguresShop[];
  clock: FixedClock;
  run: string;
  ratings: Ratings;
}) {
  const fillings: Filling[] = [];
  /** The carts of users that are being filled. */
  const open = new Set<string>();
  const placed: { shop: FiguresShop; userId: string; orderId: string }[] = [];
  const disputes: {
    shop: FiguresShop;
    id: string;
    amount: { amount: number; currency: string };
    paymentIntent: string;
  }[] = [];

  /** Those that banks carried out before are of other histories. */
  const earlier = new Map(shops.map((shop) => [shop, shop.stripe.refunds().length]));

  const pickOf = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)];
  const shopOf = (pick: number) => shops[pick % shops.length] as FiguresShop;

  async function variantOf(shop: FiguresShop, pick: number): Promise<string> {
    const skus = ['A', 'B', 'C'].map((name) => `${shop.currency}-${name}`);
    const ids = await shop.shopping.catalog.variantIdsBySku(skus);
    return ids.get(skus[pick % skus.length] ?? '') ?? '';
  }

  async function fill(shop: FiguresShop, userId: string, { pick, quantity }: Step): Promise<void> {
    await shop.shopping.cart.addItem({ userId }, { variantId: await variantOf(shop, pick), quantity });
    if (!open.has(userId)) fillings.push({ at: clock(), joined: false });
    open.add(userId);
  }

  /** A guest fills a cart and signs in to an account whose cart may have things in it. */
  async function visit(shop: FiguresShop, userId: string, { pick, quantity }: Step): Promise<void> {
    const variantId = await variantOf(shop, pick + 1);
    const { cartToken = '' } = await shop.shopping.cart.addItem({ cartToken: undefined }, { variantId, quantity });
    fillings.push({ at: clock(), joined: open.has(userId) });
    await shop.shopping.cart.merge(cartToken, userId);
    open.add(userId);
  }

  async function rate({ shopping, platform }: FiguresShop, variantId: string, stars: number): Promise<void> {
    const [{ productId } = { productId: '' }] = await shopping.catalog.variantsByIds([variantId]);
    await platform.mongo.transaction((tx) => shopping.catalog.moveRating(productId, { sum: stars, count: 1 }, tx));
    const { sum, count } = ratings.get(productId) ?? { sum: 0, count: 0 };
    ratings.set(productId, { sum: sum + stars, count: count + 1 });
  }

  async function buy(shop: FiguresShop, userId: string, step: Step): Promise<void> {
    await fill(shop, userId, step);
    if (step.coupon) await shop.shopping.cart.applyCoupon({ userId }, `${shop.currency}-${step.coupon}`);
    const buyer = { userId, emailVerified: true };
    const choice = {
      shippingAddress: address,
      shippingMethod: 'standard',
      paymentMethod: step.pick % 4 === 0 ? ('cash_on_delivery' as const) : ('stripe_checkout' as const),
    };
    const { quoteHash, cartVersion } = await shop.ordering.orders.quote(buyer, choice);
    const input = { ...choice, quoteHash, cartVersion };
    const { order } = await shop.ordering.orders.place(buyer, input, shop.intent('orders.place', input));
    open.delete(userId);
    placed.push({ shop, userId, orderId: order.id });
    const paid = step.succeeds ? shop.stripe.pay(order.id) : undefined;
    if (paid) await tell(shop, paid);
  }

  const tell = (shop: FiguresShop, told: Parameters<FiguresShop['stripe']['eventOf']>[0]) =>
    shop.payments.webhooks.receiveWebhook(shop.stripe.eventOf(told), 'signed');

  async function act(step: Step): Promise<void> {
    const { kind, pick, succeeds } = step;
    const newShop = shopOf(pick);
    const newUser = `${run}-${newShop.currency}-${pick % 5}`;
    if (kind === 'buy') return buy(newShop, newUser, step);
    if (kind === 'abandon') return fill(newShop, newUser, step);
    if (kind === 'visit') return visit(newShop, newUser, step);
    if (kind === 'rate') return rate(newShop, await variantOf(newShop, pick), 1 + (pick % 5));
    if (kind === 'endDispute') {
      const dispute = pickOf(disputes, pick);
      if (!dispute) return;
      const { shop, ...facts } = dispute;
      const status = succeeds ? 'lost' : 'won';
      await tell(shop, { type: 'charge.dispute.closed', object: { kind: 'dispute', dispute: { ...facts, status } } });
      return;
    }
    const one = pickOf(placed, pick);
    if (!one) return;
    const { shop, orderId, userId } = one;
    const { refunds, fulfilment } = shop.ordering.orderOffice;
    const order = await shop.ordering.orders.load(orderId);
    const [payment] = await shop.payments.ledger.paymentsOf(orderId);
    shop.stripe.answerRefundsWith(succeeds ? 'succeeded' : pick % 3 === 0 ? 'failed' : 'pending');
    switch (kind) {
      case 'pay': {
        const told = shop.stripe.pay(orderId);
        if (told) await tell(shop, told);
        return;
      }
      case 'cash':
        await fulfilment.recordPayment(orderId, 'staff', shop.intent('cash', { orderId }));
        return;
      case 'cancel': {
        const input = { orderId, restoreCart: succeeds };
        await shop.ordering.orders.cancel({ userId }, input, shop.intent('orders.cancel', input));
        if (succeeds) open.add(userId);
        return;
      }
      case 'refund': {
        const lines = order.lines.slice(0, 1).map(({ lineId }) => ({ lineId, quantity: 1 }));
        const wish = { orderId, lines, shipping: pick % 2 === 0, reason: 'Broken' };
        await refunds.refund(wish, staff, shop.intent('refund', wish));
        return;
      }
      case 'goodwill': {
        const amount = { amount: 1 + (pick % 500), currency: order.total.currency };
        const wish = { orderId, ...(pick % 5 === 0 ? { full: true } : { amount }), reason: 'Sorry' };
        await refunds.refund(wish, staff, shop.intent('refund', wish));
        return;
      }
      case 'endRefund': {
        // By whichever shop's process they were carried out.
        const refunds = shops.flatMap((by) =>
          by.stripe
            .refunds()
            .slice(earlier.get(by))
            .map((refund) => ({ by, refund })),
        );
        const found = pickOf(refunds, pick);
        if (!found) return;
        const { by, refund } = found;
        await tell(by, by.stripe.endRefund({ ...refund, status: succeeds ? 'succeeded' : 'failed' }));
        return;
      }
      case 'external': {
        if (payment?.provider !== 'stripe') return;
        const amount = { amount: 1 + (pick % 400), currency: order.total.currency };
        const refund = {
          id: `re_${newId()}`,
          status: 'succeeded',
          amount,
          createdAt: clock(),
          paymentIntent: payment.reference,
          metadata: {},
        } as const;
        await tell(shop, shop.stripe.endRefund(refund));
        return;
      }
      case 'dispute': {
        if (payment?.provider !== 'stripe') return;
        const dispute = { id: `dp_${newId()}`, amount: order.total, paymentIntent: payment.reference };
        disputes.push({ shop, ...dispute });
        await tell(shop, {
          type: 'charge.dispute.created',
          object: { kind: 'dispute', dispute: { ...dispute, status: 'open' } },
        });
      }
    }
  }

  return {
    fillings,
    /** What the shop refuses is part of a history like everything else. */
    async play(step: Step): Promise<void> {
      clock.advance(step.minutes * 60_000 + (step.pick % 60_000));
      await act(step).catch((error: unknown) => {
        if (!isDomainError(error)) throw error;
      });
    },
  };
}
