import type { CatalogService } from '@cartwright/feature-catalog';

/** What the search needs of the catalog: filtered lists by words, their number, and the names of categories and brands. */
export type SearchableCatalogPort = Pick<CatalogService, 'list' | 'count' | 'categories' | 'brands'>;
