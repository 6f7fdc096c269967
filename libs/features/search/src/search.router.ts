import { publicProcedure, requirePermission, router } from '@cartwright/api-core';
import { z } from 'zod';
import { searchProductsInput, searchProductsOutput, suggestInput, suggestOutput } from './search.contracts.ts';
import type { SearchIndexing } from './search-indexing.ts';
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

/** `admin.search.*` */
export function createAdminSearchRouter({ searchIndexing }: { searchIndexing: Pick<SearchIndexing, 'askForRebuild'> }) {
  return router({
    /** Has the index built anew in the background; searches are answered by the one there is meanwhile. */
    rebuild: requirePermission('jobs.manage')
      .output(z.object({ ok: z.literal(true) }))
      .mutation(async () => {
        await searchIndexing.askForRebuild();
        return { ok: true as const };
      }),
  });
}
