import type { Order, OrderRefund } from '@cartwright/feature-orders';
import type { DocumentContent, DocumentLine } from './invoice.ts';

type BilledOrder = Pick<
  Order,
  | 'id'
  | 'status'
  | 'settlement'
  | 'paymentId'
  | 'paidAt'
  | 'canceledAt'
  | 'lines'
  | 'pricing'
  | 'total'
  | 'shippingMethod'
  | 'shipments'
  | 'refunds'
>;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/**
 * The documents that an order calls for as it stands, in the order in which they have to be issued. It follows from the order
 * alone, whatever happened in whatever order: an order goes on calling for what it has called for.
 *
 * - An invoice over the whole, once it is paid, or once its first parcel left when it is paid on delivery. None for an order
 *   that was paid in another system: it has been billed there.
 * - A credit note for each refund of its payment that went through, disputes that were lost among them. None for money that
 *   the order had no need of (paid twice, late or wrongly): no invoice asked for it. None for pieces without money either.
 * - An invoice for each such refund that a bank sent back afterwards: the money is the shop's again.
 * - A credit note over the whole, when an order that was to be paid on delivery was sent, came back and was canceled.
 */
export function dueDocuments(order: BilledOrder): DocumentContent[] {
  if (!isBilled(order)) return [];
  const { paymentId, refunds } = order;
  const isOurs = (refund: OrderRefund): boolean => refund.paymentId === paymentId && refund.amount.amount > 0;
  const ours = paymentId === undefined ? [] : refunds.filter(isOurs);
  const wentThrough = ours.filter(({ status, wentThroughAt }) => status === 'succeeded' || wentThroughAt !== undefined);
  return [
    invoiceOf(order),
    ...wentThrough.flatMap((refund) => [creditNoteOf(order, refund), ...bouncesOf(order, refund)]),
    ...(paymentId === undefined && order.status === 'canceled' ? [reversalOf(order)] : []),
  ];
}

function isBilled({ status, paymentId, settlement, shipments = [] }: BilledOrder): boolean {
  if (paymentId !== undefined) return true;
  return settlement === 'on_delivery' && status !== 'paid' && shipments.length > 0;
}

function invoiceOf(order: BilledOrder): DocumentContent {
  const { id: source, total, paidAt } = order;
  const { amount, currency } = total;
  return {
    ...{ kind: 'invoice', source, lines: linesOf(order), total: amount, currency },
    ...(paidAt === undefined ? {} : { paidAt }),
  };
}

function linesOf({ lines, pricing, shippingMethod }: BilledOrder): DocumentLine[] {
  const sold = new Map(lines.map((line) => [line.lineId, line]));
  const goods = pricing.lines.map((priced): DocumentLine => {
    const { product } = sold.get(priced.lineId) ?? {};
    const { unitPrice, quantity, discount, tax, taxBasisPoints, total } = priced;
    return {
      title: product?.title ?? priced.lineId,
      ...(product ? { detail: [product.sku, ...Object.values(product.options)].join(' · ') } : {}),
      ...{ quantity, unitPrice: unitPrice.amount, discount: discount.amount },
      ...{ taxBasisPoints, tax: tax.amount, total: total.amount },
    };
  });
  const { shipping } = pricing;
  if (!shipping) return goods;
  const { amount, discount, tax, taxBasisPoints, total } = shipping;
  return [
    ...goods,
    {
      ...{ title: shippingMethod.label, quantity: 1, unitPrice: amount.amount, discount: discount.amount },
      ...{ taxBasisPoints, tax: tax.amount, total: total.amount },
    },
  ];
}

/** The source of a refund's credit note is the refund; of what undoes it, that with a word. */
const bounceSource = (refundId: string): string => `${refundId}/bounced`;

function creditNoteOf(order: BilledOrder, refund: OrderRefund): DocumentContent {
  const { id: source, amount, origin, wentThroughAt, at } = refund;
  return {
    ...{ kind: 'credit_note', source, corrects: order.id },
    reason: origin === 'dispute' ? 'Taken back by the bank' : 'Refund',
    ...{ lines: refundedLines(order, refund), total: amount.amount, currency: amount.currency },
    paidAt: wentThroughAt ?? at,
  };
}

function bouncesOf(order: BilledOrder, refund: OrderRefund): DocumentContent[] {
  if (refund.wentThroughAt === undefined || refund.status === 'succeeded') return [];
  const { lines, total, currency } = creditNoteOf(order, refund);
  const reason = 'The refund did not arrive';
  const facts = { kind: 'invoice', source: bounceSource(refund.id), corrects: refund.id, reason } as const;
  return [{ ...facts, lines, total, currency, paidAt: refund.at }];
}

function reversalOf(order: BilledOrder): DocumentContent {
  const { lines, total, currency } = invoiceOf(order);
  const source = `${order.id}/undelivered`;
  return { kind: 'credit_note', source, corrects: order.id, reason: 'Not delivered', lines, total, currency };
}

/** What a refund gave back, as it was recorded. Anything beyond what was taken apart is a line of its own, without tax. */
function refundedLines(order: BilledOrder, { parts, amount }: OrderRefund): DocumentLine[] {
  const titles = new Map(order.lines.map(({ lineId, product }) => [lineId, product.title]));
  const rates = new Map(order.pricing.lines.map(({ lineId, taxBasisPoints }) => [lineId, taxBasisPoints]));
  const goods = (parts?.lines ?? []).map(({ lineId, quantity, amount: total, tax }): DocumentLine => {
    const title = titles.get(lineId) ?? lineId;
    return {
      title: quantity === 0 ? `Reduction: ${title}` : title,
      ...{ quantity, discount: 0, taxBasisPoints: rates.get(lineId) ?? 0, tax: tax.amount, total: total.amount },
    };
  });
  const shipping = parts?.shipping
    ? [
        {
          ...{ title: order.shippingMethod.label, quantity: 0, discount: 0 },
          taxBasisPoints: order.pricing.shipping?.taxBasisPoints ?? 0,
          ...{ tax: parts.shipping.tax.amount, total: parts.shipping.amount.amount },
        },
      ]
    : [];
  const known = [...goods, ...shipping];
  const rest = amount.amount - sum(known.map(({ total }) => total));
  if (rest === 0) return known;
  return [...known, { title: 'Other amount', quantity: 0, discount: 0, taxBasisPoints: 0, tax: 0, total: rest }];
}
