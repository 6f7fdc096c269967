import { DomainError } from '@cartwright/domain-errors';
import type { OrderState } from './order-state.ts';
import { isNoneUnderWay, type ReturnedGoods } from './return-requests.ts';
import { mayFulfil, moveOrder } from './transitions.ts';

/** The order once a parcel has left: on its way from the first one on. Throws ILLEGAL_TRANSITION. */
export function sendParcel<O extends OrderState>(order: O): O {
  if (order.fulfillmentStatus !== 'shipped') return moveOrder(order, { machine: 'fulfillment', to: 'shipped' });
  if (!mayFulfil(order)) throw new DomainError('ILLEGAL_TRANSITION', { from: 'shipped', to: 'shipped' });
  return order;
}

/**
 * The order as far as its pieces have come: delivered when nothing is left to send and every parcel arrived or came back;
 * returned when all that was sent is back and nothing is left to send. Of an order to be paid on delivery that was refused,
 * the rest is not sent any more.
 */
export function settleFulfillment<O extends OrderState>(order: O, goods: ReturnedGoods): O {
  const { lines } = goods;
  const isOpen = lines.some(({ open }) => open > 0);
  const wasSent = lines.some(({ shipped }) => shipped > 0);
  const isRefused = order.settlement === 'on_delivery' && order.status === 'pending';
  const isBack = wasSent && lines.every(({ shipped, returned }) => returned === shipped);
  if (order.fulfillmentStatus !== 'shipped' && order.fulfillmentStatus !== 'delivered') return order;
  if (isBack && (!isOpen || isRefused)) return moveOrder(order, { machine: 'fulfillment', to: 'returned' });
  if (order.fulfillmentStatus === 'delivered' || isOpen || !isNoneUnderWay(goods)) return order;
  return moveOrder(order, { machine: 'fulfillment', to: 'delivered' });
}
