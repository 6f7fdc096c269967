import { DomainError, isDomainError, notFound } from '@cartwright/domain-errors';
import { cancelOrder, isCancelable, type CancelReason } from '@cartwright/domain-orders';
import type { IdempotencyRecords, Intent } from '@cartwright/platform-idempotency';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { isCancelableByShop, toAdminOrderDto } from './order-admin-mapping.ts';
import { decided, outboxEvents, touched, updatedEvent } from './order-changes.ts';
import type { OrderFulfilment } from './order-fulfilment.ts';
import type { OrderHolds } from './order-holds.ts';
import { refundableOf } from './order-progress.ts';
import type { OrderRefunds, RefundActor } from './order-refunds.ts';
import type { OrderRepository } from './order-repository.ts';
import type { AdminOrderDto, BulkInput, OrderTimelineDto } from './orders-admin.contracts.ts';
import type { BuyerPort, PaymentPort } from './orders.ports.ts';
import { NOTE_ENTRY, type Order } from './order.ts';

interface Cancel {
  readonly orderId: string;
  readonly reason?: string | undefined;
}

/** What staff do with an order besides sending it and giving money back: cancel, note, look at who did what. */
export function createOrderDesk({
  mongo,
  orders,
  records,
  refunds,
  fulfilment,
  holds,
  payments,
  buyers,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  records: Pick<IdempotencyRecords, 'once'>;
  refunds: Pick<OrderRefunds, 'request'>;
  fulfilment: Pick<OrderFulfilment, 'startProcessing' | 'markDelivered'>;
  holds: Pick<OrderHolds, 'release'>;
  payments: Pick<PaymentPort, 'expireOpenSession'>;
  buyers: Pick<BuyerPort, 'byId'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  async function existing(orderId: string, tx?: Tx): Promise<Order> {
    const order = await orders.byId(orderId, tx);
    if (!order) throw notFound('order');
    return order;
  }

  /** Cancels at once: nothing was paid, or all of it is back. */
  async function cancelNow(order: Order, { reason: detail }: Cancel, actorId: string, tx: Tx): Promise<void> {
    const now = clock();
    const decision = cancelOrder({ ...order, cancelRequestedAt: undefined }, { reason: reasonFor(order) }, now);
    const released = await holds.release(decision.order, tx);
    const saved = decided({ ...decision, order: released.order }, { by: 'staff', actorId, detail }, now);
    await orders.save(saved, tx);
    await outbox.append(tx, [...outboxEvents(saved, decision.events), ...released.events]);
  }

  /** Asks for all that is left; the order is canceled when that is back, and nothing is sent meanwhile. */
  async function cancelAfterRefund(order: Order, { reason }: Cancel, actor: RefundActor, tx: Tx): Promise<void> {
    const now = clock();
    const entry = { kind: 'order.cancel_requested', by: 'staff', actorId: actor.userId, detail: reason } as const;
    const text = 'To be canceled once the money is back';
    const wanted = { order, wish: { full: true }, actor, reason, now };
    const made = await refunds.request(wanted, tx);
    const timeline = [...made.order.timeline, { at: now, ...entry, text }];
    const saved = { ...made.order, timeline, cancelRequestedAt: order.cancelRequestedAt ?? now };
    await orders.save(saved, tx);
    await outbox.append(tx, [updatedEvent(saved), ...made.events]);
  }

  async function writeCancel(cancel: Cancel, actor: RefundActor, tx: Tx): Promise<void> {
    const order = await existing(cancel.orderId, tx);
    if (!isCancelableByShop(order)) throw new DomainError('ORDER_NOT_CANCELABLE');
    if (isCancelable(order, reasonFor(order))) await cancelNow(order, cancel, actor.userId, tx);
    else if (refundableOf(order).amount > 0) await cancelAfterRefund(order, cancel, actor, tx);
    // All of the money is on its way back already.
    else await waitForRefunds(order, cancel, actor.userId, tx);
  }

  async function waitForRefunds(order: Order, { reason: detail }: Cancel, actorId: string, tx: Tx): Promise<void> {
    const now = clock();
    const text = 'To be canceled once the money is back';
    const entry = { kind: 'order.cancel_requested', by: 'staff', actorId, detail, text } as const;
    const saved = touched({ ...order, cancelRequestedAt: now }, entry, now);
    await orders.save(saved, tx);
    await outbox.append(tx, [updatedEvent(saved)]);
  }

  async function runOne(orderId: string, action: BulkInput['action'], actorId: string) {
    try {
      if (action === 'startProcessing') await fulfilment.startProcessing(orderId, actorId);
      else await fulfilment.markDelivered({ orderId }, actorId);
      return { orderId, ok: true };
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { orderId, ok: false, reason: error.reason };
    }
  }

  return {
    /**
     * Cancels an order that was not sent: at once while nothing is paid, else when all of its money is back; a cash order
     * also once its parcel came back. Throws NOT_FOUND, ORDER_NOT_CANCELABLE, REFUND_LIMIT_EXCEEDED, and what the payment
     * port does.
     */
    async cancel(input: Cancel, actor: RefundActor, intent: Intent): Promise<AdminOrderDto> {
      await records.once(intent, async (note) => {
        const seen = await existing(input.orderId);
        if (!isCancelableByShop(seen)) throw new DomainError('ORDER_NOT_CANCELABLE');
        const isWaiting = seen.settlement === 'prepaid' && seen.status === 'pending';
        // A payment that was made this moment is about to be told of; one in processing is given back when it comes.
        const isPaidMeanwhile =
          isWaiting &&
          (await payments.expireOpenSession(seen.id)) === 'completed' &&
          seen.paymentStatus !== 'processing';
        if (isPaidMeanwhile) throw new DomainError('ORDER_NOT_CANCELABLE');
        await mongo.transaction(async (tx) => {
          await writeCancel(input, actor, tx);
          await note(input.orderId, tx);
        });
        return input.orderId;
      });
      return toAdminOrderDto(await existing(input.orderId));
    },

    /** Keeps a note with the order, for staff alone. Throws NOT_FOUND. */
    async note({ orderId, text: detail }: { orderId: string; text: string }, actorId: string): Promise<AdminOrderDto> {
      await mongo.transaction(async (tx) => {
        const order = await existing(orderId, tx);
        await orders.save(
          touched(order, { kind: NOTE_ENTRY, by: 'staff', text: 'Note', actorId, detail }, clock()),
          tx,
        );
      });
      return toAdminOrderDto(await existing(orderId));
    },

    /** Who did what when, the oldest first. Throws NOT_FOUND. */
    async timeline(orderId: string): Promise<OrderTimelineDto> {
      const { timeline } = await existing(orderId);
      const ids = [...new Set(timeline.flatMap(({ actorId }) => actorId ?? []))];
      const names = new Map(await Promise.all(ids.map(async (id) => [id, (await buyers.byId(id))?.name] as const)));
      const items = timeline.map(({ actorId, detail, ...entry }) => {
        const name = actorId === undefined ? undefined : names.get(actorId);
        return {
          ...entry,
          ...(actorId === undefined ? {} : { actor: { id: actorId, ...(name === undefined ? {} : { name }) } }),
          ...(detail === undefined ? {} : { detail }),
        };
      });
      return { items };
    },

    /** One step for many orders, one after the other; one that is refused stops no other. */
    async bulk({ orderIds, action }: BulkInput, actorId: string) {
      const results = [];
      for (const orderId of new Set(orderIds)) results.push(await runOne(orderId, action, actorId));
      return { results };
    },
  };
}

export type OrderDesk = ReturnType<typeof createOrderDesk>;

/** A parcel that was refused and came back unpaid could not be delivered; all else is the shop's own decision. */
function reasonFor(order: Order): CancelReason {
  return isCancelable(order, 'undeliverable') ? 'undeliverable' : 'admin';
}
