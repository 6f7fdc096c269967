import { isPayable } from '@cartwright/domain-orders';
import type { Decision, OrderEvent } from '@cartwright/domain-orders';
import type { AnyPendingEvent } from '@cartwright/platform-outbox';
import {
  orderCanceled,
  orderDelivered,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefundBounced,
  orderRefunded,
  orderReturnAnswered,
  orderReturnRequested,
  orderShipped,
  orderUpdated,
} from './orders.events.ts';
import {
  isReturnAsked,
  type Order,
  type OrderRefund,
  type ReturnRequest,
  type Shipment,
  type TimelineEntry,
} from './order.ts';

const TEXTS: Readonly<Record<OrderEvent['type'], (event: OrderEvent) => string>> = {
  'order.paid': () => 'Payment received',
  'order.payment_processing': () => 'Payment is being processed',
  'order.payment_failed': () => 'Payment failed',
  'order.canceled': (event) => (event.type === 'order.canceled' ? CANCEL_TEXTS[event.reason] : ''),
};

const CANCEL_TEXTS = {
  customer: 'Canceled by the customer',
  admin: 'Canceled by the shop',
  expired: 'Canceled: not paid in time',
  payment_failed: 'Canceled: the payment failed',
  banned: 'Canceled: the account was closed',
  undeliverable: 'Canceled: the parcel could not be delivered',
} as const;

const STOPPED_CLOCKS = { expiresAt: undefined, holdExpiresAt: undefined, processingSince: undefined } as const;

/** Who did it; staff by name, with a reason where they gave one. */
export type Doer = TimelineEntry['by'] | Pick<TimelineEntry, 'by' | 'actorId' | 'detail'>;

/**
 * A decision as it is saved: version and times moved on, the timeline told. The clocks run for orders waiting for
 * money only, so they are taken off once it came or nobody waits for it any more.
 */
export function decided({ order, events }: Decision<Order>, by: Doer, now: Date): Order {
  const doer = typeof by === 'string' ? { by } : by;
  const entries = events.map((event) => ({ at: now, kind: event.type, ...doer, text: TEXTS[event.type](event) }));
  const waiting = isPayable(order) || order.paymentStatus === 'processing';
  return {
    ...order,
    version: order.version + 1,
    updatedAt: now,
    timeline: [...order.timeline, ...entries],
    ...(order.status === 'pending' && waiting ? {} : STOPPED_CLOCKS),
  };
}

/** Any other change, told in the timeline. */
export function touched(order: Order, entry: Omit<TimelineEntry, 'at'>, now: Date): Order {
  return { ...order, version: order.version + 1, updatedAt: now, timeline: [...order.timeline, { at: now, ...entry }] };
}

/** The outbox event of a placed order. */
export function placedEvent(order: Order): AnyPendingEvent {
  return pending(order, orderPlaced, { ...factsOf(order), lines: linesOf(order), ...clocksOf(order) });
}

/** The outbox event of a change that is neither payment nor cancel. */
export function updatedEvent(order: Order): AnyPendingEvent {
  return pending(order, orderUpdated, { ...factsOf(order), ...clocksOf(order) });
}

/** The outbox event of money that went back. */
export function refundedEvent(order: Order, { id: refundId, amount, origin }: OrderRefund): AnyPendingEvent {
  const isDispute = origin === 'dispute';
  return pending(order, orderRefunded, { ...factsOf(order), refundId, amount, isDispute });
}

/** The outbox event of money that came back from where it had gone. */
export function bouncedEvent(order: Order, { id: refundId, amount }: OrderRefund): AnyPendingEvent {
  return pending(order, orderRefundBounced, { ...factsOf(order), refundId, amount });
}

/** The outbox event of a parcel that left. */
export function shippedEvent(
  order: Order,
  { id: shipmentId, carrier, trackingNumber, lines }: Shipment,
): AnyPendingEvent {
  const titles = new Map(order.lines.map(({ lineId, product }) => [lineId, product.title]));
  const goods = lines.map(({ lineId, quantity }) => ({ lineId, quantity, title: titles.get(lineId) ?? '' }));
  return pending(order, orderShipped, { ...factsOf(order), shipmentId, carrier, trackingNumber, lines: goods });
}

/** The outbox event of pieces whose return was asked for. */
export function returnRequestedEvent(order: Order, { id: requestId }: ReturnRequest): AnyPendingEvent {
  return pending(order, orderReturnRequested, { ...factsOf(order), requestId });
}

/** The outbox event of the answer to that. */
export function returnAnsweredEvent(order: Order, { id: requestId, status, answer }: ReturnRequest): AnyPendingEvent {
  return pending(order, orderReturnAnswered, { ...factsOf(order), requestId, accepted: status === 'accepted', answer });
}

/** The outbox event of an order once everything of it has arrived; none of one that had before. */
export function arrivalEvents(before: Order, after: Order): AnyPendingEvent[] {
  const hasArrived = before.fulfillmentStatus !== 'delivered' && after.fulfillmentStatus === 'delivered';
  return hasArrived ? [pending(after, orderDelivered, factsOf(after))] : [];
}

/** What a decision's events look like to the rest of the shop; `order` is the order as saved. */
export function outboxEvents(order: Order, events: readonly OrderEvent[]): AnyPendingEvent[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'order.paid':
        return pending(order, orderPaid, { ...factsOf(order), lines: linesOf(order), paymentId: event.paymentId });
      case 'order.canceled':
        return pending(order, orderCanceled, { ...factsOf(order), reason: event.reason });
      case 'order.payment_failed':
        return [updatedEvent(order), pending(order, orderPaymentFailed, factsOf(order))];
      case 'order.payment_processing':
        return updatedEvent(order);
    }
  });
}

function pending(order: Order, event: AnyPendingEvent['event'], payload: unknown): AnyPendingEvent {
  return { event, aggregateId: order.id, aggregateVersion: order.version, payload, occurredAt: order.updatedAt };
}

function factsOf(order: Order) {
  const { id: orderId, number, userId, email, status, paymentStatus, fulfillmentStatus, paymentMethod, total } = order;
  const guest = order.guest ? { guestSeed: order.guest.seed } : {};
  const states = { status, paymentStatus, fulfillmentStatus, returnRequested: isReturnAsked(order) };
  return { orderId, number, userId, ...guest, email, ...states, paymentMethod, total };
}

function clocksOf({ expiresAt, holdExpiresAt }: Order) {
  return { ...(expiresAt ? { expiresAt } : {}), ...(holdExpiresAt ? { holdExpiresAt } : {}) };
}

function linesOf(order: Order) {
  const totals = new Map(order.pricing.lines.map((line) => [line.lineId, line.total]));
  return order.lines.map(({ lineId, variantId, quantity, product }) => ({
    lineId,
    variantId,
    productId: product.id,
    title: product.title,
    sku: product.sku,
    quantity,
    total: totals.get(lineId),
  }));
}
