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
    expect(await shop.api.catalog.brands.list.query()).toEqual({ items: [] });
    const error = await new Promise((resolve) => {
      shop.api.orders.onStatus.subscribe({}, { onError: resolve });
    });
    expect(isCartwrightError(error)).toBe(true);
    expect(String(error)).toContain('WebSocket');
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
    await shop.api.catalog.brands.list.query();
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent)).toEqual(new Set(['key']));
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
