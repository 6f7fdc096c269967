import { BASIS_POINTS, proportionOf, type Money } from '@cartwright/domain-money';
import type { RefundDoc, SaleDoc } from '@cartwright/feature-analytics';
import { isImported, type Order } from '@cartwright/feature-orders';

type PricedLine = Order['pricing']['lines'][number];

/**
 * An order as analytics counts it; null while nothing was captured. Prices that contain tax are counted without it, and
 * so are discounts on them: gross less discount is what was earned.
 */
export function toSale(
  order: Pick<Order, 'id' | 'cartId' | 'paidAt' | 'pricing' | 'lines' | 'coupon' | 'total'> | null,
): SaleDoc | null {
  if (order?.paidAt === undefined) return null;
  const { pricing, coupon } = order;
  const inclusive = pricing.taxMode === 'inclusive';
  const withoutTax = (amount: Money, taxBasisPoints: number): number =>
    inclusive ? proportionOf(amount, BASIS_POINTS, BASIS_POINTS + taxBasisPoints).amount : amount.amount;
  const grossOf = ({ subtotal, taxBasisPoints }: PricedLine): number => withoutTax(subtotal, taxBasisPoints);
  const netOf = ({ subtotal, discount, tax }: PricedLine): number =>
    subtotal.amount - discount.amount - (inclusive ? tax.amount : 0);
  const sum = (amount: (line: PricedLine) => number): number =>
    pricing.lines.reduce((total, line) => total + amount(line), 0);

  const priced = new Map(pricing.lines.map((line) => [line.lineId, line]));
  const lines = order.lines.flatMap(({ lineId, quantity, product }) => {
    const line = priced.get(lineId);
    if (!line) return [];
    const { id: productId, title, slug, image } = product;
    return [{ productId, title, slug, image, units: quantity, sales: netOf(line) }];
  });
  const { shipping } = pricing;
  const shippingTax = shipping?.tax.amount ?? 0;
  const gross = sum(grossOf);
  const discount = gross - sum(netOf);
  const shippingNet = shipping ? shipping.amount.amount - shipping.discount.amount - (inclusive ? shippingTax : 0) : 0;
  const shippingOff = shipping ? withoutTax(shipping.amount, shipping.taxBasisPoints) - shippingNet : 0;
  return {
    _id: order.id,
    capturedAt: order.paidAt,
    currency: pricing.currency,
    gross,
    discount,
    shipping: shippingNet,
    tax: sum((line) => line.tax.amount) + shippingTax,
    total: order.total.amount,
    units: lines.reduce((units, line) => units + line.units, 0),
    lines,
    ...(coupon ? { coupon: { id: coupon.couponId, code: coupon.code, discount: discount + shippingOff } } : {}),
    fromCart: !isImported(order),
  };
}

/**
 * What went back of an order's payment, as analytics counts it: what is neither tax nor shipping was for goods. Orders of
 * another system say nothing of lines; of those all but tax and shipping of the whole was.
 */
export function toSaleRefunds(
  order: Pick<Order, 'id' | 'paidAt' | 'paymentId' | 'pricing' | 'refunds'> | null,
): RefundDoc[] {
  if (order?.paidAt === undefined) return [];
  const ours = order.refunds.filter(({ paymentId, amount }) => paymentId === order.paymentId && amount.amount > 0);
  return ours.flatMap(({ id, status, at, amount, parts, wentThroughAt }) => {
    const net = parts
      ? parts.lines.reduce((sum, line) => sum + line.amount.amount - line.tax.amount, 0)
      : netOfWhole(order.pricing, amount.amount);
    const sums = { orderId: order.id, currency: amount.currency, total: amount.amount, net };
    if (status === 'succeeded') return [{ _id: id, succeededAt: at, ...sums }];
    if (wentThroughAt === undefined) return [];
    // It counts on the day it went through, and against that on the day it came back: old days stay as they were told.
    const bounced = { ...sums, total: -sums.total, net: -sums.net };
    return [
      { _id: id, succeededAt: wentThroughAt, ...sums },
      { _id: `${id}/bounced`, succeededAt: at, ...bounced },
    ];
  });
}

function netOfWhole({ lines, total }: Order['pricing'], amount: number): number {
  const net = lines.reduce((sum, line) => sum + line.total.amount - line.tax.amount, 0);
  return total.amount === 0 ? 0 : proportionOf({ amount: net, currency: total.currency }, amount, total.amount).amount;
}
