import { effectiveUnitPrice } from '@cartwright/domain-pricing';
import type { ProductCardDto, ProductDto, VariantDto } from './catalog.contracts.ts';
import type { ProductDoc, VariantDoc } from './product.model.ts';
import { lowestPrice } from './product-pricing.ts';

const money = (amount: number, currency: string) => ({ amount, currency });

/** The fields that a card needs: lists read no more than these. */
export const CARD_FIELDS = {
  slug: 1,
  title: 1,
  brand: 1,
  images: { $slice: 1 },
  currency: 1,
  priceFrom: 1,
  compareAtFrom: 1,
  rating: 1,
  available: 1,
  unitsSold: 1,
  createdAt: 1,
  'variants.id': 1,
} as const;

export type CardDoc = Pick<
  ProductDoc,
  | '_id'
  | 'slug'
  | 'title'
  | 'brand'
  | 'images'
  | 'currency'
  | 'priceFrom'
  | 'compareAtFrom'
  | 'rating'
  | 'available'
  | 'unitsSold'
  | 'createdAt'
> & { variants: Pick<VariantDoc, 'id'>[] };

/** Document to card. */
export function toCard(doc: CardDoc): ProductCardDto {
  return {
    id: doc._id,
    slug: doc.slug,
    title: doc.title,
    brand: doc.brand && { id: doc.brand.id, name: doc.brand.name, slug: doc.brand.slug },
    image: doc.images[0] ?? null,
    price: money(doc.priceFrom, doc.currency),
    ...(doc.compareAtFrom === undefined ? {} : { compareAt: money(doc.compareAtFrom, doc.currency) }),
    rating: { average: doc.rating.average, count: doc.rating.count },
    available: doc.available,
    variantCount: doc.variants.length,
  };
}

function toVariant(variant: VariantDoc, currency: string, now: Date): VariantDto {
  const { unitPrice, onSale } = effectiveUnitPrice(variant, now);
  return {
    id: variant.id,
    sku: variant.sku,
    options: recordOf(variant.options),
    price: money(variant.price, currency),
    ...(onSale ? { salePrice: money(unitPrice, currency) } : {}),
    available: Math.max(0, variant.available),
    ...(variant.image === undefined ? {} : { image: variant.image }),
  };
}

/** Document to the whole product, with prices as of `now`. */
export function toProduct(doc: ProductDoc, now: Date): ProductDto {
  const { price, compareAt } = lowestPrice(doc.variants, now);
  const { compareAtFrom: _stored, ...current } = doc;
  return {
    ...toCard({ ...current, priceFrom: price, ...(compareAt === undefined ? {} : { compareAtFrom: compareAt }) }),
    description: doc.description,
    categories: doc.categories.map(({ id, name, slug }) => ({ id, name, slug })),
    options: doc.options.map(({ name, values }) => ({ name, values: [...values] })),
    attributes: recordOf(doc.attributes),
    images: [...doc.images],
    variants: doc.variants.map((variant) => toVariant(variant, doc.currency, now)),
  };
}

/** Named values as a record without a prototype chain to trip over. */
export function recordOf(pairs: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}
