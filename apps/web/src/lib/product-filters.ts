import { compact, flagParam, integerParam, textParam, wordParam } from './search-params.ts';

export const PRODUCT_SORTS = ['newest', 'best_selling', 'price_asc', 'price_desc', 'rating'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];
export type SearchSort = ProductSort | 'relevance';

export const SORT_LABELS: Record<SearchSort, string> = {
  relevance: 'Best match',
  newest: 'Newest',
  best_selling: 'Best selling',
  price_asc: 'Price, low to high',
  price_desc: 'Price, high to low',
  rating: 'Top rated',
};

/** What narrows a list, as it stands in the address bar. Prices in minor units. */
export interface ProductFilters {
  /** Slugs. On the pages of a category or a brand that one stands in the path instead. */
  category?: string;
  brand?: string;
  min?: number;
  max?: number;
  rating?: number;
  stock?: true;
  /** Values by the name of an attribute, one of which a product must have. */
  attr?: Record<string, string[]>;
}

export interface ListingSearch extends ProductFilters {
  sort?: ProductSort;
}

export interface SearchPageSearch extends ProductFilters {
  q?: string;
  sort?: SearchSort;
}

/** A filter and what it becomes; undefined: none. */
export type FilterChange = { [K in keyof ProductFilters]: ProductFilters[K] | undefined };

/** As many attributes and values of each as the API takes. */
const ATTRIBUTES = { names: 10, nameLength: 60, values: 20, valueLength: 200 } as const;

const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function slugParam(value: unknown): string | undefined {
  const slug = textParam(value, 120)?.toLowerCase();
  return slug !== undefined && slugPattern.test(slug) ? slug : undefined;
}

function attributesParam(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const attributes = Object.entries(value)
    .filter(([name]) => name.length <= ATTRIBUTES.nameLength)
    .map(([name, values]) => {
      const texts = (Array.isArray(values) ? values : []).filter((each): each is string => typeof each === 'string');
      const known = texts.filter((text) => text !== '' && text.length <= ATTRIBUTES.valueLength);
      return [name, [...new Set(known)].slice(0, ATTRIBUTES.values)] as const;
    })
    .filter(([, values]) => values.length > 0)
    .slice(0, ATTRIBUTES.names);
  return attributes.length === 0 ? undefined : Object.fromEntries(attributes);
}

function readFilters(raw: Record<string, unknown>) {
  return {
    category: slugParam(raw['category']),
    brand: slugParam(raw['brand']),
    min: integerParam(raw['min'], 0, Number.MAX_SAFE_INTEGER),
    max: integerParam(raw['max'], 0, Number.MAX_SAFE_INTEGER),
    rating: integerParam(raw['rating'], 1, 5),
    stock: flagParam(raw['stock']),
    attr: attributesParam(raw['attr']),
  };
}

const readListing = (raw: Record<string, unknown>) => ({
  ...readFilters(raw),
  sort: wordParam(raw['sort'], PRODUCT_SORTS),
});

/**
 * Reads the filters of a list page, whose category, if it has one, stands in the path; nonsense in the address is dropped,
 * never an error.
 */
export const readListingSearch = (raw: Record<string, unknown>): ListingSearch =>
  compact({ ...readListing(raw), category: undefined });

/** The same for the page of a brand, which stands in the path. */
export const readBrandSearch = (raw: Record<string, unknown>): ListingSearch =>
  compact({ ...readListing(raw), brand: undefined });

/** The same for the search page, with the words searched for. */
export function readSearchPageSearch(raw: Record<string, unknown>): SearchPageSearch {
  return compact({
    q: textParam(raw['q']),
    ...readFilters(raw),
    sort: wordParam(raw['sort'], ['relevance', ...PRODUCT_SORTS] as const),
  });
}

/** The filters as the API takes them. */
export function toApiFilters(filters: ProductFilters) {
  return compact({
    category: filters.category,
    brand: filters.brand,
    priceMin: filters.min,
    priceMax: filters.max,
    minRating: filters.rating,
    inStock: filters.stock,
    attributes: filters.attr,
  });
}

/** The attributes with one value more, or without it when it was there. */
export function toggleAttribute(
  attributes: ProductFilters['attr'],
  name: string,
  value: string,
): ProductFilters['attr'] | undefined {
  // Of its own: an attribute may have any name, also one that every object knows.
  const before = attributes && Object.hasOwn(attributes, name) ? (attributes[name] ?? []) : [];
  const values = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
  return attributesParam({ ...attributes, [name]: values });
}

/** One filter that is on, and the change that takes it away. */
export type ActiveFilter = { readonly key: string; readonly without: FilterChange } & (
  | { readonly kind: 'category' | 'brand'; readonly slug: string }
  | { readonly kind: 'price'; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly kind: 'rating'; readonly stars: number }
  | { readonly kind: 'stock' }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string }
);

/** The filters that are on, in the order of the panel; a price range counts once, each value of an attribute for itself. */
export function activeFilters({ category, brand, min, max, rating, stock, attr }: ProductFilters): ActiveFilter[] {
  const active: ActiveFilter[] = [];
  if (category !== undefined) {
    active.push({ key: 'category', kind: 'category', slug: category, without: { category: undefined } });
  }
  if (stock === true) active.push({ key: 'stock', kind: 'stock', without: { stock: undefined } });
  if (brand !== undefined) active.push({ key: 'brand', kind: 'brand', slug: brand, without: { brand: undefined } });
  if (min !== undefined || max !== undefined) {
    active.push({ key: 'price', kind: 'price', min, max, without: { min: undefined, max: undefined } });
  }
  if (rating !== undefined) {
    active.push({ key: 'rating', kind: 'rating', stars: rating, without: { rating: undefined } });
  }
  for (const [name, values] of Object.entries(attr ?? {})) {
    for (const value of values) {
      const without = { attr: toggleAttribute(attr, name, value) };
      active.push({ key: `attr.${name}.${value}`, kind: 'attribute', name, value, without });
    }
  }
  return active;
}

/** Everything but the filters: what "clear all" leaves. */
export function withoutFilters<T extends ProductFilters>(search: T): Omit<T, keyof ProductFilters> {
  const { category: _c, brand: _b, min: _low, max: _high, rating: _r, stock: _s, attr: _a, ...rest } = search;
  return rest;
}
