import { testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import { weightedTerms } from './index-entry.ts';
import type { SearchableProduct } from './search.ports.ts';
import { allPages } from './testing/all-pages.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomProduct, randomSearch, type Random } from './testing/random-catalog.ts';

/** 250 make ten thousand small catalogs and 250 large ones: see docs/guides/search.md. */
const SEEDS = Number(process.env['CARTWRIGHT_SEARCH_SEEDS'] ?? 3);
const SMALL = { catalogs: 40, products: 24, searches: 4 };
const LARGE = { products: 500, searches: 40 };

let cache: TestRedis;
let index: SearchIndex;
beforeAll(async () => {
  cache = await testRedis();
  index = createSearchIndex({ redis: cache.redis, onAbsent: () => undefined });
});
afterAll(() => cache[Symbol.asyncDispose]());

/** An index of these products alone. */
async function indexOf(products: readonly SearchableProduct[]): Promise<void> {
  const build = await index.build();
  await build.write(products);
  await build.publish();
}

async function compare(random: Random, products: readonly SearchableProduct[], searches: number): Promise<void> {
  const vocabulary = products.flatMap((product) => [...weightedTerms(product).keys()]);
  for (let count = 0; count < searches; count += 1) {
    const search = randomSearch(random, vocabulary.length > 0 ? vocabulary : ['nothing']);
    const expected = searchNaively(products, search);
    const { ids, total, facets } = await allPages(index, search, random.pick([1, 7, 20, 100]));
    expect({ search, ids, total, facets }).toEqual({
      search,
      ...expected,
      facets: search.facets ? expected.facets : undefined,
    });
  }
}

describe.each(Array.from({ length: SEEDS }, (_, seed) => seed))('an index of random products, seed %i', (seed) => {
  it('answers as looking at everything does, of many small catalogs', async () => {
    const random = randomFrom(1_000_000 + seed);
    for (let catalog = 0; catalog < SMALL.catalogs; catalog += 1) {
      const size = random.below(SMALL.products);
      const products = Array.from({ length: size }, (_, number) => randomProduct(random, number, 1));
      await indexOf(products);
      await compare(random, products, SMALL.searches);
    }
    await index.removeFormer();
  });

  it('answers as looking at everything does, of a large catalog that was edited', async () => {
    const random = randomFrom(seed);
    const size = 30 + random.below(LARGE.products);
    const products = Array.from({ length: size }, (_, number) => randomProduct(random, number, 1));
    await indexOf(products);
    for (let version = 2; version < 40; version += 1) {
      const number = random.below(size);
      const product = randomProduct(random, number, version);
      products[number] = product;
      await index.write([product]);
    }
    await compare(random, products, LARGE.searches);
  });
});
