import type { CouponLine } from '@cartwright/domain-coupons';
import { effectiveUnitPrice } from '@cartwright/domain-pricing';
import type { CartLine } from './cart.ts';
import type { CatalogVariant } from './cart.ports.ts';

/** A cart line with the variant it stands for, priced now. */
export interface ResolvedLine {
  readonly line: CartLine;
  readonly variant: CatalogVariant;
  /** Minor units. */
  readonly unitPrice: number;
  readonly compareAt?: number;
  readonly onSale: boolean;
}

/** The lines that can be bought, priced now, and those that can't be any more. Stock is not looked at. */
export interface ResolvedLines {
  readonly lines: readonly ResolvedLine[];
  readonly unavailable: readonly CartLine[];
}

/** Brings lines and catalog together. A variant priced in another currency than the cart's can't be bought. */
export function resolveLines(
  lines: readonly CartLine[],
  variants: readonly CatalogVariant[],
  { currency, now }: { currency: string; now: Date },
): ResolvedLines {
  const byId = new Map(variants.map((variant) => [variant.variantId, variant]));
  const resolved: ResolvedLine[] = [];
  const unavailable: CartLine[] = [];
  for (const line of lines) {
    const variant = byId.get(line.variantId);
    if (variant?.purchasable && variant.currency === currency) {
      resolved.push({ line, variant, ...effectiveUnitPrice(variant, now) });
    } else {
      unavailable.push(line);
    }
  }
  return { lines: resolved, unavailable };
}

/** A line as coupons look at it. */
export function toCouponLine({ line, variant, unitPrice, onSale }: ResolvedLine): CouponLine {
  const { productId, categoryIds } = variant;
  return { lineId: line.lineId, productId, categoryIds, subtotal: unitPrice * line.quantity, onSale };
}
