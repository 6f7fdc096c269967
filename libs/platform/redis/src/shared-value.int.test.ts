import { createSilentLogger } from '@cartwright/platform-logger';
import { startRedisServer, startTcpProxy, testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedis, type Redis } from './redis.ts';
import { createSharedValue } from './shared-value.ts';

const logger = createSilentLogger();
const FRESH_MS = 20_000;
const MAX_AGE_MS = 60_000;

let cache: TestRedis;
beforeAll(async () => {
  cache = await testRedis();
});
afterAll(() => cache[Symbol.asyncDispose]());

const parse = (raw: unknown): number => {
  if (typeof raw !== 'number') throw new Error('Not a number');
  return raw;
};

/** So many processes that share one value, each with a memory of its own; `load` counts up, slowly. */
function instances(count: number, name: string, options: { redis?: Redis; load?: () => Promise<number> } = {}) {
  const { redis = cache.redis } = options;
  let loads = 0;
  const load =
    options.load ??
    (async () => {
      await redis.client.ping().catch(() => undefined);
      loads += 1;
      return loads;
    });
  const value = () => createSharedValue({ redis, logger, name, freshMs: FRESH_MS, maxAgeMs: MAX_AGE_MS, load, parse });
  return {
    readers: Array.from({ length: count }, value),
    loads: () => loads,
    key: redis.key('shared', name),
    newcomer: value,
  };
}

const crowd = (readers: readonly (() => Promise<number>)[]) =>
  Promise.all(Array.from({ length: 20 }, () => readers.map((read) => read())).flat());

describe('a shared value', () => {
  it('is made once for the readers of ten instances, when there is none', async () => {
    const shop = instances(10, 'none');
    expect(new Set(await crowd(shop.readers))).toEqual(new Set([1]));
    expect(shop.loads()).toBe(1);
  });

  it('is made anew once for the readers of ten instances when it is no longer fresh, while all read on', async () => {
    const shop = instances(10, 'stale');
    await shop.newcomer()();
    await cache.redis.client.pexpire(shop.key, MAX_AGE_MS - FRESH_MS - 1_000);
    expect(new Set(await crowd(shop.readers))).toEqual(new Set([1]));
    await expect.poll(() => cache.redis.client.get(shop.key)).toBe('2');
    expect(await shop.newcomer()()).toBe(2);
    expect(shop.loads()).toBe(2);
  });

  it('is made once when it runs out among the readers of ten instances', async () => {
    const shop = instances(10, 'out');
    await shop.newcomer()();
    await cache.redis.client.pexpire(shop.key, 1);
    await expect.poll(() => cache.redis.client.exists(shop.key)).toBe(0);
    expect(new Set(await crowd(shop.readers))).toEqual(new Set([2]));
    expect(shop.loads()).toBe(2);
  });

  it('lives so long, from the moment at which its making began', async () => {
    const shop = instances(1, 'life');
    await shop.newcomer()();
    const left = await cache.redis.client.pttl(shop.key);
    expect(left).toBeLessThanOrEqual(MAX_AGE_MS - 500);
    expect(left).toBeGreaterThan(MAX_AGE_MS - 5_000);
  });

  it('is made by another when whoever claimed it died', async () => {
    const shop = instances(1, 'died');
    await cache.redis.client.set(`${shop.key}:claim`, 'somebody', 'PX', 300);
    expect(await shop.newcomer()()).toBe(1);
  });

  it('is made anew when what is there is something else', async () => {
    const shop = instances(1, 'else');
    for (const strange of ['"text"', '{', '']) {
      await cache.redis.client.set(shop.key, strange, 'PX', MAX_AGE_MS);
      expect(await shop.newcomer()()).toBe(shop.loads());
    }
    expect(shop.loads()).toBe(3);
  });

  it('keeps no failure, and tells it to those who wait alone', async () => {
    let fails = true;
    const load = async () => {
      if (fails) throw new Error('away');
      return 7;
    };
    const shop = instances(1, 'fails', { load });
    await expect(shop.newcomer()()).rejects.toThrow('away');
    fails = false;
    expect(await shop.newcomer()()).toBe(7);
    fails = true;
    await cache.redis.client.pexpire(shop.key, MAX_AGE_MS - FRESH_MS - 1_000);
    expect(await shop.newcomer()()).toBe(7);
  });

  it('is still there while Redis is away, or answers nothing', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const redis = await createRedis({ url: proxy.through(server.url), prefix: 'x', logger });
    let loads = 0;
    const load = async () => (loads += 1);
    const shop = instances(3, 'away', { redis, load });
    await redis.ping();
    proxy.halfOpen();
    const began = performance.now();
    await crowd(shop.readers);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(loads).toBe(3);
    await proxy.refuse();
    proxy.cut();
    await crowd(shop.readers);
    expect(await shop.newcomer()()).toBe(4);
    await redis.close();
  });
});
