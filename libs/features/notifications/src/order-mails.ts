import { moneySchema } from '@cartwright/api-core';
import { formatMoney } from '@cartwright/domain-money';
import { cancelReasonSchema } from '@cartwright/feature-orders';
import { defineMail, type MailBlock, type MailContent, type MailShop } from '@cartwright/platform-mail';
import { z } from 'zod';

const order = {
  orderId: z.string(),
  number: z.string(),
  total: moneySchema,
  /** Of a guest's order: what the token in its links is derived from. */
  guestSeed: z.string().optional(),
};
const lines = z.array(z.object({ title: z.string(), quantity: z.number().int(), total: moneySchema }));

type OrderFacts = z.infer<z.ZodObject<typeof order>>;

/** The page of an order. */
export const orderPath = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}`;

/** Why an order was canceled, as its buyer is told. */
export const CANCEL_TEXTS: Readonly<Record<z.infer<typeof cancelReasonSchema>, string>> = {
  customer: 'You have canceled it.',
  admin: 'The shop has canceled it.',
  expired: 'It was not paid in time.',
  payment_failed: 'Its payment failed.',
  banned: 'Its account was closed.',
  undeliverable: 'The parcel could not be delivered.',
};

const button = ({ orderId, guestSeed }: OrderFacts, label = 'See your order'): MailBlock => ({
  kind: 'button',
  label,
  path: orderPath(orderId),
  seed: guestSeed,
});
const text = (words: string): MailBlock => ({ kind: 'text', text: words });

function goods(data: OrderFacts & { lines: z.infer<typeof lines> }, { locale }: MailShop): MailBlock {
  const rows = data.lines.map(({ title, quantity, total }) => ({
    label: `${quantity} × ${title}`,
    value: formatMoney(total, locale),
  }));
  return { kind: 'rows', rows, total: { label: 'Total', value: formatMoney(data.total, locale) } };
}

const subject = (shop: MailShop, words: string): string => `${shop.name}: ${words}`;

/** Confirms an order that is paid on delivery. */
export const orderPlacedMail = defineMail({
  name: 'order.placed',
  data: z.object({ ...order, lines }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `order ${data.number} is confirmed`),
    heading: `Thank you for your order ${data.number}`,
    blocks: [text('We have received it. You pay when it is delivered.'), goods(data, shop), button(data)],
  }),
});

/** The receipt of a payment. */
export const orderPaidMail = defineMail({
  name: 'order.paid',
  data: z.object({ ...order, lines }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `order ${data.number} is paid`),
    heading: `Thank you for your order ${data.number}`,
    blocks: [
      text(`We have received your payment of ${formatMoney(data.total, shop.locale)}.`),
      goods(data, shop),
      button(data),
    ],
  }),
});

/** Tells of a parcel, and how to follow it. */
export const orderShippedMail = defineMail({
  name: 'order.shipped',
  data: z.object({
    ...order,
    carrier: z.string(),
    trackingNumber: z.string(),
    lines: z.array(z.object({ title: z.string(), quantity: z.number().int() })),
  }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `order ${data.number} is on its way`),
    heading: `Your order ${data.number} is on its way`,
    blocks: [
      {
        kind: 'rows',
        rows: [
          { label: 'Carrier', value: data.carrier },
          { label: 'Tracking number', value: data.trackingNumber },
          ...data.lines.map(({ title, quantity }) => ({ label: title, value: `${quantity} ×` })),
        ],
      },
      button(data),
    ],
  }),
});

export const orderDeliveredMail = defineMail({
  name: 'order.delivered',
  data: z.object(order),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `order ${data.number} has arrived`),
    heading: `Your order ${data.number} has arrived`,
    blocks: [text('We hope that you like it. If something is wrong, write to us.'), button(data)],
  }),
});

export const returnRequestedMail = defineMail({
  name: 'order.return_requested',
  data: z.object(order),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `your return of order ${data.number}`),
    heading: `You asked to return something`,
    blocks: [
      text(`We look at your wish for order ${data.number} and answer soon. Please send nothing yet.`),
      button(data),
    ],
  }),
});

export const returnAnsweredMail = defineMail({
  name: 'order.return_answered',
  data: z.object({ ...order, accepted: z.boolean(), answer: z.string().optional() }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `your return of order ${data.number} is ${data.accepted ? 'accepted' : 'declined'}`),
    heading: data.accepted ? 'You can send it back' : 'We can not take it back',
    blocks: [
      ...(data.answer === undefined ? [] : [text(data.answer)]),
      ...(data.accepted ? [text('Your money goes back once it has arrived.')] : []),
      button(data),
    ],
  }),
});

export const orderCanceledMail = defineMail({
  name: 'order.canceled',
  data: z.object({ ...order, reason: cancelReasonSchema }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `order ${data.number} is canceled`),
    heading: `Your order ${data.number} is canceled`,
    blocks: [text(CANCEL_TEXTS[data.reason]), button(data)],
  }),
});

export const orderRefundedMail = defineMail({
  name: 'order.refunded',
  data: z.object({ ...order, amount: moneySchema }),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `money back for order ${data.number}`),
    heading: `Your money is on its way back`,
    blocks: [
      text(`We have returned ${formatMoney(data.amount, shop.locale)} for your order ${data.number}.`),
      text('Depending on your bank it takes a few days to arrive.'),
      button(data),
    ],
  }),
});

export const paymentFailedMail = defineMail({
  name: 'payment.failed',
  data: z.object(order),
  compose: (data, shop): MailContent => ({
    subject: subject(shop, `the payment of order ${data.number} failed`),
    heading: `Your payment did not go through`,
    blocks: [
      text(`The payment of ${formatMoney(data.total, shop.locale)} for your order ${data.number} failed.`),
      text('The order still stands, and you can pay it anew.'),
      button(data, 'Pay your order'),
    ],
  }),
});
