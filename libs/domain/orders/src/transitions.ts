import { DomainError } from '@cartwright/domain-errors';
import type { FulfillmentStatus, OrderState, OrderStatus } from './order-state.ts';

interface TransitionOf<M extends string, S extends string> {
  readonly machine: M;
  readonly from: S;
  readonly to: S;
  /** Holds for the order as it is before the transition. */
  readonly when: (order: OrderState) => boolean;
}
export type Transition = TransitionOf<'status', OrderStatus> | TransitionOf<'fulfillment', FulfillmentStatus>;

/** Fulfilment needs the money, or a confirmed order to be paid on delivery, and no cancel or review under way. */
export function mayFulfil(order: OrderState): boolean {
  if (order.cancelRequestedAt || order.reviewSince) return false;
  return order.status === 'paid' || isConfirmedOnDelivery(order);
}

function isConfirmedOnDelivery(order: OrderState): boolean {
  return order.status === 'pending' && order.settlement === 'on_delivery' && order.confirmedAt !== undefined;
}

function nothingShipped(order: OrderState): boolean {
  return order.fulfillmentStatus === 'unfulfilled' || order.fulfillmentStatus === 'processing';
}

/** Every legal transition of an order; whatever is not here is refused. */
export const TRANSITIONS: readonly Transition[] = [
  { machine: 'status', from: 'pending', to: 'paid', when: () => true },
  {
    machine: 'status',
    from: 'pending',
    to: 'canceled',
    when: (order) => nothingShipped(order) || order.fulfillmentStatus === 'returned',
  },
  {
    machine: 'status',
    from: 'paid',
    to: 'canceled',
    // Of an order that cost nothing there is nothing to give back.
    when: (order) => nothingShipped(order) && (order.paymentStatus === 'refunded' || order.total.amount === 0),
  },

  { machine: 'fulfillment', from: 'unfulfilled', to: 'processing', when: mayFulfil },
  { machine: 'fulfillment', from: 'processing', to: 'shipped', when: mayFulfil },
  { machine: 'fulfillment', from: 'shipped', to: 'delivered', when: mayFulfil },
  // A parcel that was refused or never arrived comes back without having been delivered.
  { machine: 'fulfillment', from: 'shipped', to: 'returned', when: mayFulfil },
  { machine: 'fulfillment', from: 'delivered', to: 'returned', when: mayFulfil },
];

/** Which fulfilment each status goes with. Follows from the transitions; kept as data for checks of stored orders. */
export const LEGAL_PAIRS: Readonly<Record<OrderStatus, readonly FulfillmentStatus[]>> = {
  pending: ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'],
  paid: ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'],
  canceled: ['unfulfilled', 'processing', 'returned'],
};

/** Whether the stored pair of status and fulfilment can come about at all. */
export function isLegalPair(order: Pick<OrderState, 'status' | 'fulfillmentStatus'>): boolean {
  return LEGAL_PAIRS[order.status].includes(order.fulfillmentStatus);
}

export type Target =
  | { readonly machine: 'status'; readonly to: OrderStatus }
  | { readonly machine: 'fulfillment'; readonly to: FulfillmentStatus };

/** Whether the order may go there now. */
export function canTransition(order: OrderState, target: Target): boolean {
  const from = target.machine === 'status' ? order.status : order.fulfillmentStatus;
  return TRANSITIONS.some(
    (entry) => entry.machine === target.machine && entry.from === from && entry.to === target.to && entry.when(order),
  );
}

/** The order after the transition. Throws ILLEGAL_TRANSITION with both states for every pair not in the table. */
export function transitionOrder<O extends OrderState>(order: O, target: Target): O {
  if (!canTransition(order, target)) {
    const from = target.machine === 'status' ? order.status : order.fulfillmentStatus;
    throw new DomainError('ILLEGAL_TRANSITION', { from, to: target.to });
  }
  return target.machine === 'status' ? { ...order, status: target.to } : { ...order, fulfillmentStatus: target.to };
}
