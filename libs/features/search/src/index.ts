export * from './search.contracts.ts';
export type { SearchableCatalogPort } from './search.ports.ts';
export { createSearchRouter } from './search.router.ts';
export { createSearchService } from './search-service.ts';
export type { SearchService } from './search-service.ts';
