import type { ListedVariant, ProductsPort } from '@cartwright/feature-analytics';
import type { HomeRepository, SellableVariant } from '@cartwright/feature-catalog';

type RatedCard = Awaited<ReturnType<HomeRepository['highestRated']>>[number];
type RatedProduct = Awaited<ReturnType<ProductsPort['highestRated']>>[number];

/** A variant of the catalog as analytics shows it. */
export function toListedVariant(variant: SellableVariant): ListedVariant {
  const { variantId, productId, sku, title, slug, image, options } = variant;
  return { variantId, productId, sku, title, slug, image, options };
}

/** A product's card as analytics shows what is liked best. */
export function toRatedProduct({ _id: productId, title, slug, images, rating }: RatedCard): RatedProduct {
  const { average, count } = rating;
  return { productId, title, slug, image: images[0] ?? null, rating: { average, count } };
}
