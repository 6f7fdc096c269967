import type { ProductCardDto } from '@cartwright/feature-catalog';

/** What wishlists need of the catalog: cards of what is sold; others are left out. */
export interface WishedProductsPort {
  byIds(ids: readonly string[]): Promise<ProductCardDto[]>;
}
