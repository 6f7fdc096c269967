/** Pieces of a variant, as orders and carts ask for them. */
export interface VariantQuantity {
  readonly variantId: string;
  readonly quantity: number;
}

/**
 * Quantities added up by variant, so two lines of one variant count together. Sorted by variant: everybody who locks
 * several variants locks them in one order.
 */
export function mergeLinesByVariant(lines: Iterable<VariantQuantity>): VariantQuantity[] {
  const byVariant = new Map<string, number>();
  for (const { variantId, quantity } of lines) byVariant.set(variantId, (byVariant.get(variantId) ?? 0) + quantity);
  return [...byVariant]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : a.variantId > b.variantId ? 1 : 0));
}
