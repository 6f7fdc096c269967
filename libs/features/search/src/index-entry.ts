import { tokenize } from '@cartwright/feature-catalog';
import type { SearchableProduct } from './search.ports.ts';

/**
 * The layout of the index. Counted up with every change of what is stored or how: an index of an earlier layout is built
 * anew, one of a later layout is left to the later release.
 */
export const INDEX_SCHEMA = 1;

/** How much a word counts, by where it stands. Whole numbers: sums are the same in whatever order they are made. */
const WEIGHTS = { title: 800, sku: 600, brand: 500, category: 300 } as const;
/** Shared by the words of a title: of two that hold the word, the shorter is about it the more. */
const TITLE_FOCUS = 400;
/** Words of one product; those of the title come first. */
export const TERMS_MAX = 200;
/** Little beside any word that is found: of products that are about as good the better seller comes first. */
const POPULARITY_MAX = 1_000;
const POPULARITY_HALF = 50;

/** What the index keeps of a product, as the scripts read it. */
export interface IndexEntry {
  /** Word and weight, alternating. */
  t: (string | number)[];
  /** Categories with their ancestors. */
  c: string[];
  b: string;
  s: '0' | '1';
  a: [name: string, value: string][];
  /** Price in minor units, rating in hundredths, creation in milliseconds, units sold. */
  p: number;
  r: number;
  n: number;
  u: number;
  /** Popularity, which is added to what the words count. */
  q: number;
}

/** The words of a product with their weights. A word counts once for each of title, SKUs, brand and categories. */
export function weightedTerms({
  title,
  brand,
  categoryNames,
  skus,
}: Pick<SearchableProduct, 'title' | 'brand' | 'categoryNames' | 'skus'>): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (words: readonly string[], weight: number): void => {
    for (const word of new Set(words)) {
      if (terms.has(word) || terms.size < TERMS_MAX) terms.set(word, (terms.get(word) ?? 0) + weight);
    }
  };
  const titleWords = tokenize(title);
  add(titleWords, WEIGHTS.title + Math.round(TITLE_FOCUS / Math.max(1, titleWords.length)));
  add(tokenize(brand?.name ?? ''), WEIGHTS.brand);
  add(categoryNames.flatMap(tokenize), WEIGHTS.category);
  add(skus.flatMap(tokenize), WEIGHTS.sku);
  return terms;
}

/** From 0 to 999, rising with the units sold. A word of a category alone counts at least 900. */
export const popularityOf = (unitsSold: number): number =>
  unitsSold <= 0 ? 0 : Math.floor((POPULARITY_MAX * unitsSold) / (unitsSold + POPULARITY_HALF));

/** A rating as the index compares it: hundredths. */
export const hundredths = (rating: number): number => Math.round(rating * 100);

/** A product as the index keeps it. */
export function entryOf(product: SearchableProduct): IndexEntry {
  return {
    t: [...weightedTerms(product)].flat(),
    c: [...new Set(product.categoryIds)],
    b: product.brand?.id ?? '',
    s: product.available ? '1' : '0',
    // Half a character can't be written as UTF-8.
    a: product.attributes.map(({ name, value }) => [name.toWellFormed(), value.toWellFormed()]),
    p: product.priceFrom,
    r: hundredths(product.ratingAverage),
    n: product.createdAt.getTime(),
    u: product.unitsSold,
    q: popularityOf(product.unitsSold),
  };
}
