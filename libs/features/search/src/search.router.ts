import { publicProcedure, requirePermission, router, type CallLimit } from '@cartwright/api-core';
import { z } from 'zod';
import { searchProductsInput, searchProductsOutput, suggestInput, suggestOutput } from './search.contracts.ts';
import type { SearchIndexing } from './search-indexing.ts';
import type { SearchService } from './search-service.ts';

/** Kept until the catalog changes, and no longer. */
const KEPT = { cache: { keepMs: 30_000 } };
/** So long for what was answered without an index. */
const WITHOUT_INDEX_MS = 1_000;

/** `search.*`: products by words, and suggestions while typing. */
export function createSearchRouter({ search, limits }: { search: SearchService; limits: { searching: CallLimit } }) {
  return router({
    products: publicProcedure
      .meta(KEPT)
      .input(searchProductsInput)
      .use(limits.searching)
      .output(searchProductsOutput)
      .query(async ({ ctx, input }) => {
        const found = await search.products(input);
        if (!found.facets) ctx.answerHolds?.({ until: new Date(Date.now() + WITHOUT_INDEX_MS) });
        return found;
      }),
    suggest: publicProcedure
      .meta(KEPT)
      .input(suggestInput)
      .use(limits.searching)
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
