import { createCallLimit, createCallerFactory, router } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import { collectingAudit, collectingLogger } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createSearchRouter } from './search.router.ts';
import type { SearchService } from './search-service.ts';

const found = { items: [], nextCursor: null, total: 0 };
const facets = { categories: [], brands: [], inStock: 0, ratings: [], attributes: [], price: null };

function callerWith({ points, withIndex = true }: { points: number; withIndex?: boolean }) {
  let left = points;
  const holds: object[] = [];
  const search: Pick<SearchService, 'products' | 'suggest'> = {
    products: async () => ({ ...found, facets: withIndex ? facets : null }),
    suggest: async () => [],
  };
  const byNetwork = {
    consume: async () => {
      left -= 1;
      if (left < 0) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 9 });
    },
    refund: () => Promise.resolve(),
  };
  const searching = createCallLimit({ counts: 'calls', byNetwork });
  const caller = createCallerFactory(router({ search: createSearchRouter({ search, limits: { searching } }) }))({
    ...{ requestId: 'r', ip: '198.51.100.1', userAgent: '', transport: 'http' },
    authenticate: () => Promise.resolve(null),
    audit: collectingAudit(),
    logger: collectingLogger().logger,
    answerHolds: (facts: object) => holds.push(facts),
  });
  const { products, suggest } = caller.search;
  return { products, suggest, holds };
}

describe('search', () => {
  it('is limited by network, suggestions together with results', async () => {
    const { products, suggest } = callerWith({ points: 2 });
    await products({ query: 'lamp' });
    await suggest({ prefix: 'la' });
    for (const call of [() => products({ query: 'lamp' }), () => suggest({ prefix: 'la' })]) {
      await expect(call()).rejects.toThrow('RATE_LIMITED');
    }
  });

  it('may be kept till the catalog changes, and for a moment only when there was no index', async () => {
    const whole = callerWith({ points: 9 });
    await whole.products({ query: 'lamp' });
    expect(whole.holds).toEqual([]);
    const poor = callerWith({ points: 9, withIndex: false });
    await poor.products({ query: 'lamp' });
    expect(poor.holds).toEqual([{ until: expect.any(Date) }]);
  });
});
