import { describe, expect, it } from 'vitest';
import {
  countFilters,
  readListingSearch,
  readSearchPageSearch,
  toProductFilters,
  withoutFilters,
} from './product-filters.ts';
import { parseSearch, stringifySearch } from './search-params.ts';

describe('filters in the address', () => {
  it('come back as they were written', () => {
    const search = {
      brand: 'north-and-co',
      min: 1_000,
      max: 25_000,
      rating: 4,
      stock: true,
      sort: 'price_asc',
    } as const;
    const address = stringifySearch(search);
    expect(address).toBe('?brand=north-and-co&min=1000&max=25000&rating=4&stock=1&sort=price_asc');
    expect(readListingSearch(parseSearch(address))).toEqual(search);
  });

  it('keep the words searched for, whatever they hold', () => {
    const address = stringifySearch({ q: 'chair & table = 50% "off"', sort: 'relevance' });
    expect(readSearchPageSearch(parseSearch(address))).toEqual({ q: 'chair & table = 50% "off"', sort: 'relevance' });
  });

  it('drop nonsense instead of failing', () => {
    const typed = '?brand=../x&min=-1&max=1.5&rating=9&stock=maybe&sort=cheapest&other=1';
    expect(readListingSearch(parseSearch(typed))).toEqual({});
    expect(readListingSearch(parseSearch('?min=1e3'))).toEqual({ min: 1_000 });
    expect(readSearchPageSearch(parseSearch('?q=%20%20'))).toEqual({});
  });

  it('do not let a list page sort by relevance', () => {
    expect(readListingSearch({ sort: 'relevance' })).toEqual({});
  });

  it('leave a clean address when nothing is set', () => {
    expect(stringifySearch({})).toBe('');
    expect(stringifySearch({ brand: undefined, stock: false, q: '' })).toBe('');
  });
});

describe('toProductFilters', () => {
  it('names filters as the API does and leaves out what is not set', () => {
    expect(toProductFilters({ min: 0, stock: true })).toEqual({ priceMin: 0, inStock: true });
    expect(Object.keys(toProductFilters({}))).toEqual([]);
  });
});

describe('countFilters and withoutFilters', () => {
  it('count a price range once and keep words and order', () => {
    const search = { q: 'lamp', sort: 'rating', min: 1, max: 2, stock: true } as const;
    expect(countFilters(search)).toBe(2);
    expect(withoutFilters(search)).toEqual({ q: 'lamp', sort: 'rating' });
  });
});
