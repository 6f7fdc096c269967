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
import type { Home } from './home.ts';
import type { ProductChanges } from './product-changes.ts';
import type { RelatedProducts } from './related-products.ts';

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
    home: publicProcedure.output(homeOutput).query(() => home.read()),
    products: router({
      list: publicProcedure
        .input(listProductsInput)
        .output(listProductsOutput)
        .query(({ input }) => catalog.list(input)),
      bySlug: publicProcedure
        .input(bySlugInput)
        .output(productSchema)
        .query(({ input }) => catalog.bySlug(input.slug)),
      byId: publicProcedure
        .input(byIdInput)
        .output(productSchema)
        .query(({ input }) => catalog.byId(input.id)),
      byIds: publicProcedure
        .input(byIdsInput)
        .output(byIdsOutput)
        .query(async ({ input }) => ({ items: await catalog.byIds(input.ids) })),
      related: publicProcedure
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
      tree: publicProcedure.output(categoryTreeOutput).query(async () => ({ items: await catalog.categoryTree() })),
      bySlug: publicProcedure
        .input(bySlugInput)
        .output(categorySchema)
        .query(({ input }) => catalog.categoryBySlug(input.slug)),
    }),
    brands: router({
      list: publicProcedure.output(brandsOutput).query(async () => ({ items: await catalog.brands() })),
      bySlug: publicProcedure
        .input(bySlugInput)
        .output(brandSchema)
        .query(({ input }) => catalog.brandBySlug(input.slug)),
    }),
  });
}
