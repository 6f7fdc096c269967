import { DomainError } from '@cartwright/domain-errors';
import type { CancelReason, Decision, OrderState } from './order-state.ts';
import { canTransition, moveOrder } from './transitions.ts';

/** What each reason allows beyond the table of transitions. */
const ALLOWED: Readonly<Record<CancelReason, (order: OrderState) => boolean>> = {
  customer: isUntouched,
  banned: isUntouched,
  expired: isUnpaidPrepaid,
  payment_failed: isUnpaidPrepaid,
  undeliverable: (order) => order.settlement === 'on_delivery' && order.fulfillmentStatus === 'returned',
  admin: () => true,
};

/** Not paid, nothing being paid, and nobody in the warehouse has begun. */
function isUntouched(order: OrderState): boolean {
  return order.status === 'pending' && order.paymentStatus === 'unpaid' && order.fulfillmentStatus === 'unfulfilled';
}

function isUnpaidPrepaid(order: OrderState): boolean {
  return isUntouched(order) && order.settlement === 'prepaid';
}

/** Whether the order may be canceled for this reason now. */
export function isCancelable(order: OrderState, reason: CancelReason): boolean {
  return ALLOWED[reason](order) && canTransition(order, { machine: 'status', to: 'canceled' });
}

/** Whether the clock has run out on an unpaid prepaid order. A payment in processing stops the clock. */
export function isExpired(order: OrderState, now: Date): boolean {
  return order.expiresAt !== undefined && order.expiresAt <= now && isUnpaidPrepaid(order);
}

/** The canceled order. Throws ORDER_NOT_CANCELABLE when the reason or the state forbids it. */
export function cancelOrder<O extends OrderState>(
  order: O,
  { reason }: { readonly reason: CancelReason },
  now: Date,
): Decision<O> {
  if (!isCancelable(order, reason)) throw new DomainError('ORDER_NOT_CANCELABLE');
  const canceled = moveOrder(order, { machine: 'status', to: 'canceled' });
  return {
    order: { ...canceled, canceledAt: now, cancelReason: reason },
    events: [{ type: 'order.canceled', at: now, reason }],
  };
}
