import { hundredths, popularityOf, weightedTerms } from '../index-entry.ts';
import { FACTORS, MATCH_LIMITS } from '../index-match.ts';
import { FACET_LIMITS } from '../index-facets.ts';
import type { IndexFacets, IndexSearch, SearchableProduct } from '../search.ports.ts';

/** The answer to a search by looking at every product: what the index has to give, whatever it does to be fast. */
export function searchNaively(products: readonly SearchableProduct[], query: Omit<IndexSearch, 'page'>) {
  const listed = products.filter((product) => product.listed);
  const terms = new Map(listed.map((product) => [product.id, weightedTerms(product)]));
  const scores = scoresOf(listed, terms, query);
  const filters = filtersOf(query.filters);
  const passing = (but?: string) =>
    listed.filter(
      (product) => scores.has(product.id) && filters.every(({ facet, test }) => facet === but || test(product)),
    );
  const matches = passing();
  const valueOf = (product: SearchableProduct): number => {
    switch (query.sort) {
      case 'relevance':
        return scores.get(product.id) ?? 0;
      case 'newest':
        return product.createdAt.getTime();
      case 'price_asc':
      case 'price_desc':
        return product.priceFrom;
      case 'rating':
        return hundredths(product.ratingAverage);
      case 'best_selling':
        return product.unitsSold;
    }
  };
  const direction = query.sort === 'price_asc' ? 1 : -1;
  const ids = matches
    .map((product) => ({ id: product.id, value: valueOf(product) }))
    .sort((a, b) => direction * (a.value - b.value || (a.id < b.id ? -1 : 1)))
    .map(({ id }) => id);
  return { ids, total: ids.length, facets: facetsOf(listed, passing) };
}

type Terms = ReadonlyMap<string, ReadonlyMap<string, number>>;

function scoresOf(
  listed: readonly SearchableProduct[],
  terms: Terms,
  { words, prefix }: Omit<IndexSearch, 'page'>,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const weights of terms.values()) for (const word of weights.keys()) sizes.set(word, (sizes.get(word) ?? 0) + 1);
  const bySize = (a: string, b: string) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1);
  const expansions = words.map((word, index) => {
    const found = new Map<string, number>();
    if (sizes.has(word)) found.set(word, FACTORS.exact);
    if (prefix && index === words.length - 1) {
      const beginning = [...sizes.keys()].filter((each) => each !== word && each.startsWith(word));
      for (const each of beginning.sort(bySize).slice(0, MATCH_LIMITS.prefixKept)) found.set(each, FACTORS.prefix);
    }
    return found.size > 0 ? found : alike(word, [...sizes.keys()].sort(bySize));
  });
  const scores = new Map<string, number>();
  for (const product of listed) {
    const weights = terms.get(product.id);
    const parts = expansions.map((found) =>
      Math.max(0, ...[...found].map(([word, factor]) => (weights?.get(word) ?? 0) * factor)),
    );
    if (parts.some((part) => part === 0)) continue;
    scores.set(product.id, parts.reduce((sum, part) => sum + part, 0) + popularityOf(product.unitsSold));
  }
  return scores;
}

function alike(word: string, vocabulary: readonly string[]): Map<string, number> {
  if (word.length < MATCH_LIMITS.typoLetters) return new Map();
  const most = word.length < MATCH_LIMITS.typoTwice ? 1 : 2;
  const near = vocabulary
    .filter((each) => sharesTrigram(word, each))
    .map((each) => ({ each, off: editsBetween(word, each) }))
    .filter(({ off }) => off <= most);
  const nearest = Math.min(...near.map(({ off }) => off));
  return new Map(
    near
      .filter(({ off }) => off === nearest)
      .slice(0, MATCH_LIMITS.typoKept)
      .map(({ each, off }) => [each, off === 1 ? FACTORS.oneOff : FACTORS.twoOff]),
  );
}

function sharesTrigram(a: string, b: string): boolean {
  const around = `^${b}$`;
  const own = `^${a}$`;
  return Array.from({ length: own.length - 2 }, (_, at) => own.slice(at, at + 3)).some((gram) => around.includes(gram));
}

/** By trying: all texts one edit away, and one edit from those. Slow, and nothing like the script's table. */
function editsBetween(from: string, to: string): number {
  if (from === to) return 0;
  if (isOneEdit(from, to)) return 1;
  return editsOf(from, new Set(from + to)).some((each) => isOneEdit(each, to)) ? 2 : 3;
}

function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA !== '' && restB !== '' && restA.slice(1) === restB.slice(1)) ||
    (restA.length > 1 && restA[1] === restB[0] && restA[0] === restB[1] && restA.slice(2) === restB.slice(2))
  );
}

function editsOf(word: string, letters: ReadonlySet<string>): string[] {
  const edits: string[] = [];
  for (let at = 0; at <= word.length; at += 1) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    edits.push(head + tail.slice(1));
    for (const letter of letters) edits.push(head + letter + tail, head + letter + tail.slice(1));
    if (tail.length > 1) edits.push(head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2));
  }
  return edits;
}

function filtersOf(
  filters: IndexSearch['filters'],
): { facet: string; test: (product: SearchableProduct) => boolean }[] {
  const { categoryId, brandId, inStock, priceMin, priceMax, minRating, attributes = [] } = filters;
  const list: ReturnType<typeof filtersOf> = attributes.map(({ name, values }) => ({
    facet: `a${name}`,
    test: (product) => product.attributes.some((each) => each.name === name && values.includes(each.value)),
  }));
  if (categoryId !== undefined) list.push({ facet: 'c', test: (product) => product.categoryIds.includes(categoryId) });
  if (brandId !== undefined) list.push({ facet: 'b', test: (product) => product.brand?.id === brandId });
  if (inStock !== undefined) list.push({ facet: 's', test: (product) => product.available === inStock });
  if (priceMin !== undefined) list.push({ facet: 'p', test: (product) => product.priceFrom >= priceMin });
  if (priceMax !== undefined) list.push({ facet: 'p', test: (product) => product.priceFrom <= priceMax });
  if (minRating !== undefined) list.push({ facet: 'r', test: (product) => product.ratingAverage >= minRating });
  return list;
}

function facetsOf(listed: readonly SearchableProduct[], passing: (but?: string) => SearchableProduct[]): IndexFacets {
  const prices = passing('p').map(({ priceFrom }) => priceFrom);
  const names = counted(listed.flatMap(({ attributes }) => attributes.map(({ name }) => name)));
  const few = names.filter(([name]) => {
    const values = listed.flatMap(({ attributes }) => attributes.filter((each) => each.name === name));
    return new Set(values.map(({ value }) => value)).size <= FACET_LIMITS.attributeValues;
  });
  return {
    categories: counted(passing('c').flatMap(({ categoryIds }) => categoryIds)).slice(0, FACET_LIMITS.values),
    brands: counted(passing('b').flatMap(({ brand }) => (brand ? [brand.id] : []))).slice(0, FACET_LIMITS.values),
    stock: counted(passing('s').map(({ available }) => (available ? '1' : '0'))) as IndexFacets['stock'],
    attributes: few.slice(0, FACET_LIMITS.attributes).flatMap(([name]) => {
      const having = passing(`a${name}`).flatMap(({ attributes }) => attributes.filter((each) => each.name === name));
      const values = counted(having.map(({ value }) => value)).slice(0, FACET_LIMITS.values);
      return values.length > 0 ? [[name, values] as [string, [string, number][]]] : [];
    }),
    ratings: [4, 3, 2, 1].map((stars) => [stars, passing('r').filter((each) => each.ratingAverage >= stars).length]),
    ...(prices.length > 0 ? { price: [Math.min(...prices), Math.max(...prices)] as [number, number] } : {}),
  };
}

function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
