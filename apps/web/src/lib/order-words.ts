import type { RouterOutputs } from '@cartwright/sdk';

type Order = RouterOutputs['orders']['byId'];
export type OrderState = Pick<Order, 'status' | 'paymentStatus' | 'fulfillmentStatus' | 'paymentMethod'>;

export interface StateWords {
  label: string;
  color: 'pine' | 'clay' | 'gray' | 'blue';
}

/** One badge for the three states of an order: what the buyer cares about most comes first. */
export function orderStateWords(order: OrderState): StateWords {
  if (order.status === 'canceled') {
    return order.paymentStatus === 'refunded'
      ? { label: 'Refunded', color: 'gray' }
      : { label: 'Canceled', color: 'gray' };
  }
  if (order.fulfillmentStatus === 'returned') return { label: 'Returned', color: 'gray' };
  if (order.fulfillmentStatus === 'delivered') return { label: 'Delivered', color: 'pine' };
  if (order.fulfillmentStatus === 'shipped') return { label: 'On its way', color: 'blue' };
  if (order.status === 'paid') return { label: 'Paid', color: 'pine' };
  if (order.paymentStatus === 'processing') return { label: 'Payment in progress', color: 'blue' };
  if (order.paymentMethod === 'cash_on_delivery') return { label: 'Confirmed', color: 'pine' };
  return { label: 'Waiting for payment', color: 'clay' };
}

export const PAYMENT_WORDS: Record<Order['paymentStatus'], string> = {
  unpaid: 'Unpaid',
  processing: 'In progress',
  paid: 'Paid',
  partially_refunded: 'Partly refunded',
  refunded: 'Refunded',
};

export const FULFILLMENT_WORDS: Record<Order['fulfillmentStatus'], string> = {
  unfulfilled: 'Not sent yet',
  processing: 'Being packed',
  shipped: 'On its way',
  delivered: 'Delivered',
  returned: 'Returned',
};

type Refund = Pick<Order['refunds'][number], 'amount' | 'status'>;

/** Whether a refund gives money back: where none is left of the pieces that are taken off an order, it gives none. */
export const isOfMoney = ({ amount }: Pick<Refund, 'amount'>): boolean => amount.amount > 0;

/** What a refund is, or how far its money is. */
export const refundWords = (refund: Refund): string =>
  isOfMoney(refund) ? REFUND_WORDS[refund.status] : 'Pieces taken off the order; no money of them was left to pay back';

/** What is said of a refund that was just asked for. */
export const refundSaid = ({
  refundId,
  order,
}: {
  refundId: string;
  order: { refunds: (Refund & { id: string })[] };
}) =>
  order.refunds.some((refund) => refund.id === refundId && !isOfMoney(refund))
    ? 'The pieces are taken off the order.'
    : 'The money is on its way back.';

const REFUND_WORDS: Record<Refund['status'], string> = {
  requested: 'On its way back',
  pending: 'On its way back',
  succeeded: 'Paid back',
  failed: 'Did not go through',
};

export const PAYMENT_METHOD_WORDS: Record<Order['paymentMethod'], string> = {
  stripe_checkout: 'Card or wallet',
  cash_on_delivery: 'Cash on delivery',
};

export const CANCEL_WORDS: Record<NonNullable<Order['cancelReason']>, string> = {
  customer: 'You canceled this order.',
  admin: 'The shop canceled this order.',
  expired: 'It wasn’t paid in time, so we gave the articles back to the shelf.',
  payment_failed: 'The payment didn’t go through.',
  banned: 'The shop canceled this order.',
  undeliverable: 'The parcel couldn’t be delivered.',
};

/** True while a prepaid order can still be paid by its buyer. */
export function isPayable(order: OrderState): boolean {
  return order.status === 'pending' && order.paymentStatus === 'unpaid' && order.paymentMethod === 'stripe_checkout';
}

/** True while the buyer may cancel: unpaid and nothing packed yet. The API has the last word. */
export function isCancelable(order: OrderState): boolean {
  return order.status === 'pending' && order.fulfillmentStatus === 'unfulfilled' && order.paymentStatus === 'unpaid';
}
