import { zeroMoney } from '@cartwright/domain-money';
import { calculatePricing } from '@cartwright/domain-pricing';
import type { Pricing } from '@cartwright/domain-pricing';
import type { CouponAnswer } from '@cartwright/feature-coupons';
import type { Cart, CartLine } from './cart.ts';
import type { CartLineDto, CartViewDto, LineNotice } from './cart.contracts.ts';
import type { CartSettings, CatalogVariant } from './cart.ports.ts';
import { resolveLines, type ResolvedLine } from './cart-lines.ts';

export interface CartViewInput {
  readonly cart: Cart;
  readonly variants: readonly CatalogVariant[];
  /** What the coupon of the cart is worth, when it has one. */
  readonly coupon?: CouponAnswer | undefined;
  readonly settings: CartSettings;
  readonly now: Date;
}

/** What the buyer sees: every line with what changed about it, and the goods' price explained. */
export function cartView({ cart, variants, coupon, settings, now }: CartViewInput): CartViewDto {
  const { currency } = settings;
  const resolved = resolveLines(cart.lines, variants, { currency, now });
  const eligible = new Set(coupon?.ok ? coupon.eligibleLineIds : []);
  const pricing = calculatePricing({
    currency,
    lines: resolved.lines.map(({ line, variant, unitPrice }) => ({
      lineId: line.lineId,
      unitPrice,
      quantity: line.quantity,
      taxClass: variant.taxClass,
      eligibleForCoupon: eligible.has(line.lineId),
    })),
    discount: coupon?.ok ? coupon.discount : undefined,
    couponCode: coupon?.ok ? coupon.coupon.code : undefined,
    // Tax depends on where the order goes: it comes with the quote.
    tax: { mode: settings.taxMode, rates: {} },
  });
  const byId = new Map(resolved.lines.map((entry) => [entry.line.lineId, entry]));
  const known = new Map(variants.map((variant) => [variant.variantId, variant]));
  return {
    id: cart.id,
    version: cart.version,
    lines: cart.lines.map((line) => {
      const entry = byId.get(line.lineId);
      return entry ? buyableLine(entry, pricing, settings) : goneLine(line, known.get(line.variantId), currency);
    }),
    itemCount: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
    ...(cart.couponCode === undefined || !coupon ? {} : { coupon: couponView(cart.couponCode, coupon) }),
    pricing: { steps: pricing.steps.map((step) => ({ ...step })), total: pricing.total },
  };
}

function couponView(code: string, coupon: CouponAnswer) {
  return coupon.ok ? { code, applied: true } : { code, applied: false, reason: coupon.reason };
}

function buyableLine(entry: ResolvedLine, pricing: Pricing, settings: CartSettings): CartLineDto {
  const { line, variant, unitPrice, compareAt } = entry;
  const { currency } = settings;
  const priced = pricing.lines.find((candidate) => candidate.lineId === line.lineId);
  return {
    lineId: line.lineId,
    variantId: line.variantId,
    product: productOf(variant),
    quantity: line.quantity,
    unitPrice: { amount: unitPrice, currency },
    ...(compareAt === undefined ? {} : { compareAt: { amount: compareAt, currency } }),
    total: priced?.total ?? zeroMoney(currency),
    notices: noticesOf(entry, settings),
  };
}

function goneLine(line: CartLine, variant: CatalogVariant | undefined, currency: string): CartLineDto {
  return {
    lineId: line.lineId,
    variantId: line.variantId,
    product: variant
      ? productOf(variant)
      : { id: '', slug: '', title: 'No longer available', image: null, sku: '', options: {} },
    quantity: line.quantity,
    unitPrice: { amount: line.seenUnitPrice, currency },
    total: zeroMoney(currency),
    notices: [{ kind: 'unavailable' }],
  };
}

function productOf({ productId, slug, title, image, sku, options }: CatalogVariant) {
  return { id: productId, slug, title, image, sku, options: { ...options } };
}

function noticesOf({ line, variant, unitPrice }: ResolvedLine, settings: CartSettings): LineNotice[] {
  const notices: LineNotice[] = [];
  if (line.seenUnitPrice !== unitPrice) {
    notices.push({ kind: 'price_changed', previous: { amount: line.seenUnitPrice, currency: settings.currency } });
  }
  if (variant.available < line.quantity) {
    notices.push({ kind: 'insufficient_stock', available: Math.max(0, variant.available) });
  } else if (variant.available <= settings.lowStockThreshold) {
    notices.push({ kind: 'low_stock', available: variant.available });
  }
  return notices;
}
