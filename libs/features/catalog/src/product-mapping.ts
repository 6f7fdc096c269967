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
    imageAlts: altsOf(doc),
    variants: doc.variants.map((variant) => toVariant(variant, doc.currency, now)),
  };
}

/** A variant with what its product knows: all that a cart or order line is made of. Prices in minor units. */
export interface SellableVariant {
  variantId: string;
  productId: string;
  sku: string;
  title: string;
  slug: string;
  image: string | null;
  options: Record<string, string>;
  currency: string;
  price: number;
  salePrice?: number;
  saleFrom?: Date;
  saleUntil?: Date;
  taxClass: string;
  /** The product's categories with all their ancestors. */
  categoryIds: string[];
  brandId: string | null;
  /** Pieces that can be promised, as of a moment ago. */
  available: number;
  /** Whether it is for sale at all; stock aside. */
  purchasable: boolean;
}

/** Document to what carts and orders need of one of its variants. */
export function toSellable(product: ProductDoc, variant: VariantDoc): SellableVariant {
  const { price, salePrice, saleFrom, saleUntil } = variant;
  return {
    variantId: variant.id,
    productId: product._id,
    sku: variant.sku,
    title: product.title,
    slug: product.slug,
    image: variant.image ?? product.images[0] ?? null,
    options: recordOf(variant.options),
    currency: product.currency,
    price,
    ...(salePrice === undefined ? {} : { salePrice }),
    ...(saleFrom === undefined ? {} : { saleFrom }),
    ...(saleUntil === undefined ? {} : { saleUntil }),
    taxClass: product.taxClass,
    categoryIds: [...product.categoryIds],
    brandId: product.brand?.id ?? null,
    available: Math.max(0, variant.available),
    purchasable: product.listed,
  };
}

/** What pictures of a product show, by the address of the picture. */
export const altsOf = ({ imageAlts = [] }: Pick<ProductDoc, 'imageAlts'>): Record<string, string> =>
  Object.fromEntries(imageAlts.map(({ image, alt }) => [image, alt]));

/** Named values as a record without a prototype chain to trip over. */
export function recordOf(pairs: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}
