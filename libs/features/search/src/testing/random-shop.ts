import { weightedTerms } from '../index-entry.ts';
import type { SearchableProduct } from '../search.ports.ts';
import { randomProduct, type Random } from './random-catalog.ts';

/** Of these are the categories and brands of random products; slugs are ids. One category is always empty. */
const TOPS = ['c100', 'c101', 'c102'];
const BELOW = Array.from({ length: 9 }, (_, number) => `c${number}`);
const BRANDS = Array.from({ length: 7 }, (_, number) => `b${number}`);
const nameOf = (id: string): string => `Kind ${id.slice(1)}`;

/** The categories of a shop of random products. */
export const categoryDocs = () => [
  ...[...TOPS, 'none'].map((id) => category(id, null)),
  ...BELOW.map((id, place) => category(id, TOPS[Math.floor(place / 3)] ?? null)),
];

const category = (id: string, parentId: string | null) => ({
  ...{ _id: id, slug: id, name: nameOf(id), parentId, position: 0, deletedAt: null },
  path: parentId === null ? [id] : [parentId, id],
});

/** Its brands. */
export const brandDocs = () => BRANDS.map((id) => ({ _id: id, slug: id, name: `Brand ${id}`, deletedAt: null }));

/** A random product as it can stand in a shop: what it refers to is there, SKUs are its own, and prices can be paid. */
export function randomShopProduct(random: Random, number: number): SearchableProduct {
  const product = randomProduct(random, number, 1);
  return {
    ...product,
    categoryNames: product.categoryIds.map(nameOf),
    skus: [`SKU-${number}`],
    priceFrom: Math.min(product.priceFrom, 100_000_000_000),
  };
}

/** The document that the shop keeps of it. */
export function productDocOf(product: SearchableProduct) {
  const { id, version, listed, title, brand, categoryIds, skus, attributes, priceFrom, available } = product;
  return {
    ...{ _id: id, slug: `p-${id}`, title, description: '', status: 'active' as const, listed, taxClass: 'standard' },
    ...{ categoryIds, attributes, options: [], images: [], priceFrom, available, version, currency: 'USD' },
    brand: brand && { ...brand, slug: brand.id },
    categories: categoryIds.slice(0, 1).map((each) => ({ id: each, name: nameOf(each), slug: each })),
    variants: skus.map((sku) => ({
      ...{ id: `v-${id}`, sku, options: [], price: priceFrom, stockVersion: 1 },
      available: available ? 1 : 0,
    })),
    rating: { sum: 0, count: 0, average: product.ratingAverage },
    unitsSold: product.unitsSold,
    searchTerms: [...weightedTerms(product).keys(), ...skus.map((sku) => sku.toLowerCase())],
    ...{ createdAt: product.createdAt, updatedAt: product.createdAt, deletedAt: null },
  };
}
