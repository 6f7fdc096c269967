import { describe, expect, it } from 'vitest';
import { searchTermsOf, tokenize } from './search-terms.ts';

describe('search terms', () => {
  it('are lower-case words without accents', () => {
    expect(tokenize('Café-Crème, 2 Stück!')).toEqual(['cafe', 'creme', '2', 'stuck']);
    expect(tokenize('  ')).toEqual([]);
  });

  it('are bounded, whatever is typed', () => {
    expect(tokenize('x'.repeat(10_000))).toEqual(['x'.repeat(40)]);
  });

  it('are never cut within a letter', () => {
    expect(tokenize(`${'x'.repeat(39)}\u{10330}${'x'.repeat(9)}`)).toEqual(['x'.repeat(39)]);
    expect(tokenize(`${'x'.repeat(38)}\u{10330}x`)).toEqual([`${'x'.repeat(38)}\u{10330}`]);
  });

  it('hold title, brand, categories, and SKUs whole and in parts', () => {
    const terms = searchTermsOf({
      title: 'Oak Chair',
      brand: { name: 'Norrland' },
      categories: [{ name: 'Living room' }],
      variants: [{ sku: 'OAK-CH-01' }],
    });
    expect(terms).toEqual(expect.arrayContaining(['oak', 'chair', 'norrland', 'living', 'room', 'oak-ch-01', '01']));
    expect(new Set(terms).size).toBe(terms.length);
  });
});
