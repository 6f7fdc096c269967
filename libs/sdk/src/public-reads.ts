/** Queries that everybody gets the same answer to: the shop answers them from what it keeps, and browsers may keep them, too. */
export const PUBLIC_READS: ReadonlySet<string> = new Set([
  'catalog.home',
  'catalog.products.list',
  'catalog.products.bySlug',
  'catalog.products.byId',
  'catalog.products.related',
  'catalog.categories.tree',
  'catalog.categories.bySlug',
  'catalog.brands.list',
  'catalog.brands.bySlug',
  'reviews.list',
  'search.products',
  'search.suggest',
]);

/** What is kept follows a change within a second: so long after one of its own a client asks for what is there now. */
const OWN_CHANGES_MS = 2_000;

/** Decides which calls go where everybody's answers are. */
export function createPublicReads({ now }: { now: () => number }) {
  let changedAt = Number.NEGATIVE_INFINITY;
  return {
    /** To be asked once for each call: it remembers changes. */
    takes({ type, path }: { type: 'query' | 'mutation' | 'subscription'; path: string }): boolean {
      if (type === 'mutation') changedAt = now();
      return PUBLIC_READS.has(path) && now() - changedAt > OWN_CHANGES_MS;
    },
  };
}
