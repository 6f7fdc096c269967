import { testRedis, timeLimit, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import type { IndexMark } from '@cartwright/feature-catalog';
import type { SearchableProduct } from './search.ports.ts';
import { allPages } from './testing/all-pages.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomProduct } from './testing/random-catalog.ts';

let cache: TestRedis;
beforeAll(async () => {
  cache = await testRedis();
});
afterAll(() => cache[Symbol.asyncDispose]());

const EVERYTHING = { words: [], prefix: true, filters: {}, sort: 'newest' as const };

async function freshIndex(name: string): Promise<SearchIndex> {
  const { client, key } = cache.redis;
  const index = createSearchIndex({
    redis: { client, key: (...parts) => key(name, ...parts) },
    onAbsent: () => undefined,
  });
  await (await index.build()).publish();
  return index;
}

describe('the search index', () => {
  it('walks along a large catalog as it sorts a small one', async () => {
    const random = randomFrom(1_000);
    const products = Array.from({ length: 2_600 }, (_, number) => randomProduct(random, number, 1));
    const index = await freshIndex('large');
    await index.write(products);
    for (const sort of ['price_asc', 'price_desc', 'rating', 'newest'] as const) {
      const search = { words: [], prefix: true, filters: {}, sort, facets: true };
      const { ids, total, facets } = await allPages(index, search, 100);
      expect({ ids, total, facets }).toEqual(searchNaively(products, search));
    }
  });

  it('never puts old data back, however late it comes', async () => {
    const index = await freshIndex('versions');
    const random = randomFrom(7);
    const product = { ...randomProduct(random, 1, 3), title: 'Third', listed: true };
    const find = async (word: string) =>
      (await index.search({ ...EVERYTHING, words: [word], page: { limit: 5 } }))?.ids.length;
    await index.write([product]);
    expect(await index.write([{ ...product, version: 2, title: 'Second' }])).toBe(0);
    expect([await find('second'), await find('third')]).toEqual([0, 1]);
    await index.write([{ ...product, version: 4, listed: false }]);
    expect(await index.write([product])).toBe(0);
    await expect.poll(() => find('third')).toBe(0);
  });

  it('shows a change at once, and keeps a list that was begun as it is', async () => {
    const index = await freshIndex('pages');
    const random = randomFrom(8);
    const products = Array.from({ length: 90 }, (_, number) => ({
      ...randomProduct(random, number, 1),
      listed: true,
      priceFrom: 1_000 + number,
    }));
    await index.write(products);
    const search = { ...EVERYTHING, sort: 'price_asc' as const };
    const seen: string[] = [];
    const gone = new Set<string>();
    let version = 2;
    for (let mark: IndexMark | undefined; ;) {
      const found = await index.search({ ...search, page: { limit: 10, mark } });
      seen.push(...(found?.ids ?? []));
      if (!found?.next) break;
      mark = found.next;
      // Ones from before the mark go behind it and the other way round, one is taken away, one comes in.
      const moved = [0, 1, 2].map(() => ({ ...random.pick(products), version, priceFrom: random.below(2_000) }));
      const removed = { ...random.pick(products), version: version + 1, listed: false };
      gone.add(removed.id);
      await index.write([
        ...moved,
        removed,
        { ...randomProduct(random, 1_000 + version, 1), listed: true, priceFrom: 1_050 },
      ]);
      version += 2;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(products.filter(({ id }) => !gone.has(id) && !seen.includes(id))).toEqual([]);
    const cheapest = { ...(products[5] as SearchableProduct), version: 1_000, priceFrom: 0 };
    await index.write([cheapest]);
    await expect
      .poll(async () => (await index.search({ ...search, page: { limit: 1 } }))?.ids, { timeout: timeLimit(1_000) })
      .toEqual([cheapest.id]);
  });

  it('goes on from the last product seen when the list is not kept any more', async () => {
    const index = await freshIndex('expired');
    const random = randomFrom(9);
    const products = Array.from({ length: 60 }, (_, number) => randomProduct(random, number, 1));
    await index.write(products);
    for (const sort of ['rating', 'best_selling', 'price_asc'] as const) {
      const ids: string[] = [];
      for (let mark: IndexMark | undefined; ;) {
        const found = await index.search({ ...EVERYTHING, sort, page: { limit: 7, mark } });
        ids.push(...(found?.ids ?? []));
        if (!found?.next) break;
        mark = { value: found.next.value, id: found.next.id };
      }
      expect(ids).toEqual(searchNaively(products, { ...EVERYTHING, sort }).ids);
    }
  });

  it('filters by attributes of very many values, and counts only those of few', async () => {
    const index = await freshIndex('attributes');
    const random = randomFrom(10);
    const products = Array.from({ length: 400 }, (_, number) => ({
      ...randomProduct(random, number, 1),
      listed: true,
      attributes: [
        { name: 'Serial', value: `no ${number >> 1}` },
        { name: 'Colour', value: number % 2 ? 'red' : 'blue' },
      ],
    }));
    await index.write(products);
    const search = { ...EVERYTHING, facets: true };
    for (const number of [0, 40, 199]) {
      const filters = { attributes: [{ name: 'Serial', values: [`no ${number}`] }] };
      const { ids, total, facets } = await allPages(index, { ...search, filters }, 50);
      expect({ ids, total, facets }).toEqual(searchNaively(products, { ...search, filters }));
      expect(facets?.attributes.map(([name]) => name)).toEqual(['Colour']);
    }
  });

  it('completes words by those that are found together with the rest', async () => {
    const index = await freshIndex('complete');
    const random = randomFrom(11);
    const titled = (title: string, number: number) => ({
      ...{ ...randomProduct(random, number, 1), title, listed: true },
      ...{ brand: null, categoryNames: [], skus: [] },
    });
    await index.write(['Oak chair', 'Oak chair low', 'Oak chest', 'Pine chandelier'].map(titled));
    const complete = async (...words: string[]) =>
      (await index.search({ ...EVERYTHING, words, sort: 'relevance', complete: 5, page: { limit: 5 } }))?.complete;
    expect(await complete('ch')).toEqual(['chair', 'chandelier', 'chest']);
    expect(await complete('oak', 'ch')).toEqual(['chair', 'chest']);
    expect(await complete('ok', 'chiar')).toEqual([]);
  });

  it.each([
    'a',
    'x'.repeat(40),
    '%d',
    "]]..redis.call('FLUSHALL')",
    '(a+)+$',
    '.*',
    '\0',
    '\u{1f600}',
    'ﷺ',
    '[',
    '\xff',
    'straße',
  ])('takes %j for nothing but a word', async (word) => {
    const index = await freshIndex('odd');
    const product = { ...randomProduct(randomFrom(12), 1, 1), listed: true, title: 'Plain thing' };
    await index.write([{ ...product, attributes: [{ name: word, value: word }] }]);
    expect(await index.search({ ...EVERYTHING, words: [word], page: { limit: 5 } })).toMatchObject({ total: 0 });
    const filters = { attributes: [{ name: word, values: [word] }] };
    expect(await index.search({ ...EVERYTHING, filters, facets: true, page: { limit: 5 } })).toMatchObject({
      ids: [product.id],
      facets: { attributes: [[word, [[word, 1]]]] },
    });
  });
});
