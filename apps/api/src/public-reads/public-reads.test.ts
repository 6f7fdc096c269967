import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { publicProcedure, router, type RequestContext } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import { collectingAudit, collectingLogger } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secureHeaders } from '../http-app.ts';
import { createAnswers } from './answers.ts';
import { createPublicReads } from './public-reads.ts';

const KEPT = { cache: { keepMs: 30_000 } };
const ORIGIN = 'https://shop.test';

let calls: string[] = [];
let passedOn: string[] = [];
let isHeard = true;
const text = z.string();
const input = z.strictObject({ slug: z.string() });
const shop = router({
  products: router({
    bySlug: publicProcedure
      .meta(KEPT)
      .input(input)
      .output(text)
      .query(({ ctx, input: { slug } }) => {
        calls.push(slug);
        if (slug === 'nowhere') throw notFound('product');
        ctx.answerHolds?.({ productIds: [slug], until: new Date(Date.now() + (slug === 'sale' ? 0 : 60_000)) });
        return `${slug} ${calls.length} ${'x'.repeat(slug === 'long' ? 10_000 : 1)}`;
      }),
    mine: publicProcedure.output(text).query(() => 'mine'),
  }),
});

const { logger } = collectingLogger();
const context = (): RequestContext => ({
  ...{ requestId: 'request-1', ip: '127.0.0.1', userAgent: '', transport: 'http' },
  authenticate: () => Promise.resolve(null),
  audit: collectingAudit(),
  logger,
});
const answers = createAnswers({
  watch: () => ({ version: () => (isHeard ? 'v' : null), close: () => undefined }),
  shared: { get: async () => undefined, put: async () => undefined },
  onLookup: () => undefined,
});
const handle = createPublicReads({
  ...{ router: shop, answers, createContext: context, allowedOrigins: [ORIGIN], logger },
  secureHeaders: secureHeaders(),
});
const server = createServer((request, response) =>
  handle(request, response, () => {
    passedOn.push(request.url ?? '');
    response.end('passed on');
  }),
);

let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const path = (slug: string): string =>
  `/trpc/products.bySlug?input=${encodeURIComponent(JSON.stringify({ json: { slug } }))}`;
const get = (url: string, headers: Record<string, string> = {}) => fetch(`${origin}${url}`, { headers });

describe('public reads', () => {
  it('are answered as tRPC does, once for all, and again from what was kept', async () => {
    calls = [];
    const together = await Promise.all(Array.from({ length: 10 }, () => get(path('lamp'))));
    const bodies = await Promise.all(together.map((response) => response.text()));
    expect(new Set(bodies)).toEqual(new Set(['{"result":{"data":{"json":"lamp 1 x"}}}']));
    expect(await (await get(path('lamp'))).text()).toBe(bodies[0]);
    expect(calls).toEqual(['lamp']);
  });

  it('carry the headers of every answer, and let a browser ask whether its copy is still right', async () => {
    const first = await get(path('chair'), { origin: ORIGIN, 'x-request-id': 'my-request-7' });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'public, no-cache',
      vary: 'Origin, Accept-Encoding',
      'access-control-allow-origin': ORIGIN,
      'x-request-id': 'my-request-7',
      'x-content-type-options': 'nosniff',
    });
    const tag = first.headers.get('etag') ?? '';
    for (const known of [tag, `"other", ${tag}`, tag.replace('W/', ''), '*']) {
      const again = await get(path('chair'), { 'if-none-match': known });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(tag);
      expect(await again.text()).toBe('');
    }
    expect((await get(path('chair'), { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get(path('chair'), { origin: 'https://evil.test' })).headers.has('access-control-allow-origin')).toBe(
      false,
    );
  });

  it('are packed for those who take that', async () => {
    const packed = await get(path('long'), { 'accept-encoding': 'br, gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(await packed.text()).toContain('x'.repeat(10_000));
    for (const encodings of ['identity', 'gzip;q=0', 'gzip; q=0.0, br']) {
      expect((await get(path('long'), { 'accept-encoding': encodings })).headers.has('content-encoding')).toBe(false);
    }
  });

  it('tell whoever is refused why, and keep no refusal', async () => {
    calls = [];
    for (const _ of [1, 2]) {
      const refused = await get(path('nowhere'), { origin: ORIGIN });
      expect(refused.status).toBe(404);
      expect(refused.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(await refused.json()).toMatchObject({ error: { json: { data: { reason: 'NOT_FOUND' } } } });
    }
    expect((await get('/trpc/products.bySlug?input=%7B')).status).toBe(400);
    expect((await get('/trpc/products.bySlug')).status).toBe(400);
    expect(calls).toEqual(['nowhere', 'nowhere']);
  });

  it('hold no longer than what they tell', async () => {
    calls = [];
    await get(path('sale'));
    await get(path('sale'));
    expect(calls).toHaveLength(2);
  });

  it('are made anew each time while changes could be missed', async () => {
    await get(path('vase'));
    isHeard = false;
    calls = [];
    expect((await get(path('vase'))).status).toBe(200);
    expect((await get(path('vase'))).headers.has('etag')).toBe(true);
    isHeard = true;
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['authorization', 'Bearer x'],
    ['cookie', 'a=b'],
    ['x-cart-token', 'x'],
    ['x-order-token', 'x'],
    ['trpc-accept', 'application/jsonl'],
  ])('are no business of theirs with %s', async (name, value) => {
    await get(path('lamp'));
    expect(await (await get(path('lamp'), { [name]: value })).text()).toBe('passed on');
  });

  it('leave everything else alone', async () => {
    passedOn = [];
    const others = [
      `${path('lamp')}&batch=1`,
      path('lamp').replace('bySlug?', 'bySlug,products.bySlug?'),
      '/trpc/products.mine',
      '/trpc/products.nothing',
      '/trpc/constructor',
      '/health/live',
      `/trpc/products.bySlug?input=${'x'.repeat(5_000)}`,
    ];
    for (const url of others) await get(url);
    await fetch(`${origin}${path('lamp')}`, { method: 'POST' });
    await fetch(`${origin}${path('lamp')}`, { method: 'HEAD' });
    expect(passedOn).toEqual([...others, path('lamp'), path('lamp')]);
  });
});
