export * from './search.contracts.ts';
export { searchJobs, checkSearchJob } from './search.jobs.ts';
export type { SearchableCatalogPort, SearchIndexPort } from './search.ports.ts';
export { createAdminSearchRouter, createSearchRouter } from './search.router.ts';
export { createAskingIndex, createSearchIndexing } from './search-indexing.ts';
export type { SearchIndexing } from './search-indexing.ts';
export { createSearchService } from './search-service.ts';
export type { SearchService } from './search-service.ts';
