import { DomainError } from '@cartwright/domain-errors';
import { encodeMark } from '@cartwright/feature-catalog';
import { describe, expect, it } from 'vitest';
import { searchProductsInput } from './search.contracts.ts';
import type { IndexFound, IndexSearch, SearchableCatalogPort } from './search.ports.ts';
import { createSearchService } from './search-service.ts';

const card = (slug: string) => ({
  id: slug,
  slug,
  title: `The ${slug}`,
  brand: null,
  image: null,
  price: { amount: 1, currency: 'USD' },
  rating: { average: 0, count: 0 },
  available: true,
  variantCount: 1,
});

const FOUND: IndexFound = {
  ids: ['desk', 'chair'],
  next: { value: 9, id: 'chair', list: '1', offset: 2 },
  total: 7,
  words: ['desk', 'chair'],
  complete: ['chair', 'chairs', 'chain'],
  facets: {
    categories: [
      ['c1', 5],
      ['gone', 2],
    ],
    brands: [['b1', 3]],
    stock: [
      ['1', 4],
      ['0', 3],
    ],
    attributes: [['Colour', [['red', 2]]]],
    ratings: [[4, 1]],
    price: [100, 900],
  },
};

function searchOver(answer: IndexFound | null = FOUND) {
  const listed: Parameters<SearchableCatalogPort['list']>[0][] = [];
  const asked: IndexSearch[] = [];
  const catalog: SearchableCatalogPort = {
    resolve: async ({ category, brand: _brand, attributes: _attributes, ...rest }) =>
      category === 'nowhere' ? null : { ...(rest as object), ...(category === undefined ? {} : { categoryId: 'c1' }) },
    byIds: async (ids) => ids.map(card),
    list: async (query) => {
      listed.push(query);
      return { items: [card('desk')], nextCursor: null };
    },
    count: async () => 1,
    categories: async () => [
      { id: 'c1', name: 'Chairs', slug: 'chairs' },
      { id: 'c2', name: 'Office', slug: 'office' },
    ],
    brands: async () => [{ id: 'b1', name: 'Chalmers', slug: 'chalmers' }],
  };
  const index = {
    page: async () => null,
    search: async (query: IndexSearch) => {
      asked.push(query);
      return answer;
    },
  };
  return { search: createSearchService({ catalog, index }), asked, listed };
}

const input = searchProductsInput.parse;

describe('searching', () => {
  it('asks the index for all words at once, and tells what was found where', async () => {
    const { search, asked } = searchOver();
    const page = await search.products(input({ query: ' Dèsk  CHAI ', category: 'chairs', inStock: true }));
    expect(asked).toEqual([
      {
        ...{ words: ['desk', 'chai'], prefix: true, sort: 'relevance', facets: true },
        filters: { categoryId: 'c1', inStock: true },
        page: { limit: 20, mark: undefined },
      },
    ]);
    expect(page).toMatchObject({ total: 7, items: [{ slug: 'desk' }, { slug: 'chair' }] });
    expect(page.items.map(({ highlights }) => highlights.title)).toEqual([[[4, 8]], [[4, 8]]]);
    expect(page.facets).toEqual({
      categories: [{ id: 'c1', name: 'Chairs', slug: 'chairs', count: 5 }],
      brands: [{ id: 'b1', name: 'Chalmers', slug: 'chalmers', count: 3 }],
      inStock: 4,
      ratings: [{ stars: 4, count: 1 }],
      attributes: [{ name: 'Colour', values: [{ value: 'red', count: 2 }] }],
      price: { min: 100, max: 900 },
    });
  });

  it('goes on where the cursor says, by the sort it was made for', async () => {
    const { search, asked } = searchOver();
    const { nextCursor } = await search.products(input({ query: 'chair' }));
    await search.products(input({ query: 'chair', cursor: nextCursor ?? '' }));
    expect(asked[1]?.page.mark).toEqual(FOUND.next);
    await expect(
      search.products(input({ query: 'chair', sort: 'rating', cursor: nextCursor ?? '' })),
    ).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
  });

  it('lists everything for an empty query, and nothing for one without a word or an unknown category', async () => {
    const { search, asked } = searchOver();
    await search.products(input({ query: '' }));
    expect(asked[0]).toMatchObject({ words: [], sort: 'best_selling' });
    for (const nothing of [input({ query: '*+?' }), input({ query: 'x', category: 'nowhere' })]) {
      expect(await search.products(nothing)).toMatchObject({ items: [], total: 0, nextCursor: null });
    }
    expect(asked).toHaveLength(1);
  });

  it('has the database answer while there is no index, though not in the middle of a list by relevance', async () => {
    const { search, listed } = searchOver(null);
    expect(await search.products(input({ query: 'oak desk' }))).toMatchObject({
      ...{ total: 1, facets: null, items: [{ slug: 'desk', highlights: { title: [[4, 8]] } }] },
    });
    expect(listed[0]).toMatchObject({ terms: ['oak', 'desk'], sort: 'best_selling' });
    const bySales = encodeMark('best_selling', { value: 1, id: 'x' });
    await search.products(input({ query: 'oak', cursor: bySales }));
    expect(listed[1]).toMatchObject({ cursor: bySales, sort: 'best_selling' });
    await expect(
      search.products(input({ query: 'oak', cursor: encodeMark('relevance', { value: 1, id: 'x' }) })),
    ).rejects.toEqual(new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2, service: 'search' }));
  });

  it('bounds what is typed', () => {
    expect(input({ query: 'x'.repeat(10_000) }).query).toHaveLength(200);
    expect(() => input({ query: 'x'.repeat(10_001) })).toThrow();
    expect(() => input({ query: 'x', limit: 1e9 })).toThrow();
    expect(() => input({ query: { $ne: null } })).toThrow();
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, name) => [`a${name}`, ['x']]));
    expect(() => input({ query: 'x', attributes: many })).toThrow();
  });

  it('suggests queries, categories and brands by name, then products', async () => {
    const { search } = searchOver();
    const suggestions = await search.suggest('cha');
    expect(suggestions.map(({ kind, label, ranges }) => [kind, label, ranges])).toEqual([
      ['query', 'chair', [[0, 3]]],
      ['query', 'chairs', [[0, 3]]],
      ['query', 'chain', [[0, 3]]],
      ['category', 'Chairs', [[0, 3]]],
      ['brand', 'Chalmers', [[0, 3]]],
      ['product', 'The desk', [[4, 8]]],
      ['product', 'The chair', [[4, 7]]],
    ]);
    expect(
      (await search.suggest('oak chair')).filter(({ kind }) => kind === 'query').map(({ label }) => label),
    ).toEqual(['oak chairs', 'oak chain']);
    expect(await search.suggest('!')).toEqual([]);
  });

  it('suggests what the database has while there is no index', async () => {
    const { search } = searchOver(null);
    expect((await search.suggest('cha')).map(({ kind, label }) => `${kind}:${label}`)).toEqual([
      'category:Chairs',
      'brand:Chalmers',
      'product:The desk',
    ]);
  });
});
