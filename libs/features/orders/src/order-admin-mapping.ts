import { canTransition, isCancelable } from '@cartwright/domain-orders';
import { toOrderDto, toRefundDto } from './order-mapping.ts';
import { isMoneyUnderWay, isParcelUnderWay, progressOf, refundableOf } from './order-progress.ts';
import type { AdminOrderDto, OrderAction } from './orders-admin.contracts.ts';
import type { Order, OrderRefund } from './order.ts';

/** An order as the shop sees it. */
export function toAdminOrderDto(order: Order): AdminOrderDto {
  return {
    ...toOrderDto(order),
    refunds: order.refunds.map((refund) => ({
      ...toRefundDto(refund),
      ...(refund.reason === undefined ? {} : { reason: refund.reason }),
      isRetryable: isRetryable(order, refund),
    })),
    refundable: refundableOf(order),
    isBeingCanceled: order.cancelRequestedAt !== undefined,
    paidElsewhere: isPaidElsewhere(order),
    actions: actionsOf(order),
  };
}

/** Whether a refund is about money that the order had no need of: paid twice, late, or not in its amount. */
export function isOfOtherPayment(order: Pick<Order, 'paymentId'>, { paymentId }: OrderRefund): boolean {
  return paymentId !== undefined && paymentId !== order.paymentId;
}

/** Whether a refund can be asked for again: one of ours that failed, and was not asked for again yet. */
export function isRetryable(order: Pick<Order, 'paymentId'>, refund: OrderRefund): boolean {
  const { status, origin, parts, retriedAs } = refund;
  const isOurs = origin === undefined && (parts !== undefined || isOfOtherPayment(order, refund));
  return status === 'failed' && isOurs && retriedAs === undefined;
}

/** Whether its money came in through another system: it isn't in this shop's books, so it can't go back from here. */
export function isPaidElsewhere({ status, paymentId, total }: Order): boolean {
  return status === 'paid' && paymentId === undefined && total.amount > 0;
}

/** Whether an order can be canceled by the shop: at once, or once its money is back. */
export function isCancelableByShop(order: Order): boolean {
  if (isPaidElsewhere(order) && order.paymentStatus !== 'refunded') return false;
  if (order.cancelRequestedAt) return refundableOf(order).amount > 0;
  return isCancelable(order, 'admin') || isCancelable({ ...order, paymentStatus: 'refunded' }, 'admin');
}

/** What staff can do with the order as it is. The calls themselves have the last word. */
function actionsOf(order: Order): OrderAction[] {
  const lines = progressOf(order);
  const mayGo = (to: 'processing' | 'shipped' | 'delivered') => canTransition(order, { machine: 'fulfillment', to });
  const isHeldBack = order.cancelRequestedAt !== undefined || order.reviewSince !== undefined;
  const isOnItsWay = order.fulfillmentStatus === 'shipped' && !isHeldBack;
  const canSend = (mayGo('shipped') || isOnItsWay) && lines.some(({ open }) => open > 0);
  const canArrive = isParcelUnderWay(order) && !isHeldBack;
  const canComeBack =
    (isOnItsWay || (order.fulfillmentStatus === 'delivered' && !isHeldBack)) &&
    lines.some(({ shipped, returned }) => shipped > returned);
  const owesCash = order.settlement === 'on_delivery' && order.status === 'pending';
  // Their money is back, such as by the provider's dashboard, and they are still set aside.
  const isPaidHere = order.status === 'paid' && order.paymentId !== undefined;
  const canGiveUp = isPaidHere && !isMoneyUnderWay(order) && !isHeldBack && lines.some(({ open }) => open > 0);
  const possible: [OrderAction, boolean][] = [
    ['startProcessing', mayGo('processing')],
    ['ship', canSend],
    ['markDelivered', canArrive],
    ['markReturned', canComeBack],
    ['recordPayment', owesCash],
    ['refund', refundableOf(order).amount > 0 || canGiveUp],
    ['cancel', isCancelableByShop(order)],
  ];
  return possible.flatMap(([action, isPossible]) => (isPossible ? [action] : []));
}
