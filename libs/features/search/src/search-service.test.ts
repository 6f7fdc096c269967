import { describe, expect, it } from 'vitest';
import { searchProductsInput } from './search.contracts.ts';
import type { SearchableCatalogPort } from './search.ports.ts';
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

function searchOver() {
  const asked: Parameters<SearchableCatalogPort['list']>[0][] = [];
  const catalog: SearchableCatalogPort = {
    list: async (query) => {
      asked.push(query);
      return { items: [card('desk'), card('chair')], nextCursor: null };
    },
    count: async () => 1,
    categories: async () => [
      { id: 'c1', name: 'Chairs', slug: 'chairs' },
      { id: 'c2', name: 'Office', slug: 'office' },
    ],
    brands: async () => [{ id: 'b1', name: 'Chalmers', slug: 'chalmers' }],
  };
  return { search: createSearchService({ catalog }), asked };
}

describe('searching', () => {
  it('asks for all words, best sellers first when sorted by relevance', async () => {
    const { search, asked } = searchOver();
    await search.products(searchProductsInput.parse({ query: ' Oak  CHAIR ' }));
    expect(asked[0]).toMatchObject({ terms: ['oak', 'chair'], sort: 'best_selling' });
  });

  it('lists everything for an empty query, and nothing for one without a word', async () => {
    const { search, asked } = searchOver();
    await search.products(searchProductsInput.parse({ query: '' }));
    expect(asked[0]).toMatchObject({ terms: [] });
    expect(await search.products(searchProductsInput.parse({ query: '*+?' }))).toMatchObject({ items: [], total: 0 });
    expect(asked).toHaveLength(1);
  });

  it('bounds what is typed', () => {
    expect(searchProductsInput.parse({ query: 'x'.repeat(10_000) }).query).toHaveLength(200);
    expect(() => searchProductsInput.parse({ query: 'x'.repeat(10_001) })).toThrow();
    expect(() => searchProductsInput.parse({ query: 'x', limit: 1e9 })).toThrow();
    expect(() => searchProductsInput.parse({ query: { $ne: null } })).toThrow();
  });

  it('suggests categories and brands by name, then products whose names match', async () => {
    const { search } = searchOver();
    expect((await search.suggest('cha')).map(({ kind, slug }) => `${kind}:${slug}`)).toEqual([
      'category:chairs',
      'brand:chalmers',
      'product:chair',
    ]);
    expect(await search.suggest('!')).toEqual([]);
  });
});
