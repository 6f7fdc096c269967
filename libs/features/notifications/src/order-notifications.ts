import { formatMoney, type Money } from '@cartwright/domain-money';
import { orderCanceled, orderPaid, orderPaymentFailed, orderPlaced, orderRefunded } from '@cartwright/feature-orders';
import { defineNotification, type NotificationDefinition } from './define-notification.ts';
import {
  CANCEL_TEXTS,
  orderCanceledMail,
  orderPaidMail,
  orderPath,
  orderPlacedMail,
  orderRefundedMail,
  paymentFailedMail,
} from './order-mails.ts';

interface OrderFacts {
  readonly orderId: string;
  readonly number: string;
  readonly userId: string;
  readonly total: Money;
}

/** What all notices of an order have in common; it is told once per order unless `about` says otherwise. */
const common = ({ orderId, number, userId, total }: OrderFacts, amount: Money = total) => ({
  userId,
  about: orderId,
  link: orderPath(orderId),
  data: { orderId, orderNumber: number, amount },
});

const facts = ({ orderId, number, total }: OrderFacts) => ({ orderId, number, total });

const SWITCHABLE = { default: true, switchable: true };
/** Confirmations and receipts: buyers must have them. */
const ALWAYS = { default: true, switchable: false };

/** What buyers are told of their orders. */
export const orderNotifications = {
  'order.placed': defineNotification({
    label: 'An order that you pay on delivery is confirmed',
    event: orderPlaced,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderPlacedMail,
    tell({ payload }, { locale }) {
      // One paid in advance is confirmed once it is paid; till then its buyer is busy paying.
      if (payload.paymentMethod !== 'cash_on_delivery') return null;
      return {
        ...common(payload),
        title: `Order ${payload.number} is confirmed`,
        body: `You pay ${formatMoney(payload.total, locale)} when it is delivered.`,
        mail: { to: payload.email, data: { ...facts(payload), lines: payload.lines } },
      };
    },
  }),
  'order.paid': defineNotification({
    label: 'The payment of an order has arrived',
    event: orderPaid,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderPaidMail,
    tell: ({ payload }, { locale }) => ({
      ...common(payload),
      title: `Order ${payload.number} is paid`,
      body: `We have received your payment of ${formatMoney(payload.total, locale)}.`,
      mail: { to: payload.email, data: { ...facts(payload), lines: payload.lines } },
    }),
  }),
  'order.canceled': defineNotification({
    label: 'An order is canceled',
    event: orderCanceled,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: orderCanceledMail,
    tell: ({ payload }) => ({
      ...common(payload),
      title: `Order ${payload.number} is canceled`,
      body: CANCEL_TEXTS[payload.reason],
      mail: { to: payload.email, data: { ...facts(payload), reason: payload.reason } },
    }),
  }),
  'order.refunded': defineNotification({
    label: 'Money is returned to you',
    event: orderRefunded,
    channels: { in_app: SWITCHABLE, mail: ALWAYS },
    template: orderRefundedMail,
    tell: ({ payload }, { locale }) => ({
      ...common(payload, payload.amount),
      about: payload.refundId,
      title: `Money back for order ${payload.number}`,
      body: `We have returned ${formatMoney(payload.amount, locale)}.`,
      mail: { to: payload.email, data: { ...facts(payload), amount: payload.amount } },
    }),
  }),
  'payment.failed': defineNotification({
    label: 'A payment fails and the order waits to be paid anew',
    event: orderPaymentFailed,
    channels: { in_app: SWITCHABLE, mail: SWITCHABLE },
    template: paymentFailedMail,
    tell: ({ payload, aggregateVersion }) => ({
      ...common(payload),
      // Each try of a payment can fail.
      about: `${payload.orderId}/${aggregateVersion}`,
      title: `The payment of order ${payload.number} failed`,
      body: 'The order still stands, and you can pay it anew.',
      mail: { to: payload.email, data: facts(payload) },
    }),
  }),
} satisfies Record<string, NotificationDefinition>;
