import { DomainError } from '@cartwright/domain-errors';
import { money, sumMoney } from '@cartwright/domain-money';
import { calculatePricing } from '@cartwright/domain-pricing';
import type { Pricing } from '@cartwright/domain-pricing';
import type { AddressDto } from '@cartwright/api-core';
import type { ResolvedLine, ResolvedLines } from '@cartwright/feature-cart';
import type { CouponAnswer } from '@cartwright/feature-coupons';
import { fingerprint } from '@cartwright/platform-security';
import type { QuoteDto } from './orders.contracts.ts';
import { toPricingDto } from './order-mapping.ts';
import type { OrderLine } from './order.ts';
import type { PaymentOption, ShippingOption, ShopSettingsPort } from './orders.ports.ts';

/** What the buyer chose. Methods left out are chosen for them: the cheapest shipping, the first way to pay. */
export interface CheckoutChoice {
  readonly shippingAddress: AddressDto;
  readonly billingAddress?: AddressDto | undefined;
  readonly shippingMethod?: string | undefined;
  readonly paymentMethod?: string | undefined;
}

export interface CheckoutInput {
  readonly cartId: string;
  readonly cartVersion: number;
  readonly resolved: ResolvedLines;
  readonly coupon?: { readonly code: string; readonly answer: CouponAnswer } | undefined;
  readonly choice: CheckoutChoice;
  readonly emailVerified: boolean;
  readonly settings: ShopSettingsPort;
}

/** A cart with everything decided: what an order is made of. */
export interface Checkout {
  readonly lines: readonly ResolvedLine[];
  readonly pricing: Pricing;
  readonly shipping: ShippingOption;
  readonly payment: PaymentOption;
  readonly quote: QuoteDto;
}

/**
 * Prices a cart for a destination. Pure: the same cart, catalog and settings give the same `quoteHash`, which covers
 * whatever the buyer agrees to. Throws CART_EMPTY, VARIANT_UNAVAILABLE, SHIPPING_METHOD_UNAVAILABLE or
 * PAYMENT_METHOD_UNAVAILABLE; a coupon that can't be used any more simply gives nothing.
 */
export function checkout(input: CheckoutInput): Checkout {
  const { resolved, choice, settings } = input;
  const { lines, unavailable } = resolved;
  if (unavailable.length > 0) {
    throw new DomainError('VARIANT_UNAVAILABLE', { variantIds: unavailable.map((line) => line.variantId) });
  }
  if (lines.length === 0) throw new DomainError('CART_EMPTY');

  const country = choice.shippingAddress.country;
  const shippingOptions = settings.shippingOptions({ country, subtotal: subtotalOf(lines, settings.currency) });
  const shipping = chosen(shippingOptions, choice.shippingMethod);
  if (!shipping) throw new DomainError('SHIPPING_METHOD_UNAVAILABLE');

  const pricing = price(input, shipping);
  const paymentOptions = settings
    .paymentOptions({ total: pricing.total, country })
    .filter((option) => input.emailVerified || !option.needsVerifiedEmail);
  const payment = chosen(paymentOptions, choice.paymentMethod);
  if (!payment) throw new DomainError('PAYMENT_METHOD_UNAVAILABLE');

  return {
    lines,
    pricing,
    shipping,
    payment,
    quote: quoteOf(input, { pricing, shipping, payment, shippingOptions, paymentOptions }),
  };
}

function price({ resolved, coupon, choice, settings }: CheckoutInput, shipping: ShippingOption): Pricing {
  const usable = coupon?.answer.ok ? coupon.answer : undefined;
  const eligible = new Set(usable?.eligibleLineIds);
  return calculatePricing({
    currency: settings.currency,
    lines: resolved.lines.map(({ line, variant, unitPrice }) => ({
      lineId: line.lineId,
      unitPrice,
      quantity: line.quantity,
      taxClass: variant.taxClass,
      eligibleForCoupon: eligible.has(line.lineId),
    })),
    discount: usable?.discount,
    couponCode: usable?.coupon.code,
    shipping: { label: shipping.label, amount: shipping.price.amount, taxClass: shipping.taxClass },
    tax: { mode: settings.taxMode, rates: settings.taxRates(choice.shippingAddress.country) },
  });
}

interface Decided {
  readonly pricing: Pricing;
  readonly shipping: ShippingOption;
  readonly payment: PaymentOption;
  readonly shippingOptions: readonly ShippingOption[];
  readonly paymentOptions: readonly PaymentOption[];
}

function quoteOf(input: CheckoutInput, decided: Decided): QuoteDto {
  const { pricing, shipping, payment } = decided;
  return {
    pricing: toPricingDto(pricing),
    shippingMethods: decided.shippingOptions.map(({ id, label, price: amount }) => ({ id, label, price: amount })),
    paymentMethods: decided.paymentOptions.map(({ id, label }) => ({ id, label })),
    shippingMethod: shipping.id,
    paymentMethod: payment.id,
    quoteHash: hashOf(input, decided),
    cartVersion: input.cartVersion,
    ...(input.coupon ? { coupon: couponOf(input.coupon) } : {}),
  };
}

/** Ends the hash of a price that a coupon lowered. */
const WITH_COUPON = '.coupon';

/**
 * Whether the buyer agreed to a price with a coupon: only those are told why it doesn't count any more; for the others
 * it is the price that changed.
 */
export const agreedWithCoupon = (quoteHash: string): boolean => quoteHash.endsWith(WITH_COUPON);

function hashOf({ cartId, resolved, coupon, choice }: CheckoutInput, { pricing, shipping, payment }: Decided): string {
  const hash = fingerprint({
    cartId,
    lines: resolved.lines.map(({ line, variant }) => [line.lineId, variant.variantId, line.quantity, variant.taxClass]),
    pricing,
    coupon: coupon?.answer.ok ? coupon.answer.coupon.code : null,
    shipping,
    payment: payment.id,
    shippingAddress: choice.shippingAddress,
    billingAddress: choice.billingAddress ?? choice.shippingAddress,
  });
  return coupon?.answer.ok ? `${hash}${WITH_COUPON}` : hash;
}

function couponOf({ code, answer }: NonNullable<CheckoutInput['coupon']>) {
  return answer.ok ? { code, applied: true } : { code, applied: false, reason: answer.reason };
}

function chosen<T extends { readonly id: string }>(options: readonly T[], id: string | undefined): T | undefined {
  return id === undefined ? options[0] : options.find((option) => option.id === id);
}

function subtotalOf(lines: readonly ResolvedLine[], currency: string) {
  return sumMoney(
    lines.map(({ line, unitPrice }) => money(unitPrice * line.quantity, currency)),
    currency,
  );
}

/** The lines of an order: snapshots of what was resolved. */
export function orderLinesOf({ lines }: Pick<Checkout, 'lines'>): OrderLine[] {
  return lines.map(({ line, variant }) => ({
    lineId: line.lineId,
    variantId: variant.variantId,
    quantity: line.quantity,
    taxClass: variant.taxClass,
    product: {
      id: variant.productId,
      slug: variant.slug,
      title: variant.title,
      image: variant.image,
      sku: variant.sku,
      options: variant.options,
    },
  }));
}
