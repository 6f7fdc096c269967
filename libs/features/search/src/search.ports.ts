import type { CatalogService, IndexPage, ProductIndexPort, SearchableProduct } from '@cartwright/feature-catalog';

export type { IndexPage, SearchableProduct };

/** What the search needs of the catalog: lists by words, cards by ids, and the names of categories and brands. */
export type SearchableCatalogPort = Pick<
  CatalogService,
  'list' | 'count' | 'byIds' | 'categories' | 'brands' | 'resolve'
>;

/** Products as the index wants them: those of the moment, whatever their state, or all for sale in the order of ids. */
export type SearchSourcePort = CatalogService['searchable'];

/** The index that answers searches; another engine takes its place by giving this. */
export interface SearchIndexPort extends ProductIndexPort {
  /** Null while there is no index that this release can read: a rebuild has been asked for then. */
  search(query: IndexSearch): Promise<IndexFound | null>;
}

/** One search: words, filters, a sort and a page. */
export interface IndexSearch {
  words: readonly string[];
  /** Whether the last word may be the beginning of one. */
  prefix: boolean;
  filters: Parameters<ProductIndexPort['page']>[0];
  sort: 'relevance' | Parameters<ProductIndexPort['page']>[1];
  page: Parameters<ProductIndexPort['page']>[2];
  facets?: boolean;
  /** How many ways to complete the last word are wanted. */
  complete?: number;
}

/** How many products there would be with a further choice. Ids and values with their counts, the most first. */
export interface IndexFacets {
  categories: [id: string, count: number][];
  brands: [id: string, count: number][];
  stock: ['0' | '1', number][];
  attributes: [name: string, values: [value: string, count: number][]][];
  ratings: [stars: number, count: number][];
  price?: [lowest: number, highest: number];
}

export interface IndexFound extends IndexPage {
  total: number;
  /** Words of products that the query's words found: as they are, corrected, or completed. */
  words: readonly string[];
  complete: readonly string[];
  facets?: IndexFacets;
}
