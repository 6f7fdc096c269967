import { effectiveUnitPrice } from '@cartwright/domain-pricing';
import type { ProductDoc, VariantDoc } from './product.model.ts';

type PricedVariant = Pick<VariantDoc, 'price' | 'salePrice' | 'saleFrom' | 'saleUntil'>;

/** The lowest price a product is sold for now, in minor units, and that variant's full price when it is reduced. */
export function lowestPrice(variants: readonly PricedVariant[], now: Date): { price: number; compareAt?: number } {
  let lowest: { price: number; compareAt?: number } | undefined;
  for (const variant of variants) {
    const { unitPrice, compareAt } = effectiveUnitPrice(variant, now);
    if (lowest && unitPrice >= lowest.price) continue;
    lowest = { price: unitPrice, ...(compareAt === undefined ? {} : { compareAt }) };
  }
  return lowest ?? { price: 0 };
}

/** When the first sale of any variant begins or ends after `now`; undefined when none will. */
export function nextPriceChange(variants: readonly PricedVariant[], now: Date): Date | undefined {
  const moments = variants
    .flatMap((variant) => (variant.salePrice === undefined ? [] : [variant.saleFrom, variant.saleUntil]))
    .filter((moment): moment is Date => moment !== undefined && moment > now);
  return moments.reduce<Date | undefined>((first, moment) => (!first || moment < first ? moment : first), undefined);
}

/** The fields of a product that follow from its variants: recomputed whenever variants, stock or sales change. */
export function deriveFromVariants(
  variants: readonly VariantDoc[],
  now: Date,
): Pick<ProductDoc, 'priceFrom' | 'compareAtFrom' | 'repriceAt' | 'available'> {
  const { price, compareAt } = lowestPrice(variants, now);
  const repriceAt = nextPriceChange(variants, now);
  return {
    priceFrom: price,
    ...(compareAt === undefined ? {} : { compareAtFrom: compareAt }),
    ...(repriceAt === undefined ? {} : { repriceAt }),
    available: variants.some((variant) => variant.available > 0),
  };
}
