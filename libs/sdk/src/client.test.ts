import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCartwright } from './client.ts';
import { isCartwrightError } from './errors.ts';
import { newIdempotencyKey } from './idempotency.ts';
import { browserTokenStorage, memoryTokenStorage } from './storage.ts';

const url = 'http://shop.test';
const answer = (data: unknown) => Response.json({ result: { data: { json: data } } });
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('where there is no WebSocket, as in Node 20', () => {
  it('calls work, and subscriptions say what is missing', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const fetch = vi.fn(async () => Response.json([{ result: { data: { json: { items: [] } } } }]));
    const shop = createCartwright({ url, fetch });
    expect(await shop.api.system.config.query()).toEqual({ items: [] });
    const error = await new Promise((resolve) => {
      shop.api.orders.onStatus.subscribe({}, { onError: resolve });
    });
    expect(isCartwrightError(error)).toBe(true);
    expect(String(error)).toContain('WebSocket');
    await shop.close();
  });
});

describe('a shop that never answers', () => {
  /** Answers nothing until the call is given up, as a browser's fetch. */
  const silent: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));

  it('is given up after a while, as without a network', async () => {
    const shop = createCartwright({ url, fetch: silent, timeoutMs: 20 });
    await expect(shop.api.cart.get.query()).rejects.toMatchObject({ reason: 'NETWORK' });
    await expect(shop.api.system.config.query()).rejects.toThrow('No answer came within 20 ms');
    await shop.close();
  });

  it('is waited for as long as anybody wants', async () => {
    const slow: typeof fetch = (_input, init) =>
      new Promise((resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        setTimeout(() => resolve(Response.json([{ result: { data: { json: { items: [] } } } }])), 50);
      });
    const shop = createCartwright({ url, fetch: slow, timeoutMs: Infinity });
    expect(await shop.api.cart.get.query()).toEqual({ items: [] });
    await shop.close();
  });

  it('is given up by the caller before that', async () => {
    const send = vi.fn(silent);
    const shop = createCartwright({ url, fetch: send });
    const page = new AbortController();
    const call = shop.api.cart.get.query(undefined, { signal: page.signal });
    await vi.waitFor(() => expect(send).toHaveBeenCalled());
    page.abort();
    await expect(call).rejects.toThrow('aborted');
    expect(send.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    await shop.close();
  });
});

describe('refreshing', () => {
  it('carries the headers of every call', async () => {
    const sent: (string | null)[] = [];
    const shop = createCartwright({
      url,
      headers: { 'x-gateway': 'key' },
      storage: memoryTokenStorage({ accessToken: 'dead', refreshToken: 'r', sessionId: 's' }),
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers);
        sent.push(headers.get('x-gateway'));
        return String(input).includes('auth.refresh')
          ? answer({ accessToken: 'dead', refreshToken: 'r2', sessionId: 's' })
          : Response.json([{ result: { data: { json: { items: [] } } } }]);
      },
    });
    await shop.api.system.config.query();
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent)).toEqual(new Set(['key']));
    await shop.close();
  });
});

describe("guests' orders", () => {
  const order = { id: 'o1' };

  it('are opened by the token that placing them brought, each call by its own', async () => {
    const sent: { path: string; token: string | null }[] = [];
    const storage = memoryTokenStorage({ cartToken: 'cart', orderTokens: { o2: 'token-2' } });
    const shop = createCartwright({
      url,
      storage,
      fetch: async (input, init) => {
        const path = new URL(String(input)).pathname.split('/trpc/')[1] ?? '';
        sent.push({ path, token: new Headers(init?.headers).get('x-order-token') });
        const isBatch = String(input).includes('batch=1');
        const data = path === 'orders.place' ? { order, payment: {}, orderToken: 'token-1' } : order;
        return isBatch
          ? Response.json(path.split(',').map(() => ({ result: { data: { json: data } } })))
          : answer(data);
      },
    });
    await shop.api.orders.place.mutate({} as Parameters<typeof shop.api.orders.place.mutate>[0]);
    await Promise.all(['o1', 'o2', 'o3'].map((orderId) => shop.api.orders.byId.query({ orderId })));
    expect(sent).toEqual([
      { path: 'orders.place', token: null },
      { path: 'orders.byId', token: 'token-1' },
      { path: 'orders.byId', token: 'token-2' },
      { path: 'orders.byId', token: null },
    ]);
    await shop.api.orders.claim.mutate({ orderToken: shop.orders.token('o1') ?? '' });
    expect(await storage.load()).toMatchObject({ cartToken: 'cart', orderTokens: { o2: 'token-2' } });
    expect(shop.orders.token('o1')).toBeUndefined();
    await shop.orders.keepToken('o3', 'from a mail');
    expect(shop.orders.token('o3')).toBe('from a mail');
    await shop.close();
  });
});

describe('poor surroundings', () => {
  it('a page that may not use localStorage can start', async () => {
    vi.stubGlobal('localStorage', undefined);
    vi.stubGlobal('addEventListener', () => undefined);
    const shop = createCartwright({ url, storage: browserTokenStorage() });
    await shop.session.ready();
    expect(shop.session.current()).toBeNull();
  });

  it('idempotency keys are made without the Web Crypto API, too', () => {
    vi.stubGlobal('crypto', undefined);
    expect(newIdempotencyKey()).toMatch(/^[\w-]{24}$/);
    expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  });
});
