import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, type CatalogFixture } from './catalog.fixture.ts';

const STAYING = 60;
const MOVING = 20;
const PAGE = 5;
/** Walks along the whole list; more on demand: see docs/guides/search.md. */
const WALKS = Math.ceil(Number(process.env['CARTWRIGHT_SEARCH_SEEDS'] ?? 1) / 25);
const SORTS = ['price_asc', 'price_desc', 'newest', 'rating', 'best_selling'] as const;

let shop: CatalogFixture;
beforeAll(async () => {
  shop = await catalogFixture();
  await shop.importer.importCatalog({
    products: [...named('stays', STAYING), ...named('moves', MOVING)].map((slug, index) => ({
      ...{ slug, title: slug },
      // Several of one price: ties are where pages go wrong.
      variants: [{ sku: slug, price: 100 + (index % 7), stock: 1 }],
    })),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

function named(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => `${what}-${number}`);
}

describe('pages of a list, while products are written all the time', () => {
  it.each(Array.from({ length: WALKS }, (_, walk) => SORTS.map((sort) => [sort, walk] as const)).flat())(
    'show no product twice that stayed, and miss none of them: by %s, walk %i',
    async (sort, walk) => {
      let isReading = true;
      let writes = 0;
      // To and fro over the whole list, in and out of it: each of these may be met, or not.
      const writing = (async () => {
        while (isReading) {
          const slug = `moves-${writes % MOVING}`;
          const value = 90 + ((writes * 13 + walk * 7) % 30);
          await shop.products.updateOne(
            { slug },
            {
              $set: { priceFrom: value, 'rating.average': value / 30, unitsSold: value % 11, listed: writes % 3 !== 0 },
            },
          );
          writes += 1;
        }
      })();
      const seen: string[] = [];
      let cursor: string | undefined;
      try {
        do {
          const before = writes;
          const page = await shop.service.list({ sort, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
          seen.push(...page.items.map(({ slug }) => slug));
          cursor = page.nextCursor ?? undefined;
          await expect.poll(() => writes).toBeGreaterThan(before);
        } while (cursor !== undefined);
      } finally {
        isReading = false;
        await writing;
      }
      const stayed = seen.filter((slug) => slug.startsWith('stays'));
      expect(stayed.toSorted()).toEqual(named('stays', STAYING).toSorted());
      // What a product is sorted by can't change here, so nobody is met twice.
      if (sort === 'newest') expect(new Set(seen).size).toBe(seen.length);
    },
  );
});
