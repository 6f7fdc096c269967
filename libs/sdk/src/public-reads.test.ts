import { createAppRouter, type AppServices } from '@cartwright/app-router';
import { describe, expect, it } from 'vitest';
import { createCartwright } from './client.ts';
import { createPublicReads, PUBLIC_READS } from './public-reads.ts';

describe('public reads', () => {
  it('are the queries whose answers the shop keeps', () => {
    const pass = ({ next }: { next: () => unknown }) => next();
    const shop = createAppRouter({
      system: { version: '1.0.0' },
      idempotency: { required: pass, recorded: pass, optional: pass },
      limits: { placing: pass, coupons: pass, searching: pass },
    } as unknown as AppServices);
    const procedures = Object.entries(shop._def.procedures as object) as [string, { _def: { meta?: object } }][];
    const kept = procedures.filter(([, { _def }]) => 'cache' in (_def.meta ?? {})).map(([path]) => path);
    expect([...PUBLIC_READS].sort()).toEqual(kept.sort());
  });

  it('are asked for anew for a while after a change of one’s own', () => {
    let now = 0;
    const reads = createPublicReads({ now: () => now });
    const list = { type: 'query', path: 'catalog.products.list' } as const;
    expect(reads.takes(list)).toBe(true);
    expect(reads.takes({ type: 'query', path: 'cart.get' })).toBe(false);
    expect(reads.takes({ type: 'mutation', path: 'reviews.create' })).toBe(false);
    expect(reads.takes(list)).toBe(false);
    now = 2_001;
    expect(reads.takes(list)).toBe(true);
  });

  it('are sent one by one, without anything that says who asks', async () => {
    const sent: { url: string; headers: Record<string, string> }[] = [];
    const shop = createCartwright({
      url: 'http://shop.test',
      headers: { 'x-app': 'kiosk' },
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        sent.push({ url, headers: init?.headers as Record<string, string> });
        const answer = { result: { data: { json: null } } };
        return new Response(JSON.stringify(url.includes('batch=1') ? [answer] : answer));
      },
    });
    await Promise.all([
      shop.api.catalog.home.query(),
      shop.api.search.suggest.query({ prefix: 'la' }),
      shop.api.system.config.query(),
    ]);
    expect(sent.map(({ url }) => url.replace('http://shop.test', '')).sort()).toEqual([
      expect.stringMatching(/^\/trpc\/catalog\.home(\?input=[^&]*)?$/),
      expect.stringMatching(/^\/trpc\/search\.suggest\?input=[^&]+$/),
      expect.stringMatching(/^\/trpc\/system\.config\?batch=1/),
    ]);
    expect(sent.map(({ headers }) => headers)).toEqual([
      { 'x-app': 'kiosk' },
      { 'x-app': 'kiosk' },
      expect.objectContaining({ 'x-app': 'kiosk' }),
    ]);
    await shop.close();
  });
});
