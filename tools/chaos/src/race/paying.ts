import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import { inTime } from '../patience.ts';
import type { Random } from '../random.ts';
import { runOut } from './clock.ts';
import type { Hands } from './hands.ts';
import { shopCancels, when } from './office.ts';
import { pagesOf } from './pages.ts';
import type { Stage } from './stage.ts';
import type { Alteration, Step } from './steps.ts';

type PayStep = Extract<Step, { do: 'pay' }>;

const BANK_AT_MOST_MS = 150;
/** Webhook and queue take their way, past all that fails there. */
const KNOWN_WITHIN_MS = 20_000;
const sessionOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

/** Asks for the payment page and pays on it. Answers whether the provider took money, or is about to. */
export async function pay(
  orderId: string,
  { how, alteration, clicks }: PayStep,
  { hands, random, stage }: { hands: Hands; random: Random; stage: Stage },
): Promise<boolean> {
  const { stripe, webhooks, onProblem } = stage;
  const { shop } = stage.cluster;
  const { control } = shop.stripe;

  async function alter(session: string): Promise<void> {
    const { amount_total: total } = await stripe.checkout.sessions.retrieve(session);
    await control.alterSession(session, changeOf(alteration, total ?? 0));
  }

  const payWhole = async (url: string): Promise<boolean> => (await shop.pay(url)).outcome === 'paid';

  async function fillIn(url: string): Promise<boolean> {
    const session = sessionOf(url);
    switch (how) {
      case 'card':
        return payWhole(url);
      case 'declined-first':
        await shop.pay(url, { card: '4000000000000002' });
        return payWhole(url);
      case 'bank-succeeds':
      case 'bank-fails': {
        const { outcome } = await shop.pay(url, { bank: 'pending' });
        if (outcome !== 'processing') return false;
        await pause(random.between(0, BANK_AT_MOST_MS));
        await control.settlePayment(session, how === 'bank-fails' ? 'failed' : 'succeeded');
        return how === 'bank-succeeds';
      }
      case 'bank-given-up':
        await giveUp(url);
        return false;
      case 'altered':
        await alter(session);
        return payWhole(url);
      case 'altered-late': {
        const isPaid = await payWhole(url);
        if (isPaid) await alter(session);
        return isPaid;
      }
      case 'altered-first':
        return webhooks.run(() => payUnheard(url, 'expiresAt', alter));
      case 'unheard':
        return webhooks.run(() => payUnheard(url, random.pick(['expiresAt', 'holdExpiresAt'] as const)));
    }
  }

  /** What a bank still brings for a canceled order goes back. */
  async function giveUp(url: string): Promise<void> {
    const { outcome } = await shop.pay(url, { bank: 'pending' });
    if (outcome !== 'processing') return;
    await when(stage.cluster, { orderId, withinMs: KNOWN_WITHIN_MS }, (order) => order.paymentStatus === 'processing');
    const { what, work } = shopCancels(orderId);
    const canceled = hands.together(1, () => hands.askOf(stage.office, what, work));
    await pause(random.between(0, BANK_AT_MOST_MS));
    await Promise.all([canceled, control.settlePayment(sessionOf(url), 'succeeded')]);
  }

  /** The shop hears of the payment only when a clock runs out, from the page itself, which may say another sum by then. */
  async function payUnheard(
    url: string,
    field: 'expiresAt' | 'holdExpiresAt',
    change?: (session: string) => Promise<void>,
  ): Promise<boolean> {
    await control.holdDeliveries({ types: 'checkout.session.' });
    try {
      const isPaid = await payWhole(url);
      if (isPaid) {
        await change?.(sessionOf(url));
        await runOut({ orderId, field }, hands, stage);
      }
      return isPaid;
    } finally {
      await control.releaseDeliveries();
    }
  }

  const answers = await hands.together(clicks, () =>
    hands.ask('orders.pay', ({ api }) =>
      api.orders.pay.mutate({ orderId, idempotencyKey: newIdempotencyKey() }, inTime()),
    ),
  );
  const urls = new Set(answers.map(({ url }) => url).filter((url) => url.startsWith(shop.stripe.url)));
  const open = (await pagesOf({ stripe, since: stage.since }, [orderId])).filter(
    ({ session }) => session.status === 'open',
  );
  if (open.length > 1) onProblem(`the order ${orderId} has ${open.length} open pages`);
  // Whoever has two pages open may pay on both.
  const paid = await Promise.all([...urls].map(fillIn));
  return paid.includes(true);
}

function changeOf(alteration: Alteration, total: number): { amountTotal?: number; currency?: string } {
  switch (alteration) {
    case 'cent':
      return { amountTotal: 1 };
    case 'more':
      return { amountTotal: total + 1 };
    case 'euros':
      return { currency: 'eur' };
  }
}
