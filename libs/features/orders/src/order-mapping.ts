import type { Pricing } from '@cartwright/domain-pricing';
import type { OrderDto, OrderSummaryDto, QuoteDto } from './orders.contracts.ts';
import { progressOf, returnableOf, standingRefunds } from './order-progress.ts';
import { isReturnAsked, NOTE_ENTRY, type Order, type OrderRefund } from './order.ts';

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
    isDisputed: order.refunds.some(({ origin, status }) => origin === 'dispute' && status !== 'failed'),
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
    timeline: order.timeline.flatMap(({ at, kind, by, text }) => (kind === NOTE_ENTRY ? [] : { at, kind, by, text })),
    refunds: order.refunds.map(toRefundDto),
    shipments: (order.shipments ?? []).map((shipment) => ({
      ...shipment,
      lines: shipment.lines.map((line) => ({ ...line })),
    })),
    returnRequests: (order.returnRequests ?? []).map(({ actorId: _actorId, lines, ...request }) => ({
      ...request,
      lines: lines.map((line) => ({ ...line })),
    })),
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
    returnRequested: isReturnAsked(order),
    createdAt,
  };
}

/** A refund without what only staff may know. */
export function toRefundDto(refund: OrderRefund): OrderDto['refunds'][number] {
  const { id, amount, status, waitsFor, at, origin, parts } = refund;
  const dto = { id, amount, status, at, external: origin !== undefined, ...(waitsFor && { waitsFor }) };
  if (!parts) return dto;
  const { lines, shipping } = parts;
  return { ...dto, parts: { lines: lines.map((line) => ({ ...line })), shipping } };
}

/** Whether it is in time depends on the shop's settings, and is looked at when it is asked for. */
const ANY_TIME = { now: new Date(0), windowMs: 0 };

function linesOf(order: Order): OrderDto['lines'] {
  const priced = new Map(order.pricing.lines.map((line) => [line.lineId, line]));
  const progress = new Map(progressOf(order).map((line) => [line.lineId, line]));
  const returnable = new Map(returnableOf(order, ANY_TIME).map(({ lineId, quantity }) => [lineId, quantity]));
  const refunded = standingRefunds(order).flatMap((refund) => refund.lines);
  return order.lines.flatMap((line) => {
    const price = priced.get(line.lineId);
    const moved = progress.get(line.lineId);
    if (!price || !moved) return [];
    const { lineId, variantId, product } = line;
    const { quantity, unitPrice, subtotal, discount, tax, total } = price;
    const shown = { ...product, options: { ...product.options } };
    const { open, withdrawn, shipped, delivered, returned } = moved;
    const pieces = refunded.reduce((sum, part) => sum + (part.lineId === lineId ? part.quantity : 0), 0);
    return [
      {
        ...{ lineId, variantId, product: shown, quantity, unitPrice, subtotal, discount, tax, total },
        progress: {
          open,
          withdrawn,
          shipped,
          delivered,
          returned,
          refunded: pieces,
          returnable: returnable.get(lineId) ?? 0,
        },
      },
    ];
  });
}
