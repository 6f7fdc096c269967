import { DomainError, notFound } from '@cartwright/domain-errors';
import { cancelOrder, isCancelable, sendParcel, transitionOrder } from '@cartwright/domain-orders';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { IdempotencyRecords, Intent } from '@cartwright/platform-idempotency';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { AnyPendingEvent, Outbox } from '@cartwright/platform-outbox';
import { toAdminOrderDto } from './order-admin-mapping.ts';
import { arrivalEvents, decided, outboxEvents, shippedEvent, touched, updatedEvent } from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import type { OrderPayments } from './order-payments.ts';
import { isParcelUnderWay, openPieces, progressOf, requirePieces, settled, variantsOf } from './order-progress.ts';
import type { OrderRepository } from './order-repository.ts';
import type { AdminOrderDto, MarkReturnedInput, ShipInput } from './orders-admin.contracts.ts';
import type { LedgerPort } from './orders.ports.ts';
import type { Order, Shipment, TimelineEntry } from './order.ts';

/** A changed order, ready to be saved, and the events that go with it beside `order.updated`. */
interface Change {
  readonly order: Order;
  readonly events: readonly AnyPendingEvent[];
}

/**
 * An order's way from the shelf to its buyer, and back. Each step is one transaction with the stock it moves. All of them
 * throw NOT_FOUND, and ILLEGAL_TRANSITION for a step that the order can't take now.
 */
export function createOrderFulfilment({
  mongo,
  orders,
  records,
  holds,
  booking,
  ledger,
  stock,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  records: Pick<IdempotencyRecords, 'once'>;
  holds: Pick<OrderHolds, 'take' | 'release'>;
  booking: Pick<OrderPayments, 'recordPayment'>;
  ledger: Pick<LedgerPort, 'enterCash'>;
  stock: Pick<InventoryService, 'ship' | 'restock'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  async function existing(orderId: string, tx?: Tx): Promise<Order> {
    const order = await orders.byId(orderId, tx);
    if (!order) throw notFound('order');
    return order;
  }

  async function write(
    orderId: string,
    change: (order: Order, now: Date, tx: Tx) => Promise<Change>,
    tx: Tx,
  ): Promise<void> {
    const { order, events } = await change(await existing(orderId, tx), clock(), tx);
    await orders.save(order, tx);
    await outbox.append(tx, [updatedEvent(order), ...events]);
  }

  async function once(intent: Intent, orderId: string, effect: (tx: Tx) => Promise<void>): Promise<AdminOrderDto> {
    await records.once(intent, (note) =>
      mongo.transaction(async (tx) => {
        await effect(tx);
        await note(orderId, tx);
        return orderId;
      }),
    );
    return toAdminOrderDto(await existing(orderId));
  }

  const byStaff = (actorId: string, kind: string, text: string): Omit<TimelineEntry, 'at'> => ({
    ...{ kind, by: 'staff', text, actorId },
  });

  async function ship(seen: Order, input: ShipInput, { actorId, now }: { actorId: string; now: Date }, tx: Tx) {
    const sent = sendParcel(seen);
    const open = openPieces(seen);
    const lines = input.lines ? requirePieces(seen, input.lines, (line) => line.open) : open;
    if (lines.length === 0) {
      throw new DomainError('ILLEGAL_TRANSITION', { from: seen.fulfillmentStatus, to: 'shipped' });
    }
    const { order, events: holding } = await holds.take(sent, tx);
    const { carrier, trackingNumber } = input;
    const shipment: Shipment = { id: newId(), at: now, carrier, trackingNumber, lines };
    const moved = await stock.ship(variantsOf(order, lines), { source: 'shipment', sourceId: shipment.id }, tx);
    const entry = byStaff(actorId, 'order.shipped', `Parcel sent with ${carrier}, ${trackingNumber}`);
    const saved = touched({ ...order, shipments: [...(order.shipments ?? []), shipment] }, entry, now);
    return { order: saved, events: [shippedEvent(saved, shipment), ...holding, moved] };
  }

  function deliver(order: Order, shipmentId: string | undefined, { actorId, now }: { actorId: string; now: Date }) {
    const parcels = order.shipments ?? [];
    if (shipmentId !== undefined && !parcels.some(({ id }) => id === shipmentId)) throw notFound('shipment');
    const isMeant = ({ id, deliveredAt }: Shipment): boolean =>
      deliveredAt === undefined && (shipmentId === undefined || id === shipmentId);
    if (!isParcelUnderWay(order) || (parcels.length > 0 && !parcels.some(isMeant))) {
      throw new DomainError('ILLEGAL_TRANSITION', { from: order.fulfillmentStatus, to: 'delivered' });
    }
    const shipments = parcels.map((parcel) => (isMeant(parcel) ? { ...parcel, deliveredAt: now } : parcel));
    // Sent before parcels were written down: the order itself is the parcel.
    const arrived =
      parcels.length === 0
        ? transitionOrder(order, { machine: 'fulfillment', to: 'delivered' })
        : settled({ ...order, shipments });
    const events = (saved: Order) => arrivalEvents(order, saved);
    const text = events(arrived).length > 0 ? 'Delivered' : 'Parcel delivered';
    const saved = touched(arrived, byStaff(actorId, 'order.delivered', text), now);
    return { order: saved, events: events(saved) };
  }

  async function takeBack(
    order: Order,
    { lines, restock }: MarkReturnedInput,
    { actorId, now }: { actorId: string; now: Date },
    tx: Tx,
  ) {
    if (order.fulfillmentStatus !== 'shipped' && order.fulfillmentStatus !== 'delivered') {
      throw new DomainError('ILLEGAL_TRANSITION', { from: order.fulfillmentStatus, to: 'returned' });
    }
    // What a refund put back on the shelf has come back, and does so once; one that was refunded alone may still come.
    const pieces = requirePieces(order, lines, ({ shipped, returned }) => shipped - returned);
    const back = { id: newId(), at: now, lines: pieces, restocked: restock };
    const events = restock
      ? [await stock.restock(variantsOf(order, pieces), { source: 'return', sourceId: back.id }, tx)]
      : [];
    const taken = settled({ ...order, returns: [...(order.returns ?? []), back] });
    const count = pieces.reduce((sum, { quantity }) => sum + quantity, 0);
    const text = `${count} ${count === 1 ? 'piece' : 'pieces'} came back`;
    const saved = touched(taken, byStaff(actorId, 'order.returned', text), now);
    if (isRefused(saved)) return cancelRefused(saved, { actorId, now, events }, tx);
    return { order: saved, events: [...arrivalEvents(order, saved), ...events] };
  }

  /** Nothing of it is sent any more: the rest of its pieces and the coupon's use go back with the parcel. */
  async function cancelRefused(
    returned: Order,
    { actorId, now, events }: { actorId: string; now: Date; events: readonly AnyPendingEvent[] },
    tx: Tx,
  ): Promise<Change> {
    const decision = cancelOrder(returned, { reason: 'undeliverable' }, now);
    const released = await holds.release(decision.order, tx);
    const canceled = decided({ ...decision, order: released.order }, { by: 'staff', actorId }, now);
    const order = { ...canceled, version: returned.version };
    return { order, events: [...outboxEvents(order, decision.events), ...events, ...released.events] };
  }

  return {
    /** The warehouse begins. Throws OUT_OF_STOCK when the order holds no stock and it is gone. */
    async startProcessing(orderId: string, actorId: string): Promise<AdminOrderDto> {
      await mongo.transaction((tx) =>
        write(
          orderId,
          async (seen, now) => {
            const started = transitionOrder(seen, { machine: 'fulfillment', to: 'processing' });
            const { order, events } = await holds.take(started, tx);
            const entry = byStaff(actorId, 'order.processing', 'Being prepared');
            return { order: touched(order, entry, now), events };
          },
          tx,
        ),
      );
      return toAdminOrderDto(await existing(orderId));
    },

    /** A parcel leaves, with the lines or all that is open. Throws QUANTITY_EXCEEDED, INVALID_INPUT, OUT_OF_STOCK. */
    ship: (input: ShipInput, actorId: string, intent: Intent): Promise<AdminOrderDto> =>
      once(intent, input.orderId, (tx) =>
        write(input.orderId, (order, now) => ship(order, input, { actorId, now }, tx), tx),
      ),

    /** A parcel, or all of them, arrived. */
    async markDelivered(
      { orderId, shipmentId }: { orderId: string; shipmentId?: string | undefined },
      actorId: string,
    ): Promise<AdminOrderDto> {
      await mongo.transaction((tx) =>
        write(orderId, async (order, now) => deliver(order, shipmentId, { actorId, now }), tx),
      );
      return toAdminOrderDto(await existing(orderId));
    },

    /**
     * Pieces that were sent came back, delivered or refused. An order paid on delivery of which every parcel was refused is
     * canceled with the last of them. Throws QUANTITY_EXCEEDED, INVALID_INPUT.
     */
    markReturned: (input: MarkReturnedInput, actorId: string, intent: Intent): Promise<AdminOrderDto> =>
      once(intent, input.orderId, (tx) =>
        write(input.orderId, (order, now) => takeBack(order, input, { actorId, now }, tx), tx),
      ),

    /** The buyer paid in cash: the order is paid. Throws ORDER_NOT_PAYABLE unless it is to be paid on delivery and unpaid. */
    recordPayment: (orderId: string, actorId: string, intent: Intent): Promise<AdminOrderDto> =>
      once(intent, orderId, async (tx) => {
        const order = await existing(orderId, tx);
        if (order.settlement !== 'on_delivery' || order.status !== 'pending') {
          throw new DomainError('ORDER_NOT_PAYABLE');
        }
        const amount = order.total;
        const at = clock();
        const paymentId = await ledger.enterCash({ orderId, amount, at }, tx);
        await booking.recordPayment({ orderId, paymentId, amount, at, by: { by: 'staff', actorId } }, tx);
      }),
  };
}

export type OrderFulfilment = ReturnType<typeof createOrderFulfilment>;

/** Whether all that was sent to be paid on delivery came back, and none of it had arrived. */
const isRefused = (order: Order): boolean =>
  isCancelable(order, 'undeliverable') && progressOf(order).every(({ delivered }) => delivered === 0);
