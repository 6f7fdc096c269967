import { publicProcedure, resumable, router } from '@cartwright/api-core';
import {
  brandSchema,
  brandsOutput,
  byIdInput,
  byIdsInput,
  byIdsOutput,
  bySlugInput,
  categorySchema,
  categoryTreeOutput,
  listProductsInput,
  listProductsOutput,
  homeOutput,
  onChangeInput,
  productSchema,
  relatedInput,
} from './catalog.contracts.ts';
import { CATALOG_STREAM } from '@cartwright/platform-streams';
import type { CatalogService } from './catalog-service.ts';
import { HOME_KEPT_MS, type Home } from './home.ts';
import type { ProductChanges } from './product-changes.ts';
import type { RelatedProducts } from './related-products.ts';

/** Kept until the catalog changes, and no longer. */
const KEPT = { cache: { keepMs: 30_000 } };
/** What no event tells of, and should be seen within a second: names and slugs of categories and brands. */
const KEPT_SHORTLY = { cache: { keepMs: 500 } };

/** `catalog.*`: what anybody may browse. */
export function createCatalogRouter({
  catalog,
  home,
  related,
  productChanges,
}: {
  catalog: CatalogService;
  home: Home;
  related: Pick<RelatedProducts, 'list'>;
  productChanges: Pick<ProductChanges, 'feed'>;
}) {
  return router({
    home: publicProcedure
      .meta({ cache: { keepMs: HOME_KEPT_MS } })
      .output(homeOutput)
      .query(() => home.read()),
    products: router({
      list: publicProcedure
        .meta(KEPT)
        .input(listProductsInput)
        .output(listProductsOutput)
        .query(({ input }) => catalog.list(input)),
      bySlug: publicProcedure
        .meta(KEPT)
        .input(bySlugInput)
        .output(productSchema)
        .query(({ ctx, input }) => catalog.bySlug(input.slug, ctx.answerHolds)),
      byId: publicProcedure
        .meta(KEPT)
        .input(byIdInput)
        .output(productSchema)
        .query(({ ctx, input }) => catalog.byId(input.id, ctx.answerHolds)),
      byIds: publicProcedure
        .input(byIdsInput)
        .output(byIdsOutput)
        .query(async ({ input }) => ({ items: await catalog.byIds(input.ids) })),
      related: publicProcedure
        .meta(KEPT)
        .input(relatedInput)
        .output(byIdsOutput)
        .query(async ({ input }) => ({ items: await related.list(input.productId, input.limit) })),
      onChange: publicProcedure
        .input(resumable(onChangeInput))
        .subscription(({ ctx, input: { productIds, lastEventId } }) =>
          productChanges.feed({ ctx, stream: CATALOG_STREAM, topics: productIds, lastEventId }),
        ),
    }),
    categories: router({
      tree: publicProcedure
        .meta(KEPT_SHORTLY)
        .output(categoryTreeOutput)
        .query(async () => ({ items: await catalog.categoryTree() })),
      bySlug: publicProcedure
        .meta(KEPT_SHORTLY)
        .input(bySlugInput)
        .output(categorySchema)
        .query(({ input }) => catalog.categoryBySlug(input.slug)),
    }),
    brands: router({
      list: publicProcedure
        .meta(KEPT_SHORTLY)
        .output(brandsOutput)
        .query(async () => ({ items: await catalog.brands() })),
      bySlug: publicProcedure
        .meta(KEPT_SHORTLY)
        .input(bySlugInput)
        .output(brandSchema)
        .query(({ input }) => catalog.brandBySlug(input.slug)),
    }),
  });
}
