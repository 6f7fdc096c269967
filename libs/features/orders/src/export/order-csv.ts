import { csvHead, csvLine } from '@cartwright/platform-documents';
import { sumMoney } from '@cartwright/domain-money';
import { isOfOtherPayment } from '../order-admin-mapping.ts';
import type { Order } from '../order.ts';

type Cells = (order: Order) => readonly string[];

/** Stand in every line of an order, so that each can be filtered and sorted by itself. */
const EVERY_LINE = [
  'order_number',
  'placed_at',
  'status',
  'payment_status',
  'fulfillment_status',
  'email',
  'currency',
  'tax_mode',
];
/** Stand in the first line of an order alone, so that the sum of a column is right. */
const FIRST_LINE = [
  ...['shipping', 'shipping_discount', 'shipping_tax', 'shipping_total', 'total', 'refunded'],
  ...['paid_at', 'canceled_at', 'coupon'],
  ...['shipping_method', 'payment_method', 'note'],
  ...['name', 'line1', 'line2', 'postal_code', 'city', 'region', 'country', 'phone'].map((part) => `ship_to_${part}`),
];
const OF_LINE = [
  ...['sku', 'title', 'options', 'quantity'],
  ...['unit_price', 'line_discount', 'line_tax', 'line_total'],
];

/** The head of a file of orders. */
export const orderCsvHead = (): string => csvHead([...EVERY_LINE, ...OF_LINE, ...FIRST_LINE]);

/**
 * The lines of an order, one for each of what was sold. Money in minor units of `currency`, moments as ISO 8601 in UTC. All
 * `line_total` and `shipping_total` of an order come to its `total`, whether its prices have the tax in them or not.
 */
export function orderCsvLines(order: Order): string {
  const every = everyLine(order);
  const first = firstLine(order);
  const nothing = first.map(() => '');
  return order.lines
    .map((line, place) => csvLine([...every, ...ofLine(order, line), ...(place === 0 ? first : nothing)]))
    .join('');
}

const moment = (at: Date | undefined): string => at?.toISOString() ?? '';

const everyLine: Cells = ({ number, createdAt, status, paymentStatus, fulfillmentStatus, email, pricing }) => [
  ...[number, moment(createdAt), status, paymentStatus, fulfillmentStatus, email, pricing.currency, pricing.taxMode],
];

const firstLine: Cells = (order) => {
  const { pricing, total, refunds, coupon, shippingAddress: to } = order;
  const { shipping } = pricing;
  // Of what the order was paid with: money that it had no need of is no part of its total either.
  const back = refunds.filter((refund) => refund.status === 'succeeded' && !isOfOtherPayment(order, refund));
  const refunded = sumMoney(
    back.map(({ amount }) => amount),
    total.currency,
  );
  return [
    ...[shipping?.amount, shipping?.discount, shipping?.tax, shipping?.total].map((money) =>
      String(money?.amount ?? 0),
    ),
    ...[total, refunded].map(({ amount }) => String(amount)),
    ...[moment(order.paidAt), moment(order.canceledAt), coupon?.code ?? ''],
    ...[order.shippingMethod.label, order.paymentMethod, order.note ?? ''],
    ...[to.name, to.line1, to.line2 ?? '', to.postalCode, to.city, to.region ?? '', to.country, to.phone ?? ''],
  ];
};

function ofLine({ pricing }: Order, { lineId, quantity, product }: Order['lines'][number]): string[] {
  const priced = pricing.lines.find((line) => line.lineId === lineId);
  const options = Object.entries(product.options).map(([name, value]) => `${name}: ${value}`);
  return [
    ...[product.sku, product.title, options.join(' | '), String(quantity)],
    ...[priced?.unitPrice, priced?.discount, priced?.tax, priced?.total].map((money) => String(money?.amount ?? '')),
  ];
}
