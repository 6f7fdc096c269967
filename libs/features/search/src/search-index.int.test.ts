import { testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import type { IndexMark } from '@cartwright/feature-catalog';
import { weightedTerms } from './index-entry.ts';
import type { IndexSearch, SearchableProduct } from './search.ports.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomProduct, randomSearch } from './testing/random-catalog.ts';

/** More on demand: `CARTWRIGHT_SEARCH_SEEDS=500 npm test -- libs/features/search`. */
const SEEDS = Number(process.env['CARTWRIGHT_SEARCH_SEEDS'] ?? 6);
const SEARCHES = 40;

let cache: TestRedis;
beforeAll(async () => {
  cache = await testRedis();
});
afterAll(() => cache[Symbol.asyncDispose]());

async function freshIndex(name: string): Promise<SearchIndex> {
  const { client, key } = cache.redis;
  const index = createSearchIndex({ redis: { client, key: (...parts) => key(name, ...parts) }, onAbsent: () => undefined });
  await (await index.build()).publish(0);
  return index;
}

/** All pages of a search, one after another. */
async function allPages(index: SearchIndex, search: Omit<IndexSearch, 'page'>, limit: number) {
  const ids: string[] = [];
  for (let mark: IndexMark | undefined; ; ) {
    const found = await index.search({ ...search, page: { limit, mark } });
    if (!found) throw new Error('There is no index');
    ids.push(...found.ids);
    if (!found.next) return { ...found, ids };
    expect(found.ids).toHaveLength(limit);
    mark = found.next;
  }
}

describe('the search index', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))('answers as looking at everything does: seed %i', async (seed) => {
    const random = randomFrom(seed);
    const index = await freshIndex(`seed${seed}`);
    const size = 30 + random.below(500);
    const products = new Map<string, SearchableProduct>();
    const write = async (number: number, version: number): Promise<void> => {
      const product = randomProduct(random, number, version);
      products.set(product.id, product);
      await index.write([product]);
    };
    const first = Array.from({ length: size }, (_, number) => randomProduct(random, number, 1));
    for (const product of first) products.set(product.id, product);
    await index.write(first);
    for (let round = 2; round < 40; round += 1) await write(random.below(size), round);
    const vocabulary = [...products.values()].flatMap((product) => [...weightedTerms(product).keys()]);
    for (let count = 0; count < SEARCHES; count += 1) {
      const search = randomSearch(random, vocabulary);
      const expected = searchNaively([...products.values()], search);
      const { ids, total, facets } = await allPages(index, search, random.pick([1, 7, 20, 100]));
      expect({ search, ids, total, facets }).toEqual({ search, ...expected });
    }
  });
});
