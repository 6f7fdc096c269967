import { moneySchema } from '@cartwright/api-core';
import { formatMoney } from '@cartwright/domain-money';
import { defineMail, type MailBlock } from '@cartwright/platform-mail';
import { z } from 'zod';

const order = { orderId: z.string(), number: z.string() };
const text = (words: string): MailBlock => ({ kind: 'text', text: words });
const button = (
  label: string,
  { orderId, guestSeed }: { orderId: string; guestSeed?: string | undefined },
): MailBlock => ({
  kind: 'button',
  label,
  path: `/orders/${encodeURIComponent(orderId)}`,
  seed: guestSeed,
});

/** What a guest gets at once: the link that opens the order from any device. */
export const guestOrderMail = defineMail({
  name: 'order.guest',
  data: z.object({ ...order, guestSeed: z.string(), total: moneySchema }),
  compose: (data, shop) => ({
    subject: `${shop.name}: your order ${data.number}`,
    heading: `We have your order ${data.number}`,
    blocks: [
      text(`It comes to ${formatMoney(data.total, shop.locale)}. It is sent once it is paid.`),
      button('See or pay your order', data),
      text('Whoever has this link can see, pay and cancel the order: keep it to yourself.'),
      text('If you have not ordered anything, ignore this mail: an order that nobody pays ends by itself.'),
    ],
  }),
});

/** A link that was asked for by number and address. */
export const orderLinkMail = defineMail({
  name: 'order.link',
  data: z.object({ ...order, guestSeed: z.string().optional() }),
  compose: (data, shop) => ({
    subject: `${shop.name}: the link to your order ${data.number}`,
    heading: `Your order ${data.number}`,
    blocks: [
      text(
        data.guestSeed === undefined
          ? 'This order belongs to an account. Sign in to see it.'
          : 'Here is the link you asked for. Whoever has it can see the order: keep it to yourself.',
      ),
      button('See your order', data),
      text('If this was not you, ignore this mail: somebody typed your address.'),
    ],
  }),
});
