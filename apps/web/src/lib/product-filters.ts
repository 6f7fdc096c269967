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

/** Filters as they stand in the address bar. Prices in minor units. */
export interface ListingSearch {
  brand?: string;
  min?: number;
  max?: number;
  rating?: number;
  stock?: true;
  sort?: ProductSort;
}

export interface SearchPageSearch extends Omit<ListingSearch, 'sort'> {
  q?: string;
  sort?: SearchSort;
}

const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function readFilters(raw: Record<string, unknown>) {
  const brand = textParam(raw['brand'], 120)?.toLowerCase();
  return {
    brand: brand !== undefined && slugPattern.test(brand) ? brand : undefined,
    min: integerParam(raw['min'], 0, Number.MAX_SAFE_INTEGER),
    max: integerParam(raw['max'], 0, Number.MAX_SAFE_INTEGER),
    rating: integerParam(raw['rating'], 1, 5),
    stock: flagParam(raw['stock']),
  };
}

/** Reads the filters of a list page; nonsense in the address is dropped, never an error. */
export function readListingSearch(raw: Record<string, unknown>): ListingSearch {
  return compact({ ...readFilters(raw), sort: wordParam(raw['sort'], PRODUCT_SORTS) });
}

/** The same for the search page, with the words searched for. */
export function readSearchPageSearch(raw: Record<string, unknown>): SearchPageSearch {
  return compact({
    q: textParam(raw['q']),
    ...readFilters(raw),
    sort: wordParam(raw['sort'], ['relevance', ...PRODUCT_SORTS] as const),
  });
}

/** The filters as the API takes them. */
export function toProductFilters(search: Omit<ListingSearch, 'sort'>) {
  return compact({
    brand: search.brand,
    priceMin: search.min,
    priceMax: search.max,
    minRating: search.rating,
    inStock: search.stock,
  });
}

/** How many filters are on; a price range counts once. */
export function countFilters(search: Omit<ListingSearch, 'sort'>): number {
  const price = search.min !== undefined || search.max !== undefined;
  return [search.brand !== undefined, price, search.rating !== undefined, search.stock === true].filter(Boolean).length;
}

/** Everything but the filters: what "clear all" leaves. */
export function withoutFilters<T extends Omit<ListingSearch, 'sort'>>(search: T): T {
  const rest = { ...search };
  for (const key of ['brand', 'min', 'max', 'rating', 'stock'] as const) delete rest[key];
  return rest;
}
