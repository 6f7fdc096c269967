import { tokenize } from '@cartwright/feature-catalog';
import type { SearchProductsInput } from './search.contracts.ts';
import type { SearchableCatalogPort } from './search.ports.ts';

const MAX_WORDS = 8;
const SUGGESTIONS = 8;
/** Products looked at for suggestions: some match by a category or a SKU only, which nobody is typing. */
const CANDIDATES = 40;

export interface Suggestion {
  kind: 'product' | 'category' | 'brand';
  label: string;
  slug: string;
}

/** Finds products by words: every word must be found, the last one also as the beginning of a word. */
export function createSearchService({ catalog }: { catalog: SearchableCatalogPort }) {
  return {
    /** One page of matches and their number. Relevance means best-selling first among those that hold every word. */
    async products({ query, sort, ...rest }: SearchProductsInput) {
      const terms = tokenize(query).slice(0, MAX_WORDS);
      if (query !== '' && terms.length === 0) return { items: [], nextCursor: null, total: 0 };
      const { limit: _limit, cursor: _cursor, ...filters } = rest;
      const [page, total] = await Promise.all([
        catalog.list({ ...rest, terms, sort: sort === 'relevance' ? 'best_selling' : sort }),
        catalog.count({ ...filters, terms }),
      ]);
      return { ...page, total };
    },

    /** What could be meant by the letters typed so far: categories and brands by name, then products. */
    async suggest(prefix: string): Promise<Suggestion[]> {
      const terms = tokenize(prefix).slice(0, MAX_WORDS);
      if (terms.length === 0) return [];
      const [categories, brands, products] = await Promise.all([
        catalog.categories(),
        catalog.brands(),
        catalog.list({ terms, sort: 'best_selling', limit: CANDIDATES }),
      ]);
      const named = [
        ...categories.map((category) => ({ kind: 'category' as const, label: category.name, slug: category.slug })),
        ...brands.map((brand) => ({ kind: 'brand' as const, label: brand.name, slug: brand.slug })),
      ].filter(({ label }) => startsWords(tokenize(label), terms));
      const found = products.items
        .filter(({ title, brand }) => startsWords(tokenize(`${title} ${brand?.name ?? ''}`), terms))
        .map(({ title, slug }) => ({ kind: 'product' as const, label: title, slug }));
      return [...named.slice(0, 3), ...found].slice(0, SUGGESTIONS);
    },
  };
}

export type SearchService = ReturnType<typeof createSearchService>;

const startsWords = (words: readonly string[], terms: readonly string[]): boolean =>
  terms.every((term) => words.some((word) => word.startsWith(term)));
