import type { Pricing } from '@cartwright/domain-pricing';
import type { OrderDto, OrderSummaryDto, QuoteDto } from './orders.contracts.ts';
import type { Order } from './order.ts';

/** A price calculation as clients get it. */
export function toPricingDto(pricing: Pricing): QuoteDto['pricing'] {
  return {
    currency: pricing.currency,
    taxMode: pricing.taxMode,
    lines: pricing.lines.map((line) => ({ ...line })),
    shipping: pricing.shipping,
    includedTax: pricing.includedTax,
    steps: pricing.steps.map((step) => ({ ...step })),
    total: pricing.total,
  };
}

/** An order as its buyer and admins see it. */
export function toOrderDto(order: Order): OrderDto {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    inReview: order.reviewSince !== undefined,
    ...(order.cancelReason === undefined ? {} : { cancelReason: order.cancelReason }),
    email: order.email,
    isGuest: order.guest !== undefined,
    lines: linesOf(order),
    pricing: toPricingDto(order.pricing),
    total: order.total,
    ...(order.coupon === undefined ? {} : { coupon: { code: order.coupon.code } }),
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    shippingMethod: order.shippingMethod,
    paymentMethod: order.paymentMethod,
    ...(order.note === undefined ? {} : { note: order.note }),
    ...(order.expiresAt === undefined ? {} : { expiresAt: order.expiresAt }),
    ...(order.holdExpiresAt === undefined ? {} : { holdExpiresAt: order.holdExpiresAt }),
    timeline: order.timeline.map((entry) => ({ ...entry })),
    refunds: order.refunds.map(({ id, amount, status, at }) => ({ id, amount, status, at })),
    version: order.version,
    createdAt: order.createdAt,
  };
}

/** An order as lists show it. */
export function toOrderSummary(order: Order): OrderSummaryDto {
  const { id, number, status, paymentStatus, fulfillmentStatus, paymentMethod, email, total, createdAt } = order;
  return {
    id,
    number,
    status,
    paymentStatus,
    fulfillmentStatus,
    paymentMethod,
    email,
    itemCount: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    total,
    image: order.lines[0]?.product.image ?? null,
    createdAt,
  };
}

function linesOf(order: Order): OrderDto['lines'] {
  const priced = new Map(order.pricing.lines.map((line) => [line.lineId, line]));
  return order.lines.flatMap((line) => {
    const price = priced.get(line.lineId);
    if (!price) return [];
    const { lineId, variantId, product } = line;
    const { quantity, unitPrice, subtotal, discount, tax, total } = price;
    const shown = { ...product, options: { ...product.options } };
    return [{ lineId, variantId, product: shown, quantity, unitPrice, subtotal, discount, tax, total }];
  });
}
