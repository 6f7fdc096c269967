import { formatMoney, type Money } from '@cartwright/domain-money';
import {
  orderCanceled,
  orderDelivered,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefunded,
  orderReturnAnswered,
  orderReturnRequested,
  orderShipped,
} from '@cartwright/feature-orders';
import type { MailShop, MailTemplate } from '@cartwright/platform-mail';
import type { DeliveredEvent, EventDefinition } from '@cartwright/platform-outbox';
import type { z } from 'zod';
import { defineNotification, type NotificationDefinition } from './define-notification.ts';
import {
  CANCEL_TEXTS,
  orderCanceledMail,
  orderDeliveredMail,
  orderPaidMail,
  orderPath,
  orderPlacedMail,
  orderRefundedMail,
  orderShippedMail,
  paymentFailedMail,
  returnAnsweredMail,
  returnRequestedMail,
} from './order-mails.ts';

interface OrderFacts {
  readonly orderId: string;
  readonly number: string;
  readonly userId: string;
  readonly guestSeed?: string | undefined;
  readonly email: string;
  readonly total: Money;
}

/** What an event of an order comes to: its own words, and what all of them have in common. */
function ofOrder<Payload extends OrderFacts, Data extends z.ZodType>({
  isTold = () => true,
  about = ({ payload }) => payload.orderId,
  amount = ({ total }) => total,
  title,
  body,
  mail,
  ...definition
}: Pick<NotificationDefinition, 'label' | 'channels'> & {
  event: EventDefinition<string, z.ZodType<Payload>>;
  template: MailTemplate<string, Data>;
  isTold?: (payload: Payload) => boolean;
  /** Told once per order unless this says otherwise. */
  about?: (event: DeliveredEvent<EventDefinition<string, z.ZodType<Payload>>>) => string;
  /** The sum it is about: the order's when absent. */
  amount?: (payload: Payload) => Money;
  title: (number: string) => string;
  body: (payload: Payload, shop: MailShop) => string;
  mail: (payload: Payload) => z.input<Data>;
}): NotificationDefinition {
  return defineNotification({
    ...definition,
    tell(event, shop) {
      const { payload } = event;
      if (!isTold(payload)) return null;
      const { orderId, number, userId, email } = payload;
      return {
        userId,
        about: about(event),
        title: title(number),
        body: body(payload, shop),
        link: orderPath(orderId),
        data: { orderId, orderNumber: number, amount: amount(payload) },
        mail: { to: email, data: mail(payload) },
      };
    },
  });
}

const facts = ({ orderId, number, total, guestSeed }: OrderFacts) => ({ orderId, number, total, guestSeed });

const SWITCHABLE = { default: true, switchable: true };
/** Confirmations and receipts: buyers must have them. */
const ALWAYS = { default: true, switchable: false };

/** What buyers are told of their orders. */
export const orderNotifications = {
  'order.placed': ofOrder({
    label: 'An order that you pay on delivery is confirmed',
    event: orderPlaced,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderPlacedMail,
    // One paid in advance is confirmed once it is paid; till then its buyer is busy paying.
    isTold: ({ paymentMethod }) => paymentMethod === 'cash_on_delivery',
    title: (number) => `Order ${number} is confirmed`,
    body: ({ total }, { locale }) => `You pay ${formatMoney(total, locale)} when it is delivered.`,
    mail: (payload) => ({ ...facts(payload), lines: payload.lines }),
  }),
  'order.paid': ofOrder({
    label: 'The payment of an order has arrived',
    event: orderPaid,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderPaidMail,
    title: (number) => `Order ${number} is paid`,
    body: ({ total }, { locale }) => `We have received your payment of ${formatMoney(total, locale)}.`,
    mail: (payload) => ({ ...facts(payload), lines: payload.lines }),
  }),
  'order.shipped': ofOrder({
    label: 'A parcel is on its way to you',
    event: orderShipped,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: orderShippedMail,
    // Each parcel is told of.
    about: ({ payload }) => payload.shipmentId,
    title: (number) => `Order ${number} is on its way`,
    body: ({ carrier, trackingNumber }) => `Sent with ${carrier}, ${trackingNumber}.`,
    mail: ({ carrier, trackingNumber, lines, ...payload }) => ({ ...facts(payload), carrier, trackingNumber, lines }),
  }),
  'order.delivered': ofOrder({
    label: 'An order has arrived',
    event: orderDelivered,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: orderDeliveredMail,
    title: (number) => `Order ${number} has arrived`,
    body: () => 'We hope that you like it.',
    mail: facts,
  }),
  'order.canceled': ofOrder({
    label: 'An order is canceled',
    event: orderCanceled,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: orderCanceledMail,
    title: (number) => `Order ${number} is canceled`,
    body: ({ reason }) => CANCEL_TEXTS[reason],
    mail: (payload) => ({ ...facts(payload), reason: payload.reason }),
  }),
  'order.refunded': ofOrder({
    label: 'Money is returned to you',
    event: orderRefunded,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderRefundedMail,
    // Who had a bank take the money knows of it.
    isTold: ({ isDispute }) => isDispute !== true,
    about: ({ payload }) => payload.refundId,
    amount: (payload) => payload.amount,
    title: (number) => `Money back for order ${number}`,
    body: ({ amount }, { locale }) => `We have returned ${formatMoney(amount, locale)}.`,
    mail: (payload) => ({ ...facts(payload), amount: payload.amount }),
  }),
  'order.return_requested': ofOrder({
    label: 'Your wish to return something has arrived',
    event: orderReturnRequested,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: returnRequestedMail,
    about: ({ payload }) => payload.requestId,
    title: (number) => `You asked to return pieces of order ${number}`,
    body: () => 'We answer soon. Please send nothing yet.',
    mail: facts,
  }),
  'order.return_answered': ofOrder({
    label: 'Your wish to return something is answered',
    event: orderReturnAnswered,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: returnAnsweredMail,
    about: ({ payload }) => payload.requestId,
    title: (number) => `Your return of order ${number}`,
    body: ({ accepted, answer }) => answer ?? (accepted ? 'You can send it back.' : 'We can not take it back.'),
    mail: (payload) => ({ ...facts(payload), accepted: payload.accepted, answer: payload.answer }),
  }),
  'payment.failed': ofOrder({
    label: 'A payment fails and the order waits to be paid anew',
    event: orderPaymentFailed,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: paymentFailedMail,
    // Each try of a payment can fail.
    about: ({ payload, aggregateVersion }) => `${payload.orderId}/${aggregateVersion}`,
    title: (number) => `The payment of order ${number} failed`,
    body: () => 'The order still stands, and you can pay it anew.',
    mail: facts,
  }),
} satisfies Record<string, NotificationDefinition>;
