import { notFound } from '@cartwright/domain-errors';
import { cancelOrder, isCancelable } from '@cartwright/domain-orders';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { decided, outboxEvents, touched, updatedEvent, type Doer } from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import type { OrderRepository } from './order-repository.ts';
import type { BuyerPort, PaymentPort } from './orders.ports.ts';
import type { Order } from './order.ts';

const isBeforeShipment = ({ status, fulfillmentStatus }: Order): boolean =>
  status !== 'canceled' && (fulfillmentStatus === 'unfulfilled' || fulfillmentStatus === 'processing');

/** What a ban, and its end, means for the buyer's orders. All of it may run late, twice or at once. */
export function createOrderBans({
  mongo,
  orders,
  holds,
  payments,
  buyers,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save' | 'idsBeforeShipment' | 'idsReviewed'>;
  holds: Pick<OrderHolds, 'release'>;
  payments: Pick<PaymentPort, 'expireOpenSession'>;
  buyers: Pick<BuyerPort, 'isBanned'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  async function cancel(order: Order, now: Date, tx: Tx): Promise<void> {
    const decision = cancelOrder(order, { reason: 'banned' }, now);
    const released = await holds.release(decision.order, tx);
    const saved = decided({ ...decision, order: released.order }, 'system', now);
    await orders.save(saved, tx);
    await outbox.append(tx, [...outboxEvents(saved, decision.events), ...released.events]);
  }

  type Review = Pick<Order, 'reviewSince' | 'reviewedAt'>;

  async function review(order: Order, change: Review, doer: Exclude<Doer, string>, now: Date, tx: Tx): Promise<void> {
    const text = change.reviewSince ? 'Held for review: the account was closed' : 'No longer held for review';
    const saved = touched({ ...order, ...change }, { kind: 'order.review', ...doer, text }, now);
    await orders.save(saved, tx);
    await outbox.append(tx, [updatedEvent(saved)]);
  }

  /** The ban is over: nothing is held any more, and what staff decided of it counts for the next one no more. */
  async function letGo(order: Order, now: Date, tx: Tx): Promise<void> {
    const free = { reviewSince: undefined, reviewedAt: undefined };
    if (order.reviewSince) await review(order, free, { by: 'system' }, now, tx);
    else if (order.reviewedAt) await orders.save({ ...order, ...free, version: order.version + 1, updatedAt: now }, tx);
  }

  /**
   * Cancels an unpaid order that nobody has begun to fulfil, its payment page closed first, and holds any other that was
   * not shipped: one that is paid, being paid, or in the warehouse; unless staff have looked at it during this ban.
   */
  async function settleOne(orderId: string): Promise<void> {
    const seen = await orders.byId(orderId);
    if (!seen) return;
    const pageIsClosed =
      seen.settlement !== 'prepaid' ||
      (isCancelable(seen, 'banned') && (await payments.expireOpenSession(orderId)) === 'closed');
    await mongo.transaction(async (tx) => {
      const order = await orders.byId(orderId, tx);
      const now = clock();
      if (!order || !isBeforeShipment(order)) return;
      if (pageIsClosed && isCancelable(order, 'banned')) await cancel(order, now, tx);
      else if (!order.reviewSince && !order.reviewedAt)
        await review(order, { reviewSince: now }, { by: 'system' }, now, tx);
    });
  }

  return {
    /**
     * Does with a user's orders what their being banned, or being so no more, asks for now. An order that fails stops no
     * other; the first failure is thrown in the end, so that the job comes again.
     */
    async applyBan(userId: string): Promise<void> {
      const failures: unknown[] = [];
      const each = async (ids: readonly string[], act: (orderId: string) => Promise<void>): Promise<void> => {
        for (const id of ids) await act(id).catch((error: unknown) => failures.push(error));
      };
      if (await buyers.isBanned(userId)) await each(await orders.idsBeforeShipment(userId), settleOne);
      else {
        await each(await orders.idsReviewed(userId), (orderId) =>
          mongo.transaction(async (tx) => {
            const order = await orders.byId(orderId, tx);
            if (order) await letGo(order, clock(), tx);
          }),
        );
      }
      if (failures.length > 0) throw failures[0];
    },

    /**
     * Lets an order go on that was held for review; staff have looked at it, and it is not held again while the ban lasts.
     * One that is not held is left as it is. Throws NOT_FOUND, VERSION_CONFLICT when somebody else was changing it.
     */
    endReview: (orderId: string, actorId: string): Promise<void> =>
      mongo.transaction(async (tx) => {
        const order = await orders.byId(orderId, tx);
        if (!order) throw notFound('order');
        const now = clock();
        if (order.reviewSince)
          await review(order, { reviewSince: undefined, reviewedAt: now }, { by: 'staff', actorId }, now, tx);
      }),
  };
}

export type OrderBans = ReturnType<typeof createOrderBans>;
