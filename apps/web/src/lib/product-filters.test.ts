import { describe, expect, it } from 'vitest';
import {
  activeFilters,
  readListingSearch,
  readSearchPageSearch,
  toApiFilters,
  toggleAttribute,
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

  it('hold attributes of any name with several values each', () => {
    const search = { attr: { 'Seat height': ['45 cm', '50 cm'], 'a.b=c': ['ü & x'], ['__proto__']: ['x'] } };
    const address = stringifySearch(search);
    expect(address).toMatch(/^\?attr\.Seat\+height=45\+cm&attr\.Seat\+height=50\+cm&/);
    expect(readListingSearch(parseSearch(address))).toEqual(search);
    expect(Object.getPrototypeOf(readListingSearch(parseSearch(address)).attr)).toBe(Object.prototype);
  });

  it('take as much of attributes as the API does, and drop the rest', () => {
    const many = Array.from({ length: 25 }, (_, at) => `attr.a=${at}&attr.n${at}=x`).join('&');
    const { attr } = readListingSearch(
      parseSearch(`?attr=x&attr.=1&attr.${'n'.repeat(61)}=x&attr.long=${'v'.repeat(201)}&${many}`),
    );
    expect(Object.keys(attr ?? {})).toHaveLength(10);
    expect(attr?.['a']).toHaveLength(20);
    expect(attr).not.toHaveProperty('long');
    expect(readListingSearch(parseSearch('?attr=red'))).toEqual({});
  });

  it('do not let a list page sort by relevance', () => {
    expect(readListingSearch({ sort: 'relevance' })).toEqual({});
  });

  it('leave a clean address when nothing is set', () => {
    expect(stringifySearch({})).toBe('');
    expect(stringifySearch({ brand: undefined, stock: false, q: '' })).toBe('');
  });
});

describe('toApiFilters', () => {
  it('names filters as the API does and leaves out what is not set', () => {
    expect(toApiFilters({ min: 0, stock: true, attr: { Colour: ['Red'] } })).toEqual({
      ...{ priceMin: 0, inStock: true },
      attributes: { Colour: ['Red'] },
    });
    expect(Object.keys(toApiFilters({}))).toEqual([]);
  });
});

describe('toggleAttribute', () => {
  it('adds a value, takes it away again, and leaves nothing behind', () => {
    const red = toggleAttribute(undefined, 'Colour', 'Red');
    const both = toggleAttribute(red, 'Colour', 'Blue');
    expect(both).toEqual({ Colour: ['Red', 'Blue'] });
    expect(toggleAttribute(both, 'Colour', 'Red')).toEqual({ Colour: ['Blue'] });
    expect(toggleAttribute(red, 'Colour', 'Red')).toBeUndefined();
    expect(toggleAttribute(red, 'constructor', 'x')).toEqual({ Colour: ['Red'], constructor: ['x'] });
  });
});

describe('activeFilters and withoutFilters', () => {
  it('tell a price range once and each value for itself, and keep words and order', () => {
    const attr = { Colour: ['Red', 'Blue'] };
    const search = { q: 'lamp', sort: 'rating', category: 'lamps', min: 1, max: 2, stock: true, attr } as const;
    const active = activeFilters(search as Parameters<typeof activeFilters>[0]);
    expect(active.map(({ key }) => key)).toEqual(['category', 'stock', 'price', 'attr.Colour.Red', 'attr.Colour.Blue']);
    expect(active.at(-1)?.without).toEqual({ attr: { Colour: ['Red'] } });
    expect(withoutFilters(search as Parameters<typeof withoutFilters>[0])).toEqual({ q: 'lamp', sort: 'rating' });
    expect(activeFilters({})).toEqual([]);
  });
});
