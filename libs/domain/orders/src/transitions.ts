import { DomainError } from '@cartwright/domain-errors';
import type { FulfillmentStatus, OrderState, OrderStatus } from './order-state.ts';

interface TransitionOf<M extends string, S extends string> {
  readonly machine: M;
  readonly from: S;
  readonly to: S;
  /** Holds for the order as it is before the transition. */
  readonly when: (order: OrderState) => boolean;
}
type Transition = TransitionOf<'status', OrderStatus> | TransitionOf<'fulfillment', FulfillmentStatus>;

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
export const TRANSITIONS = [
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
] as const satisfies readonly Transition[];

type Edge = (typeof TRANSITIONS)[number];
/** What an order of this status can become next, by the table; nothing for one that is final. */
export type NextStatus<S extends OrderStatus> = Extract<Edge, { machine: 'status'; from: S }>['to'];
/** Where the goods of an order can be next, by the table. */
export type NextFulfillment<F extends FulfillmentStatus> = Extract<Edge, { machine: 'fulfillment'; from: F }>['to'];

/** Which fulfilment each status goes with. Follows from the transitions; kept as data for checks of stored orders. */
export const LEGAL_PAIRS = {
  pending: ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'],
  paid: ['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'],
  canceled: ['unfulfilled', 'processing', 'returned'],
} as const satisfies Readonly<Record<OrderStatus, readonly FulfillmentStatus[]>>;

type Pair = Pick<OrderState, 'status' | 'fulfillmentStatus'>;
/** An order known to be of a status: its fulfilment is one that goes with it. */
export type OrderOf<S extends OrderStatus, O extends Pair = OrderState> = O & {
  readonly status: S;
  readonly fulfillmentStatus: (typeof LEGAL_PAIRS)[S][number];
};

/** Whether the stored pair of status and fulfilment can come about at all. */
export function isLegalPair({ status, fulfillmentStatus }: Pair): boolean {
  return LEGAL_PAIRS[status].some((legal) => legal === fulfillmentStatus);
}

/** Whether the order is of this status; if so, its type says which fulfilments and which transitions are left. */
export function hasStatus<O extends Pair, S extends OrderStatus>(order: O, status: S): order is OrderOf<S, O> {
  return order.status === status;
}

/** What an order of this status can become; what it takes beyond that is up to the order as a whole. */
export function nextStatuses<S extends OrderStatus>(status: S): NextStatus<S>[] {
  return TRANSITIONS.flatMap((edge) =>
    edge.machine === 'status' && edge.from === status ? [edge.to as NextStatus<S>] : [],
  );
}

/** Where goods that are here can be next. */
export function nextFulfillments<F extends FulfillmentStatus>(status: F): NextFulfillment<F>[] {
  return TRANSITIONS.flatMap((edge) =>
    edge.machine === 'fulfillment' && edge.from === status ? [edge.to as NextFulfillment<F>] : [],
  );
}

/** A transition that an order of this type may make. A call that asks for any other one does not compile. */
export type TargetOf<O extends Pair> =
  | { readonly machine: 'status'; readonly to: NextStatus<O['status']> }
  | { readonly machine: 'fulfillment'; readonly to: NextFulfillment<O['fulfillmentStatus']> };

/** Whether the order may go there now. */
export function canTransition<O extends OrderState>(order: O, target: TargetOf<O>): boolean {
  const from = target.machine === 'status' ? order.status : order.fulfillmentStatus;
  return TRANSITIONS.some(
    (entry) => entry.machine === target.machine && entry.from === from && entry.to === target.to && entry.when(order),
  );
}

/** The order after the transition. Throws ILLEGAL_TRANSITION with both states for every pair not in the table. */
export function transitionOrder<O extends OrderState>(order: O, target: TargetOf<O>): O {
  return moveOrder(order, target);
}

/** As `transitionOrder`, for rules about orders of every state: a wrong target is found when it is asked for. */
export function moveOrder<O extends OrderState>(order: O, target: TargetOf<OrderState>): O {
  if (!canTransition<OrderState>(order, target)) {
    const from = target.machine === 'status' ? order.status : order.fulfillmentStatus;
    throw new DomainError('ILLEGAL_TRANSITION', { from, to: target.to });
  }
  return target.machine === 'status' ? { ...order, status: target.to } : { ...order, fulfillmentStatus: target.to };
}
