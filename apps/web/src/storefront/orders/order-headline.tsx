import { Alert, Text } from '@mantine/core';
import { IconCircleCheck, IconClock, IconInfoCircle, IconPackage, IconTruckDelivery } from '@tabler/icons-react';
import type { RouterOutputs } from '@cartwright/sdk';
import { CANCEL_WORDS, isPayable } from '../../lib/order-words.ts';

type Order = RouterOutputs['orders']['byId'];

/** The one sentence a buyer came for: thanks, patience, or what went wrong. Spoken when it changes. */
export function OrderHeadline({ order, isReturn }: { order: Order; isReturn: boolean }) {
  const { color, Icon, title, text } = words(order, isReturn);
  return (
    <Alert
      color={color}
      icon={<Icon size={22} />}
      title={title}
      role="status"
      aria-live="polite"
      data-testid="order-headline"
    >
      {text && <Text size="sm">{text}</Text>}
    </Alert>
  );
}

function words(order: Order, isReturn: boolean) {
  if (order.status === 'canceled') {
    const text = order.cancelReason ? CANCEL_WORDS[order.cancelReason] : '';
    return { color: 'gray', Icon: IconInfoCircle, title: 'This order is canceled', text };
  }
  const parcel = parcelWords(order);
  if (parcel) return parcel;
  if (order.inReview) {
    const text = 'We look at this order before we send it, and you need not do anything. Write to us if it takes long.';
    return { color: 'gray', Icon: IconClock, title: 'We are looking at your order', text };
  }
  if (order.status === 'paid') {
    const text = `We sent the details to ${order.email} and are getting your parcel ready.`;
    return { color: 'pine', Icon: IconCircleCheck, title: 'Paid. Thank you!', text };
  }
  if (order.paymentStatus === 'processing') {
    const text = 'Some ways of paying take a little longer. There is nothing more for you to do.';
    return { color: 'blue', Icon: IconClock, title: 'Your payment is on its way', text };
  }
  if (!isPayable(order)) {
    const text = 'Please have the money ready when the parcel comes.';
    return { color: 'pine', Icon: IconCircleCheck, title: 'Your order is confirmed. Thank you!', text };
  }
  return isReturn
    ? {
        color: 'clay',
        Icon: IconClock,
        title: 'Waiting for your payment to be confirmed',
        text: 'This takes a few seconds. This page updates by itself.',
      }
    : { color: 'clay', Icon: IconClock, title: 'This order waits for its payment', text: 'Pay now to have it sent.' };
}

function parcelWords({ fulfillmentStatus }: Order) {
  switch (fulfillmentStatus) {
    case 'shipped':
      return { color: 'blue', Icon: IconTruckDelivery, title: 'Your parcel is on its way', text: '' };
    case 'delivered':
      return { color: 'pine', Icon: IconPackage, title: 'Delivered. Enjoy!', text: '' };
    case 'returned':
      return { color: 'gray', Icon: IconInfoCircle, title: 'Your parcel came back to us', text: '' };
    default:
      return null;
  }
}
