import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createRateLimiter } from './rate-limit.ts';

describe('rate limits', () => {
  it('hold over several instances, under a rush', async () => {
    await using cache = await testRedis();
    const limits = { redis: cache.redis, name: 'login', points: 5, durationSeconds: 60 };
    const instances = [createRateLimiter(limits), createRateLimiter(limits)];
    const calls = instances.flatMap((limiter) => Array.from({ length: 50 }, () => limiter.consume('ada@shop.test')));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { reason: 'RATE_LIMITED', details: { retryAfterSeconds: 60 } },
    });
    await instances[0]?.reset('ada@shop.test');
    await instances[1]?.consume('ada@shop.test');
    await instances[1]?.refund('ada@shop.test');
    for (let use = 0; use < 5; use += 1) await instances[0]?.consume('ada@shop.test');
    await expect(instances[0]?.consume('ada@shop.test')).rejects.toThrow('RATE_LIMITED');
    const keys = await cache.redis.client.keys(`${cache.prefix}:*`);
    expect(keys.join()).not.toContain('ada');
  });

  it('refuse while Redis is away', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
    const limiter = createRateLimiter({ redis, name: 'login', points: 5, durationSeconds: 60 });
    await limiter.consume('a');
    await server.stop();
    await expect(limiter.consume('a')).rejects.toMatchObject({ reason: 'SERVICE_UNAVAILABLE' });
    await redis.close();
  });

  it('count by themselves and more strictly while Redis is away, where calls go on without it', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
    const limits = { redis, name: 'coupons', points: 5, durationSeconds: 60, pointsAlone: 2 };
    const limiter = createRateLimiter(limits);
    for (let use = 0; use < 5; use += 1) await limiter.consume('a');
    await server.stop();
    await limiter.consume('b');
    await limiter.refund('b');
    await limiter.consume('b');
    await limiter.consume('b');
    await expect(limiter.consume('b')).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    await using _again = await startRedisServer({ port: server.port });
    await expect.poll(() => redis.ping().then(() => 'there'), { timeout: 10_000 }).toBe('there');
    // Redis counts again, for all of them.
    await limiter.consume('b');
    await redis.close();
  });
});
