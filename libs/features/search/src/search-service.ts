import { DomainError, isDomainError } from '@cartwright/domain-errors';
import { encodeMark, readMark, tokenize, type IndexMark, type ProductCardDto } from '@cartwright/feature-catalog';
import { rangesOf } from './highlight.ts';
import type { SearchFacets, SearchProductsInput, SearchProductsOutput, Suggestion } from './search.contracts.ts';
import type { IndexFacets, SearchableCatalogPort, SearchIndexPort } from './search.ports.ts';

const MAX_WORDS = 8;
const SUGGESTIONS = { queries: 3, named: 3, products: 5 } as const;
const RETRY_SECONDS = 2;

const NO_FACETS: SearchFacets = { categories: [], brands: [], inStock: 0, ratings: [], attributes: [], price: null };

interface Found {
  words: ReadonlySet<string>;
  prefix?: string;
}

/**
 * Finds products by words: every word must be found in a title, a brand, a category or a SKU, the last one also as the
 * beginning of a word; a word that isn't found at all as one that is alike. Without an index the database answers, by whole
 * words, best sellers first and without facets.
 */
export function createSearchService({ catalog, index }: { catalog: SearchableCatalogPort; index: SearchIndexPort }) {
  async function facetsOf(counts: IndexFacets): Promise<SearchFacets> {
    const [categories, brands] = await Promise.all([catalog.categories(), catalog.brands()]);
    const named = (list: readonly [string, number][], known: typeof brands) => {
      const byId = new Map(known.map((reference) => [reference.id, reference]));
      return list.flatMap(([id, count]) => {
        const reference = byId.get(id);
        return reference ? [{ id, name: reference.name, slug: reference.slug, count }] : [];
      });
    };
    return {
      categories: named(counts.categories, categories),
      brands: named(counts.brands, brands),
      inStock: counts.stock.find(([stock]) => stock === '1')?.[1] ?? 0,
      ratings: counts.ratings.map(([stars, count]) => ({ stars, count })),
      attributes: counts.attributes.map(([name, values]) => ({
        name,
        values: values.map(([value, count]) => ({ value, count })),
      })),
      price: counts.price ? { min: counts.price[0], max: counts.price[1] } : null,
    };
  }

  /** By the database: there is no relevance there, and a list that began by it can't go on. */
  async function withoutIndex(
    { sort, ...query }: Omit<SearchProductsInput, 'query'>,
    terms: readonly string[],
  ): Promise<SearchProductsOutput> {
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    const [page, total] = await Promise.all([
      catalog.list({ ...query, terms, sort: sort === 'relevance' ? 'best_selling' : sort }),
      catalog.count({ ...filters, terms }),
    ]);
    const found = { words: new Set(terms), ...prefixOf(terms) };
    return { ...page, items: page.items.map((card) => highlighted(card, found)), total, facets: null };
  }

  return {
    /**
     * One page of matches, their number, and facets. Throws CURSOR_INVALID, and SERVICE_UNAVAILABLE for a further page by
     * relevance while the index is being built.
     */
    async products({ query, ...input }: SearchProductsInput): Promise<SearchProductsOutput> {
      const words = tokenize(query.toWellFormed()).slice(0, MAX_WORDS);
      const { sort: _sort, limit, cursor, ...filters } = input;
      const resolved = query !== '' && words.length === 0 ? null : await catalog.resolve(filters);
      if (!resolved) return { items: [], nextCursor: null, total: 0, facets: NO_FACETS };

      const { sort, mark } = positionOf(
        words.length === 0 && input.sort === 'relevance' ? 'best_selling' : input.sort,
        cursor,
      );
      const found = await index.search({
        ...{ words, prefix: true, filters: resolved, sort, facets: true },
        page: { limit, mark },
      });
      if (!found) {
        if (sort === 'relevance' && mark) {
          throw new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: RETRY_SECONDS, service: 'search' });
        }
        return withoutIndex({ ...input, sort }, words);
      }
      const [cards, facets] = await Promise.all([
        catalog.byIds(found.ids),
        found.facets ? facetsOf(found.facets) : null,
      ]);
      const marked = { words: new Set(found.words), ...prefixOf(words) };
      return {
        items: cards.map((card) => highlighted(card, marked)),
        nextCursor: found.next && encodeMark(sort, found.next),
        total: found.total,
        facets,
      };
    },

    /** What could be meant by the letters typed so far: whole queries, categories and brands by name, then products. */
    async suggest(prefix: string): Promise<Suggestion[]> {
      const words = tokenize(prefix.toWellFormed()).slice(0, MAX_WORDS);
      if (words.length === 0) return [];
      const [categories, brands, found] = await Promise.all([
        catalog.categories(),
        catalog.brands(),
        index.search({
          ...{ words, prefix: true, filters: {}, sort: 'relevance', complete: SUGGESTIONS.queries + 1 },
          page: { limit: SUGGESTIONS.products },
        }),
      ]);
      const typed: Found = { words: new Set(words), ...prefixOf(words) };
      const named = [
        ...categories.map((category) => ({ kind: 'category' as const, label: category.name, slug: category.slug })),
        ...brands.map((brand) => ({ kind: 'brand' as const, label: brand.name, slug: brand.slug })),
      ].filter(({ label }) => startsWords(tokenize(label), words));
      const products = found
        ? await catalog.byIds(found.ids)
        : (await catalog.list({ terms: words, sort: 'best_selling', limit: SUGGESTIONS.products })).items;
      const marked: Found = { ...typed, words: new Set([...words, ...(found?.words ?? [])]) };
      const before = words.slice(0, -1);
      const queries = (found?.complete ?? [])
        .map((word) => [...before, word].join(' '))
        .filter((label) => label !== words.join(' '))
        .slice(0, SUGGESTIONS.queries)
        .map((label) => ({ kind: 'query' as const, label, ranges: rangesOf(label, typed) }));
      return [
        ...queries,
        ...named.slice(0, SUGGESTIONS.named).map((item) => ({ ...item, ranges: rangesOf(item.label, typed) })),
        ...products.map(({ title, slug, image, price }) => ({
          ...{ kind: 'product' as const, label: title, slug, image, price },
          ranges: rangesOf(title, marked),
        })),
      ];
    },
  };
}

export type SearchService = ReturnType<typeof createSearchService>;

/** The sort of a list and where it goes on: one that the database began by best sellers goes on like that. */
function positionOf<Sort extends string>(
  sort: Sort,
  cursor: string | undefined,
): { sort: Sort | 'best_selling'; mark: IndexMark | undefined } {
  try {
    return { sort, mark: readMark(cursor, sort) };
  } catch (error) {
    if (sort !== 'relevance' || !isDomainError(error, 'CURSOR_INVALID')) throw error;
    return { sort: 'best_selling', mark: readMark(cursor, 'best_selling') };
  }
}

const prefixOf = (words: readonly string[]): { prefix?: string } => {
  const last = words.at(-1);
  return last === undefined ? {} : { prefix: last };
};

const highlighted = (card: ProductCardDto, found: Found): SearchProductsOutput['items'][number] => ({
  ...card,
  highlights: { title: rangesOf(card.title, found), brand: card.brand ? rangesOf(card.brand.name, found) : [] },
});

const startsWords = (words: readonly string[], terms: readonly string[]): boolean =>
  terms.every((term) => words.some((word) => word.startsWith(term)));
