import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import { TEST_ADDRESS } from '@cartwright/testapp';
import { inTime, Refused } from '../patience.ts';
import type { Actor } from './actors.ts';
import type { Hands } from './hands.ts';
import type { Intention, Stage } from './stage.ts';
import type { Step } from './steps.ts';

/** From the cart to the order. Answers its id; nothing when the shop refused. Throws `Refused`. */
export async function place(
  step: Extract<Step, { do: 'place' }>,
  { actor, hands, stage }: { actor: Actor; hands: Hands; stage: Stage },
): Promise<string | undefined> {
  const { paymentMethod, clicks, tabs, rival, coupon, lines, againAfterMs } = step;
  const { variants, intentions } = stage;
  const { ask, together } = hands;
  await ask('cart.clear', ({ api }) => api.cart.clear.mutate(undefined, inTime()));
  for (const { product, quantity } of lines) {
    const line = { variantId: variants[product] ?? '', quantity };
    await ask('cart.setQuantity', ({ api }) => api.cart.setQuantity.mutate(line, inTime()));
  }
  const applying = { code: stage.couponCode };
  if (coupon) {
    // One that is used up is refused here already; the order goes on without.
    await together(1, () => ask('cart.applyCoupon', ({ api }) => api.cart.applyCoupon.mutate(applying, inTime())));
  }
  const whose = actor.email === undefined ? {} : { email: actor.email };
  const delivery = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod, ...whose };
  const quote = await ask('checkout.quote', ({ api }) => api.checkout.quote.query(delivery, inTime()));
  const { quoteHash, cartVersion, pricing } = quote;

  /** A page of the browser, and the button in it. */
  const open = () => {
    const intention: Intention = {
      ...{ key: newIdempotencyKey(), cart: `${actor.userId}/${cartVersion}`, wanted: lines },
      ...{ quoted: pricing.total.amount, orderIds: new Set(), acknowledgedAt: Infinity, refusals: [] },
    };
    intentions.push(intention);
    const intent = { ...delivery, quoteHash, cartVersion, idempotencyKey: intention.key };
    const click = async () => {
      let askedAt = 0;
      try {
        const { order } = await ask('orders.place', ({ api }) => {
          askedAt = performance.now();
          return api.orders.place.mutate(intent, inTime());
        });
        intention.orderIds.add(order.id);
        intention.acknowledgedAt = Math.min(intention.acknowledgedAt, performance.now());
      } catch (error) {
        if (error instanceof Refused) intention.refusals.push({ reason: error.reason, askedAt });
        throw error;
      }
    };
    return { intention, click };
  };
  const pages = Array.from({ length: tabs }, open);
  actor.placed += tabs;
  const change = { variantId: variants[0] ?? '', quantity: 1 };
  await Promise.all([
    ...pages.map(({ click }) => together(clicks, click)),
    together(rival ? 1 : 0, () => ask('cart.setQuantity', ({ api }) => api.cart.setQuantity.mutate(change, inTime()))),
  ]);
  const ordered = pages.find(({ intention }) => intention.orderIds.size > 0);
  if (againAfterMs !== undefined && ordered) {
    await pause(againAfterMs);
    await together(1, ordered.click);
  }
  return ordered ? [...ordered.intention.orderIds][0] : undefined;
}
