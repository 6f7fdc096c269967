import type { ListedVariant, ProductsPort } from '@cartwright/feature-analytics';
import type { BestRated, SellableVariant } from '@cartwright/feature-catalog';

type RatedCard = Awaited<ReturnType<BestRated>>[number];
type RatedProduct = Awaited<ReturnType<ProductsPort['highestRated']>>[number];

/** A variant of the catalog as analytics shows it. */
export function toListedVariant(variant: SellableVariant): ListedVariant {
  const { variantId, productId, sku, title, slug, image, options } = variant;
  return { variantId, productId, sku, title, slug, image, options };
}

/** A product's card as analytics shows what is liked best. */
export function toRatedProduct({ id: productId, title, slug, image, rating }: RatedCard): RatedProduct {
  return { productId, title, slug, image, rating };
}
