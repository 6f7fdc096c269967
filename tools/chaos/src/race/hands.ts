import { setTimeout as pause } from 'node:timers/promises';
import type { Cartwright, ErrorReason } from '@cartwright/sdk';
import { persistently, Refused, type Patience } from '../patience.ts';
import type { Random } from '../random.ts';
import type { Actor } from './actors.ts';
import type { Stage } from './stage.ts';

const AGAIN_MS = 50;
/** What is asked for late in a round is tried again for so long all the same. */
const CALL_PATIENCE_MS = 20_000;

const COUPON = ['COUPON_LIMIT_REACHED', 'COUPON_ALREADY_USED', 'COUPON_INACTIVE'] as const;

/** What a round may bring the shop to refuse, by call. Whatever else is refused, somebody should look at. */
const MAY_REFUSE = {
  'cart.clear': [],
  'cart.setQuantity': ['OUT_OF_STOCK'],
  'cart.applyCoupon': COUPON,
  'checkout.quote': ['OUT_OF_STOCK'],
  'orders.place': ['OUT_OF_STOCK', 'PRICE_CHANGED', 'CART_CHANGED', 'CART_EMPTY', ...COUPON],
  // Of less than a card may be charged with, or of what was given back and is gone.
  'orders.pay': ['ORDER_NOT_PAYABLE', 'PAYMENT_METHOD_UNAVAILABLE', 'OUT_OF_STOCK', ...COUPON],
  'orders.cancel': ['ORDER_NOT_CANCELABLE'],
  'admin.orders.cancel': ['ORDER_NOT_CANCELABLE'],
  'admin.orders.refund': ['REFUND_NOT_POSSIBLE', 'REFUND_EXCEEDS_PAID', 'QUANTITY_EXCEEDED'],
  // Of what was asked for again already, or went to the bank meanwhile.
  'admin.orders.retryRefund': ['REFUND_NOT_POSSIBLE', 'REFUND_EXCEEDS_PAID'],
  'admin.orders.quarantine.resolve': ['NOT_FOUND'],
  // Of what others sent, gave up, noted or canceled meanwhile.
  'admin.orders.startProcessing': ['ILLEGAL_TRANSITION'],
  'admin.orders.ship': ['ILLEGAL_TRANSITION', 'QUANTITY_EXCEEDED'],
  'admin.orders.markDelivered': ['ILLEGAL_TRANSITION'],
  'admin.orders.markReturned': ['ILLEGAL_TRANSITION', 'QUANTITY_EXCEEDED'],
  'admin.orders.recordPayment': ['ORDER_NOT_PAYABLE'],
} as const satisfies Record<string, readonly ErrorReason[]>;

export type Call = keyof typeof MAY_REFUSE;

/** Calls as a person makes them: again where they fail, at another instance each time. */
export function createHands(actor: Actor, random: Random, { until, onProblem }: Pick<Stage, 'until' | 'onProblem'>) {
  const patience: Patience = { random, signIn: actor.signIn, onProblem };
  const patienceOfCall = (): number => Math.max(until, Date.now() + CALL_PATIENCE_MS);

  /** Each try asks the next instance, beginning at a random one. Throws `Refused`. */
  async function askOf<T>(clients: readonly Cartwright[], what: Call, work: (client: Cartwright) => Promise<T>) {
    const first = random.between(0, clients.length - 1);
    try {
      return await persistently(patience, { what, until: patienceOfCall() }, (tries) =>
        work(clients[(first + tries) % clients.length] as Cartwright),
      );
    } catch (error) {
      const allowed: readonly string[] = MAY_REFUSE[what];
      if (error instanceof Refused && !allowed.includes(error.reason)) {
        onProblem(`${what} was refused: ${error.reason}`);
      }
      throw error;
    }
  }

  return {
    askOf,
    ask: <T>(what: Call, work: (client: Cartwright) => Promise<T>) => askOf(actor.clients, what, work),

    /** The same so many times at once; what was answered. Refusals are left, anything else is a problem. */
    async together<T>(clicks: number, work: () => Promise<T>): Promise<T[]> {
      const outcomes = await Promise.allSettled(Array.from({ length: clicks }, work));
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      for (const error of errors) if (!(error instanceof Refused)) onProblem(String(error));
      return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    },

    /** What is done past the API meets with the same faults. */
    async insist(work: () => Promise<unknown>): Promise<void> {
      const deadline = patienceOfCall();
      for (;;) {
        try {
          await work();
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await pause(AGAIN_MS);
        }
      }
    },
  };
}

export type Hands = ReturnType<typeof createHands>;
