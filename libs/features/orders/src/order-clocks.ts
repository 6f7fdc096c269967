import { cancelOrder, isExpired, isPayable, type CancelReason } from '@cartwright/domain-orders';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { decided, outboxEvents, touched, updatedEvent } from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import type { OrderRepository } from './order-repository.ts';
import type { PaymentPort } from './orders.ports.ts';
import type { Order } from './order.ts';

/** Orders that a sweep reads at a time. */
const SWEEP_BATCH = 200;
/** After so many failures in a row it is not the orders: the provider or the database is away. */
const FAILURES_MAX = 20;

/** What the two clocks of an unpaid order do when they run out. All of it may run late, twice, or concurrently. */
export function createOrderClocks({
  mongo,
  orders,
  holds,
  payments,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save' | 'overdue'>;
  holds: Pick<OrderHolds, 'release'>;
  payments: Pick<PaymentPort, 'expireOpenSession'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  const holdEnded = (order: Order, now: Date): boolean =>
    isPayable(order) && order.hold === 'held' && order.holdExpiresAt !== undefined && order.holdExpiresAt <= now;

  /**
   * Closes the payment page first, so that nobody pays for what is given back, then changes the order in a transaction
   * that looks at it again. False when the order is not due, or when the buyer was faster.
   */
  async function act(
    orderId: string,
    isDue: (order: Order, now: Date) => boolean,
    write: (order: Order, now: Date, tx: Tx) => Promise<void>,
  ): Promise<boolean> {
    const seen = await orders.byId(orderId);
    if (!seen || !isDue(seen, clock())) return false;
    if ((await payments.expireOpenSession(orderId)) === 'completed') return false;
    return mongo.transaction(async (tx) => {
      const order = await orders.byId(orderId, tx);
      const now = clock();
      if (!order || !isDue(order, now)) return false;
      await write(order, now, tx);
      return true;
    });
  }

  /** Cancels an unpaid prepaid order whose time is over; stock and coupon use go back. A paid one is left alone. */
  const expire = (orderId: string): Promise<boolean> =>
    act(orderId, isExpired, async (order, now, tx) => {
      const decision = cancelOrder(order, { reason: reasonOf(order) }, now);
      const released = await holds.release(decision.order, tx);
      const saved = decided({ ...decision, order: released.order }, 'system', now);
      await orders.save(saved, tx);
      await outbox.append(tx, [...outboxEvents(saved, decision.events), ...released.events]);
    });

  /** Gives stock and coupon use of an unpaid order back; it stays pending and can still be paid while there is stock. */
  const releaseHold = async (orderId: string): Promise<boolean> => {
    const released = await act(orderId, holdEnded, async (order, now, tx) => {
      const released = await holds.release(order, tx);
      const entry = { kind: 'order.hold_released', by: 'system', text: 'No longer reserved' } as const;
      const saved = touched(released.order, entry, now);
      await orders.save(saved, tx);
      await outbox.append(tx, [updatedEvent(saved), ...released.events]);
    });
    // The buyer may have opened a page since it was closed; with goods that were taken again meanwhile, rightly so. (Of a
    // canceled order, its event has them closed.)
    if (released && (await orders.byId(orderId))?.hold !== 'held') await payments.expireOpenSession(orderId);
    return released;
  };

  return {
    expire,
    releaseHold,

    /**
     * Does what lost or late jobs left undone, until the signal. Answers how many orders it changed; one that fails stops
     * no other, but many in a row end the turn of their clock.
     */
    async sweep(onError: (orderId: string, error: unknown) => void, signal?: AbortSignal): Promise<number> {
      let changed = 0;
      // With a provider that is away, neither clock takes all the time from the other: goods without a page need none.
      const settleAll = async (due: 'expiresAt' | 'holdExpiresAt', run: (orderId: string) => Promise<boolean>) => {
        // Those that can't be settled now, such as while their money is set aside, stay in front of the others.
        let skip = 0;
        let inARow = 0;
        for (;;) {
          const ids = await orders.overdue(due, { now: clock(), skip, limit: SWEEP_BATCH });
          if (ids.length === 0) return;
          for (const id of ids) {
            if (signal?.aborted) return;
            try {
              if (await run(id)) changed += 1;
              else skip += 1;
              inARow = 0;
            } catch (error) {
              skip += 1;
              inARow += 1;
              onError(id, error);
              if (inARow === FAILURES_MAX) return;
            }
          }
        }
      };
      await settleAll('expiresAt', expire);
      await settleAll('holdExpiresAt', releaseHold);
      return changed;
    },
  };
}

export type OrderClocks = ReturnType<typeof createOrderClocks>;

/** An order that somebody tried to pay did not just run out. */
function reasonOf({ timeline }: Order): CancelReason {
  return timeline.some(({ kind }) => kind === 'order.payment_failed') ? 'payment_failed' : 'expired';
}
