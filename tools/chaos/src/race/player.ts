import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { TEST_ADDRESS } from '@cartwright/testapp';
import type { Cluster } from '../cluster.ts';
import { inTime, persistently, Refused, type Patience } from '../patience.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actors.ts';
import { askOffice, inSilence, whenPaid } from './office.ts';
import type { PayHow, Step } from './schedule.ts';

/** One intent to order: what the shop acknowledged for it, and why it said no, in milliseconds of this process. */
export interface Intention {
  readonly key: string;
  readonly orderIds: Set<string>;
  /** When the first acknowledgement had come. */
  acknowledgedAt: number;
  /** With when the call began that was refused: a refusal frees the key, so a later call may still order. */
  readonly refusals: { readonly reason: string; readonly askedAt: number }[];
}

export interface Stage {
  readonly cluster: Cluster;
  /** A member of staff, with a client of each instance. */
  readonly office: readonly Cartwright[];
  readonly variants: readonly string[];
  readonly couponCode: string;
  /** What is tried again is tried until then. */
  readonly until: number;
  readonly intentions: Intention[];
  readonly onProblem: (problem: string) => void;
}

const PAST = new Date(0);
const sessionOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

/** Has a customer carry out their part of a round. What the shop refuses is noted and left; what fails is tried again. */
export async function play(actor: Actor, steps: readonly Step[], random: Random, stage: Stage): Promise<void> {
  const { cluster, office, variants, until, intentions, onProblem } = stage;
  const { shop, database } = cluster;
  const patience: Patience = { random, signIn: actor.signIn, onProblem };
  let orderId: string | undefined;

  /** Each try asks the next instance, beginning at a random one. */
  const askOf = <T>(clients: readonly Cartwright[], what: string, work: (client: Cartwright) => Promise<T>) => {
    const first = random.between(0, clients.length - 1);
    return persistently(patience, { what, until }, (tries) =>
      work(clients[(first + tries) % clients.length] as Cartwright),
    );
  };
  const ask = <T>(what: string, work: (client: Cartwright) => Promise<T>) => askOf(actor.clients, what, work);
  const together = async <T>(clicks: number, work: () => Promise<T>): Promise<T[]> => {
    const outcomes = await Promise.allSettled(Array.from({ length: clicks }, work));
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const error of errors) if (!(error instanceof Refused)) onProblem(String(error));
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  };

  async function place(step: Extract<Step, { do: 'place' }>): Promise<void> {
    const { paymentMethod, clicks, coupon, lines, againAfterMs } = step;
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
    const delivery = { shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod };
    const quote = await ask('checkout.quote', ({ api }) => api.checkout.quote.query(delivery, inTime()));
    const { quoteHash, cartVersion } = quote;
    const intention: Intention = {
      ...{ key: newIdempotencyKey(), orderIds: new Set(), acknowledgedAt: Infinity, refusals: [] },
    };
    intentions.push(intention);
    const intent = { ...delivery, quoteHash, cartVersion, idempotencyKey: intention.key };
    actor.placed += 1;
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
    await together(clicks, click);
    if (againAfterMs !== undefined && intention.orderIds.size > 0) {
      await pause(againAfterMs);
      await together(1, click);
    }
    orderId = [...intention.orderIds][0];
  }

  async function fillIn(url: string, how: PayHow): Promise<void> {
    const session = sessionOf(url);
    const { control } = shop.stripe;
    if (how === 'altered') await control.alterSession(session, { amountTotal: 1 }).catch(() => undefined);
    if (how === 'declined-first') await shop.pay(url, { card: '4000000000000002' });
    if (how === 'bank-succeeds' || how === 'bank-fails') {
      const { outcome } = await shop.pay(url, { bank: 'pending' });
      if (outcome !== 'processing') return;
      await pause(random.between(0, 150));
      await control.settlePayment(session, how === 'bank-fails' ? 'failed' : 'succeeded');
    } else await shop.pay(url);
  }

  async function pay(id: string, { how, clicks }: Extract<Step, { do: 'pay' }>): Promise<void> {
    const input = { orderId: id };
    const answers = await together(clicks, () =>
      ask('orders.pay', ({ api }) =>
        api.orders.pay.mutate({ ...input, idempotencyKey: newIdempotencyKey() }, inTime()),
      ),
    );
    const pages = new Set(answers.map(({ url }) => url).filter((url) => url.startsWith(shop.stripe.url)));
    // Whoever has two pages open may pay on both.
    await Promise.all([...pages].map((url) => fillIn(url, how)));
  }

  async function cancel(id: string, clicks: number): Promise<void> {
    const input = { orderId: id, idempotencyKey: newIdempotencyKey() };
    await together(clicks, () => ask('orders.cancel', ({ api }) => api.orders.cancel.mutate(input, inTime())));
  }

  async function giveBack(id: string, { wishes, silence }: Extract<Step, { do: 'refund' }>): Promise<void> {
    const order = await whenPaid(cluster, id);
    if (!order) return;
    const asked = wishes.map((wish) => askOffice(order, wish));
    const askAll = () => Promise.all(asked.map((work) => together(1, () => askOf(office, 'admin.orders', work))));
    if (!silence) return void (await askAll());
    if (!(await inSilence({ cluster, orderId: id, silence }, askAll)))
      onProblem(`what went back of ${id} is not known without the provider's word`);
  }

  /** Lets a clock run out and has it acted upon twice, as the job and the sweeper would. */
  async function runOut(id: string, field: 'holdExpiresAt' | 'expiresAt'): Promise<void> {
    const { orders } = shop.inside.services;
    const row = { status: 'pending', paymentStatus: 'unpaid', [field]: { $exists: true } };
    await insist(() =>
      database.db.collection('orders').updateOne({ _id: id as never, ...row }, { $set: { [field]: PAST } }),
    );
    const act = field === 'expiresAt' ? orders.expire : orders.releaseHold;
    await Promise.all([insist(() => act(id)), insist(() => act(id))]);
  }

  /** What is done past the API meets with the same faults. */
  async function insist(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(50);
      }
    }
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'pause':
        return pause(step.ms);
      case 'place':
        return place(step);
      case 'together':
        return void (await Promise.all(step.steps.map(perform)));
      case 'pay':
        return orderId === undefined ? undefined : pay(orderId, step);
      case 'cancel':
        return orderId === undefined ? undefined : cancel(orderId, step.clicks);
      case 'refund':
        return orderId === undefined ? undefined : giveBack(orderId, step);
      case 'hold-ends':
        return orderId === undefined ? undefined : runOut(orderId, 'holdExpiresAt');
      case 'expires':
        return orderId === undefined ? undefined : runOut(orderId, 'expiresAt');
    }
  }

  for (const step of steps) {
    try {
      await perform(step);
    } catch (error) {
      if (!(error instanceof Refused)) onProblem(`${step.do}: ${String(error)}`);
    }
  }
}
