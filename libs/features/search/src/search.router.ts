import { publicProcedure, router } from '@cartwright/api-core';
import { searchProductsInput, searchProductsOutput, suggestInput, suggestOutput } from './search.contracts.ts';
import type { SearchService } from './search-service.ts';

/** `search.*`: products by words, and suggestions while typing. */
export function createSearchRouter({ search }: { search: SearchService }) {
  return router({
    products: publicProcedure
      .input(searchProductsInput)
      .output(searchProductsOutput)
      .query(({ input }) => search.products(input)),
    suggest: publicProcedure
      .input(suggestInput)
      .output(suggestOutput)
      .query(async ({ input }) => ({ items: await search.suggest(input.prefix) })),
  });
}
