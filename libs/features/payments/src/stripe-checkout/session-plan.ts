import {
  addMoney,
  compareMoney,
  equalMoney,
  multiplyMoney,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { Order, StartPayment } from '@cartwright/feature-orders';
import type { CheckoutSessionParams, CouponParams } from '@cartwright/platform-stripe';

/** Stripe's shortest session is 30 minutes; a minute more for the call and clocks that differ. */
const SHORTEST_SECONDS = 31 * 60;
/** A little under Stripe's longest of 24 hours, for the same reason. */
const LONGEST_SECONDS = 23 * 60 * 60;
/** The session ends so long before the stock hold does. */
const BEFORE_HOLD_SECONDS = 60;

/** The calls that open a payment page: a one-use coupon where there is a discount, then the session. */
export interface SessionPlan {
  readonly coupon?: CouponParams | undefined;
  readonly session: CheckoutSessionParams;
  readonly expiresAt: Date;
}

/**
 * Turns an order into a Checkout Session whose total is the order's: its lines before discount, the discount as a
 * coupon, tax as a line of its own where prices are net, shipping as the shipping option. Throws when these don't add up
 * to the order's total.
 */
export function planSession(request: StartPayment & { attemptId: string; now: Date }): SessionPlan {
  const { order, successUrl, cancelUrl, attemptId, now } = request;
  const { pricing } = order;
  const { currency } = pricing;
  const discount = sumMoney(
    pricing.lines.map((line) => line.discount),
    currency,
  );
  const shipping = pricing.shipping ? subtractMoney(pricing.shipping.amount, pricing.shipping.discount) : null;
  const tax = pricing.taxMode === 'exclusive' ? taxOf(order) : zeroMoney(currency);
  const lines = [...goodsOf(order), ...(isZero(tax) ? [] : [{ name: 'Tax', unitAmount: tax, quantity: 1 }])];

  const goods = sumMoney(
    lines.map((line) => multiplyMoney(line.unitAmount, line.quantity)),
    currency,
  );
  const total = addMoney(subtractMoney(goods, discount), shipping ?? zeroMoney(currency));
  if (!equalMoney(total, pricing.total)) {
    throw new Error(`The parts of order ${order.number} don't add up to its total.`);
  }

  const expiresAt = sessionEnd(order.holdExpiresAt, now);
  const metadata = { orderId: order.id, orderNumber: order.number, attemptId };
  const coupon: CouponParams | undefined = isZero(discount)
    ? undefined
    : { id: `cw-${attemptId}`, amountOff: discount, name: order.coupon?.code ?? 'Discount', metadata };
  return {
    ...(coupon ? { coupon } : {}),
    session: {
      reference: attemptId,
      metadata,
      description: `Order ${order.number}`,
      lines,
      ...(coupon ? { coupon: coupon.id } : {}),
      ...(shipping ? { shipping: { label: order.shippingMethod.label, amount: shipping } } : {}),
      customerEmail: order.email,
      successUrl,
      cancelUrl,
      expiresAt: Math.floor(expiresAt.getTime() / 1000),
    },
    expiresAt,
  };
}

function goodsOf(order: Order): CheckoutSessionParams['lines'] {
  const products = new Map(order.lines.map((line) => [line.lineId, line.product]));
  return order.pricing.lines.map((line) => {
    const product = products.get(line.lineId);
    const options = Object.values(product?.options ?? {}).join(' / ');
    const image = product?.image ?? '';
    return {
      name: product?.title ?? 'Item',
      ...(options === '' ? {} : { description: options }),
      ...(/^https?:\/\//.test(image) ? { image } : {}),
      unitAmount: line.unitPrice,
      quantity: line.quantity,
    };
  });
}

function taxOf({ pricing }: Order): Money {
  const parts = pricing.lines.map((line) => line.tax);
  return sumMoney(pricing.shipping ? [...parts, pricing.shipping.tax] : parts, pricing.currency);
}

/**
 * Before the hold ends, as far as Stripe allows. A hold with less than half an hour left is outlived by the session;
 * then it is expired by us when the hold ends.
 */
function sessionEnd(holdExpiresAt: Date | undefined, now: Date): Date {
  const at = (seconds: number): number => now.getTime() + seconds * 1000;
  const wanted = holdExpiresAt ? holdExpiresAt.getTime() - BEFORE_HOLD_SECONDS * 1000 : at(LONGEST_SECONDS);
  const milliseconds = Math.min(Math.max(wanted, at(SHORTEST_SECONDS)), at(LONGEST_SECONDS));
  // Stripe counts in seconds.
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function isZero(value: Money): boolean {
  return compareMoney(value, zeroMoney(value.currency)) === 0;
}
