import { createSilentLogger } from '@cartwright/platform-logger';
import { startRedisServer, startTcpProxy, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { assertNoEviction, createRedis, isRedisUnavailable } from './redis.ts';
import { defineScript } from './script.ts';

describe('redis', () => {
  it('runs scripts, also after the server forgot them', async () => {
    await using cache = await testRedis();
    const add = defineScript({ lua: `return redis.call('INCRBY', KEYS[1], ARGV[1])`, parse: Number });
    const key = cache.redis.key('sum');
    expect(key).toBe(`${cache.prefix}:sum`);
    expect(await add.run(cache.redis.client, [key], [2])).toBe(2);
    await cache.redis.client.script('FLUSH');
    expect(await add.run(cache.redis.client, [key], [3])).toBe(5);
  });

  it('fails soon while Redis is away, and recovers by itself', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
    await redis.ping();
    await server.stop();
    const failure: unknown = await redis.client.get('a').catch((error: unknown) => error);
    expect(isRedisUnavailable(failure)).toBe(true);
    await using again = await startRedisServer({ port: server.port });
    await expect.poll(() => redis.ping().then(() => again.port), { timeout: 10_000 }).toBe(server.port);
    await redis.close();
  });

  it('gives up connections that lead nowhere, also those that only listen or wait', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const given = { prefix: 'x', logger: createSilentLogger(), timeoutMs: 300 };
    const redis = await createRedis({ ...given, url: proxy.through(server.url) });
    const elsewhere = await createRedis({ ...given, url: server.url });
    const listener = redis.duplicate({ maxRetriesPerRequest: null });
    const heard: string[] = [];
    listener.on('message', (_channel, text: string) => heard.push(text));
    await listener.subscribe('news');
    const waiter = redis.duplicate({ maxRetriesPerRequest: null });
    await waiter.ping();

    proxy.blackHole();
    const popped = waiter.blpop('list', 0.2).then(() => waiter.blpop('list', 5));
    const late: unknown = await redis.client.get('a').catch((error: unknown) => error);
    expect(isRedisUnavailable(late)).toBe(true);
    await expect.poll(() => redis.ping().then(() => true)).toBe(true);
    await expect
      .poll(async () => {
        await elsewhere.client.publish('news', 'again');
        return heard.length;
      })
      .toBeGreaterThan(0);
    await elsewhere.client.rpush('list', 'found');
    expect(await popped).toEqual(['list', 'found']);
    await Promise.all([redis.close(), elsewhere.close()]);
  });

  it('refuses to start without Redis', async () => {
    const server = await startRedisServer();
    await server.stop();
    await expect(createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() })).rejects.toThrow();
  });

  it('notices when keys may be evicted', async () => {
    await using server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
    await assertNoEviction(redis);
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(assertNoEviction(redis)).rejects.toThrow('allkeys-lru');
    await redis.close();
  });

  it('takes a wrong command for a defect', async () => {
    await using cache = await testRedis();
    const failure: unknown = await cache.redis.client.call('NOSUCH').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(isRedisUnavailable(failure)).toBe(false);
  });
});
