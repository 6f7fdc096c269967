import type { IndexMark } from '@cartwright/feature-catalog';
import { testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import type { SearchableProduct } from './search.ports.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomProduct, randomSearch } from './testing/random-catalog.ts';

/** More on demand: see docs/guides/search.md. */
const SEEDS = Number(process.env['CARTWRIGHT_SEARCH_SEEDS'] ?? 3);
const WALKS = 4;
const STAYING = 60;
const MOVING = 30;

let cache: TestRedis;
let index: SearchIndex;
beforeAll(async () => {
  cache = await testRedis();
  index = createSearchIndex({ redis: cache.redis, onAbsent: () => undefined });
});
afterAll(() => cache[Symbol.asyncDispose]());

describe.each(Array.from({ length: SEEDS }, (_, seed) => seed))('pages while products are written, seed %i', (seed) => {
  const random = randomFrom(3_000_000 + seed);
  const staying = Array.from({ length: STAYING }, (_, number) => randomProduct(random, number, 1));
  let version = 1;
  /** One of those that are written all the time: with another price, rating, category, on sale or not. */
  const moved = (): SearchableProduct => randomProduct(random, STAYING + random.below(MOVING), (version += 1));

  it.each([
    { kept: true, what: 'show nobody twice, and none that stayed is missed' },
    { kept: false, what: 'show none that stayed twice, and miss none, when the list is not kept any more' },
  ])('$what', async ({ kept }) => {
    const build = await index.build();
    await build.write([...staying, ...Array.from({ length: MOVING }, moved)]);
    await build.publish();
    for (let walk = 0; walk < WALKS; walk += 1) {
      const search = { ...randomSearch(random, ['any']), words: [], facets: false };
      const sort = search.sort === 'relevance' ? 'newest' : search.sort;
      const limit = random.pick([2, 5, 11]);
      const seen: string[] = [];
      for (let mark: IndexMark | undefined; ;) {
        const page = { limit, mark };
        const [found] = await Promise.all([
          index.search({ ...search, sort, page }),
          index.write([moved(), moved(), moved()]),
        ]);
        seen.push(...(found?.ids ?? []));
        if (!found?.next) break;
        mark = kept ? found.next : { value: found.next.value, id: found.next.id };
      }
      const stayed = new Set(staying.map(({ id }) => id));
      const expected = searchNaively(staying, { ...search, sort }).ids;
      expect({ search, ids: seen.filter((id) => stayed.has(id)) }).toEqual({ search, ids: expected });
      if (kept) expect(new Set(seen).size).toBe(seen.length);
    }
    await index.removeFormer();
  });
});
