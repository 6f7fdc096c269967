import type { IndexSearch, SearchableProduct } from '../search.ports.ts';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (part: number): boolean => next() < part,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  };
}

export type Random = ReturnType<typeof randomFrom>;

const SYLLABLES = ['ta', 'ble', 'cha', 'ir', 'oak', 'la', 'mp', 'so', 'fa', 'de', 'sk', 'ren', 'or', 'wood', 'é', 'ß'];
const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc', 'rating', 'best_selling'] as const;
const NAMES = ['Colour', 'Size', 'a:b', 'Weight'];

const idOf = (number: number): string => (number * 7_919 + 1_000_003).toString(16).padStart(24, '0');

function words(random: Random, most: number): string {
  return Array.from({ length: 1 + random.below(most) }, () =>
    Array.from({ length: 1 + random.below(3) }, () => random.pick(SYLLABLES)).join(''),
  ).join(random.pick([' ', '-', ', ']));
}

/** A product with the id `number` stands for; another one each time, as editing would make it. */
export function randomProduct(random: Random, number: number, version: number): SearchableProduct {
  const brand = random.below(6);
  const category = random.below(9);
  // Below its parent, so that ancestors matter.
  const categories = [category, Math.floor(category / 3) + 100].map((each) => `c${each}`);
  const values = (name: string): string => (name === 'Weight' ? `${random.below(300)} g` : `v${random.below(4)}`);
  return {
    id: idOf(number),
    version,
    listed: random.chance(0.93),
    title: words(random, 5),
    brand: brand === 0 ? null : { id: `b${brand}`, name: `Brand ${SYLLABLES[brand] ?? ''}` },
    categoryIds: random.chance(0.9) ? categories : [],
    categoryNames: random.chance(0.9) ? [`Kind ${category}`] : [],
    skus: [`SKU-${number}`, words(random, 2)],
    attributes: NAMES.filter(() => random.chance(0.6)).map((name) => ({ name, value: values(name) })),
    priceFrom: random.chance(0.02) ? Number.MAX_SAFE_INTEGER - random.below(3) : random.below(50) * 100,
    available: random.chance(0.7),
    ratingAverage: random.chance(0.3) ? 0 : (100 + random.below(401)) / 100,
    unitsSold: random.chance(0.5) ? 0 : random.below(200),
    createdAt: new Date(1_700_000_000_000 + random.below(40) * 86_400_000),
  };
}

function misspelt(random: Random, word: string): string {
  const at = random.below(word.length);
  const letter = random.pick(['x', 'e', word[at - 1] ?? 'q']);
  return random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
  ]);
}

/** A search for words of the catalog, misspelt and cut short at times, with any filters and any sort. */
export function randomSearch(random: Random, vocabulary: readonly string[]): Omit<IndexSearch, 'page'> {
  const query = Array.from({ length: random.below(4) }, () => {
    const word = random.pick(vocabulary);
    if (random.chance(0.15)) return misspelt(random, word);
    return random.chance(0.3) ? word.slice(0, 1 + random.below(word.length)) : word;
  }).filter((word) => word !== '');
  // What somebody types and nothing else, as most do.
  if (query.length > 0 && random.chance(0.2)) {
    return { words: query, prefix: true, filters: {}, sort: 'relevance', facets: random.chance(0.5) };
  }
  const sometimes = <T>(value: () => T): T | undefined => (random.chance(0.25) ? value() : undefined);
  const filters = {
    categoryId: sometimes(() => random.pick(['c1', 'c5', 'c100', 'c102', 'none'])),
    brandId: sometimes(() => `b${random.below(7)}`),
    inStock: sometimes(() => random.chance(0.7)),
    priceMin: sometimes(() => random.pick([0, 500, 1_700, 4_950, Number.MAX_SAFE_INTEGER])),
    priceMax: sometimes(() => random.pick([0, 900, 2_500, Number.MAX_SAFE_INTEGER - 1])),
    minRating: sometimes(() => random.pick([0, 1.1, 2.5, 4, 4.35, 5])),
    attributes: sometimes(() => [
      { name: random.pick(NAMES), values: random.pick([['v1'], ['v0', 'v3'], ['20 g', '30 g', '40 g'], ['no']]) },
    ]),
  };
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  const sort = random.pick(SORTS);
  return {
    words: query,
    prefix: true,
    filters: given,
    sort: sort === 'relevance' && query.length === 0 ? 'best_selling' : sort,
    facets: random.chance(0.8),
  };
}
