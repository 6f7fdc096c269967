import type { Document } from 'mongodb';

const BRANDS = 40;
const CATEGORIES = 60;
const WORDS = ['oak', 'linen', 'steel', 'lamp', 'chair', 'rug', 'shelf', 'bowl', 'clock', 'vase', 'nord', 'plain'];

const idOf = (at: number): string => at.toString(16).padStart(24, '0');

/** The product of that number, always the same: about 0.6 KB, shaped like those of the shop. */
export function productOf(at: number): Document {
  const price = 500 + ((at * 7919) % 20_000);
  const word = (step: number): string => WORDS[(at * step + step) % WORDS.length]!;
  return {
    _id: idOf(at),
    slug: `product-${at}`,
    title: `${word(1)} ${word(5)} ${at}`,
    description: `A ${word(7)} ${word(5)} made to last, number ${at} of its kind.`,
    listed: at % 19 !== 0,
    deletedAt: null,
    brand: { id: `b${at % BRANDS}`, name: `Brand ${at % BRANDS}` },
    categoryIds: [`c${at % CATEGORIES}`, `c${(at * 13) % CATEGORIES}`],
    searchTerms: [word(1), word(5), word(7)],
    images: [{ url: `/media/${at}.webp`, alt: `${word(1)} ${at}` }],
    priceFrom: price,
    variants: [
      { id: `v${at}-1`, sku: `S-${at}-1`, price, available: at % 9, stockVersion: 1 },
      { id: `v${at}-2`, sku: `S-${at}-2`, price: price + 100, available: at % 4, stockVersion: 1 },
    ],
    rating: { sum: at % 50, count: at % 11, average: (at % 50) / 10 },
    unitsSold: (at * 31) % 1000,
    createdAt: new Date(1_700_000_000_000 + at * 60_000),
    version: 1,
  };
}

export const productId = idOf;

export const INDEXES = [
  { key: { slug: 1 }, name: 'slug', unique: true, partialFilterExpression: { deletedAt: null } },
  { key: { listed: 1, categoryIds: 1, priceFrom: 1, _id: 1 }, name: 'category_price' },
  { key: { 'variants.sku': 1 }, name: 'sku' },
] as const;
