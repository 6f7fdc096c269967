import { queryPath, type Call } from './client.ts';
import type { ScenarioName } from './options.ts';
import type { Plan, Scenario, ScenarioContext } from './scenarios.ts';

const PAGE = 20;
const REPEATED_TERMS = 24;
/** Letters of a word that somebody has typed so far. */
const TYPED = 3;

/** One value after another, over and over. */
export function cycle<T>(values: readonly T[]): () => T {
  let at = 0;
  return () => {
    const value = values[at % values.length];
    at += 1;
    if (value === undefined) throw new Error('Nothing to go through');
    return value;
  };
}

export const requests = (next: () => Call): Plan => ({ kind: 'requests', next });

export const bySlug = ({ sample }: ScenarioContext): (() => Call) => {
  const slug = cycle(sample.slugs);
  return () => ({ path: queryPath('catalog.products.bySlug', { slug: slug() }) });
};

const list = ({ sample }: ScenarioContext): (() => Call) => {
  const category = cycle(sample.categories);
  return () => ({
    path: queryPath('catalog.products.list', { category: category(), sort: 'price_asc', limit: PAGE }),
  });
};

const searchFor = (query: () => string, { nextAddress }: ScenarioContext): (() => Call) => {
  return () => ({
    path: queryPath('search.products', { query: query(), sort: 'relevance', limit: PAGE }),
    headers: { 'x-forwarded-for': nextAddress() },
  });
};

const suggest = ({ sample, nextAddress }: ScenarioContext): (() => Call) => {
  const prefix = cycle([...new Set(sample.words.map((word) => word.slice(0, TYPED)))]);
  return () => ({
    path: queryPath('search.suggest', { prefix: prefix() }),
    headers: { 'x-forwarded-for': nextAddress() },
  });
};

const home = (): (() => Call) => () => ({ path: '/trpc/catalog.home' });

/** Two words of titles, every pair once. */
function newTerms({ sample: { words } }: ScenarioContext): () => string {
  let at = 0;
  return () => {
    const first = words[at % words.length] ?? '';
    const second = words[(at + 1 + Math.floor(at / words.length)) % words.length] ?? '';
    at += 1;
    return `${first} ${second}`;
  };
}

/** As somebody whom the shop gives no kept answer: one with a cookie. */
const unkept =
  (calls: (context: ScenarioContext) => () => Call) =>
  (context: ScenarioContext): (() => Call) => {
    const next = calls(context);
    return () => {
      const call = next();
      return { ...call, headers: { ...call.headers, cookie: 'bench=1' } };
    };
  };

const reading = (title: string, calls: (context: ScenarioContext) => () => Call): Scenario => ({
  title,
  limit: true,
  plan: (context) => requests(calls(context)),
});

const repeatedTerms = (context: ScenarioContext): (() => Call) =>
  searchFor(cycle(context.sample.words.slice(0, REPEATED_TERMS)), context);

/** Reads of the catalog: from answers that are kept, and made anew. */
export const catalogScenarios = {
  detail: reading('Product detail', bySlug),
  'detail-miss': reading('Product detail, made anew', unkept(bySlug)),
  list: reading('Category by price, 20', list),
  'list-miss': reading('Category by price, 20, made anew', unkept(list)),
  search: reading('Search, repeated terms', repeatedTerms),
  'search-miss': reading('Search, repeated terms, made anew', unkept(repeatedTerms)),
  'search-new': reading('Search, new terms', (context) => searchFor(newTerms(context), context)),
  suggest: reading('Suggestions', suggest),
  'suggest-miss': reading('Suggestions, made anew', unkept(suggest)),
  home: reading('Home', home),
  'home-miss': reading('Home, made anew', unkept(home)),
} as const satisfies Partial<Record<ScenarioName, Scenario>>;
