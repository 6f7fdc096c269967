import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import { inTime, Refused } from '../patience.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actors.ts';
import { runOut } from './clock.ts';
import { createHands } from './hands.ts';
import { askOffice, inSilence, shopCancels, when } from './office.ts';
import { send } from './parcels.ts';
import { pay } from './paying.ts';
import { place } from './placing.ts';
import { bounce, dispute, resolve } from './returning.ts';
import type { Stage } from './stage.ts';
import type { Step } from './steps.ts';

/** Money takes its way through webhook and queue, past all that fails there. */
const PAID_WITHIN_MS = 40_000;

/** Has a customer carry out their part of a round. What the shop refuses is noted and left; what fails is tried again. */
export async function play(actor: Actor, steps: readonly Step[], random: Random, stage: Stage): Promise<void> {
  const { office, onProblem } = stage;
  const hands = createHands(actor, random, stage);
  const { ask, askOf, together } = hands;
  let orderId: string | undefined;
  /** The provider has taken money for the order. */
  let wasPaid = false;

  async function cancel(id: string, clicks: number): Promise<void> {
    const input = { orderId: id, idempotencyKey: newIdempotencyKey() };
    await together(clicks, () => ask('orders.cancel', ({ api }) => api.orders.cancel.mutate(input, inTime())));
  }

  const whenPaid = (id: string) => {
    const withinMs = wasPaid ? PAID_WITHIN_MS : 0;
    return when(stage.cluster, { orderId: id, withinMs }, ({ status }) => status === 'paid');
  };

  async function giveBack(
    id: string,
    { wishes, clicks, silence, bounce: fails }: Extract<Step, { do: 'refund' }>,
  ): Promise<void> {
    // One that comes to nothing is paid by that, without a page.
    const order = await whenPaid(id);
    if (!order && wasPaid) onProblem(`the money for ${id} was taken, and it is not paid`);
    if (!order) return;
    const asked = wishes.map((wish) => askOffice(order, wish));
    const askAll = () => Promise.all(asked.map(({ what, work }) => together(clicks, () => askOf(office, what, work))));
    if (!silence) await askAll();
    else if (!(await inSilence({ stage, orderId: id, silence }, askAll)))
      onProblem(`what went back of ${id} is not known without the provider's word`);
    if (fails) await bounce(order, fails, { hands, stage });
  }

  async function complain(id: string, step: Extract<Step, { do: 'dispute' }>): Promise<void> {
    const order = await whenPaid(id);
    if (order) await dispute(order, step, { hands, stage });
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'pause':
        return void (await pause(step.ms));
      case 'place':
        orderId = undefined;
        wasPaid = false;
        orderId = await place(step, { actor, hands, stage });
        return;
      case 'together':
        return void (await Promise.all(step.steps.map(attempt)));
      case 'after':
        await pause(step.ms);
        return perform(step.step);
      default:
        if (orderId !== undefined) await performOn(orderId, step);
    }
  }

  async function performOn(
    id: string,
    step: Extract<
      Step,
      { do: 'pay' | 'cancel' | 'shop-cancels' | 'refund' | 'dispute' | 'resolve' | 'send' | 'hold-ends' | 'expires' }
    >,
  ) {
    switch (step.do) {
      case 'pay':
        wasPaid = (await pay(id, step, { hands, random, stage })) || wasPaid;
        return;
      case 'cancel':
        return cancel(id, step.clicks);
      case 'shop-cancels': {
        const { what, work } = shopCancels(id);
        return void (await together(step.clicks, () => askOf(office, what, work)));
      }
      case 'refund':
        return giveBack(id, step);
      case 'dispute':
        return complain(id, step);
      case 'resolve':
        return wasPaid ? resolve(id, step, { hands, stage }) : undefined;
      case 'send':
        return send(id, step, { hands, stage, withinMs: wasPaid ? PAID_WITHIN_MS : 0 });
      case 'hold-ends':
        return runOut({ orderId: id, field: 'holdExpiresAt' }, hands, stage);
      case 'expires':
        return runOut({ orderId: id, field: 'expiresAt' }, hands, stage);
    }
  }

  async function attempt(step: Step): Promise<void> {
    try {
      await perform(step);
    } catch (error) {
      if (!(error instanceof Refused)) onProblem(`${step.do}: ${String(error)}`);
    }
  }

  for (const step of steps) await attempt(step);
}
