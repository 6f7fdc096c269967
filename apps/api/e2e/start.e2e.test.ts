import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { createTestShop, startHost, type TestShop } from '@cartwright/testapp';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let redis: RedisServer;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  shop = await createTestShop({ apis: 0, workers: 0, env: { REDIS_URL: redis.url } });
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

const evict = async (policy: string): Promise<void> => {
  const side = await createRedis({ url: redis.url, prefix: 'x', logger: createSilentLogger() });
  await side.client.config('SET', 'maxmemory-policy', policy);
  await side.close();
};

describe.each(['api', 'worker'] as const)('the %s', (app) => {
  it('refuses a Redis that may evict keys, in production', async () => {
    const env = { ...shop.env, NODE_ENV: 'production', PUBLIC_URL: 'http://127.0.0.1:3000' };
    await evict('allkeys-lru');
    await expect(startHost(app, env)).rejects.toThrow(/REDIS_URL must not evict keys.*allkeys-lru/s);
    await evict('noeviction');
    expect(await (await startHost(app, env)).stop()).toBe(0);
  });

  it('names every wrong variable, and starts nothing', async () => {
    const env = { ...shop.env, PORT: 'x', SESSION_SECRET: 'short', STRIPE_SECRET_KEY: '' };
    await expect(startHost(app, env)).rejects.toThrow(/ended with 78.*SESSION_SECRET/s);
    await expect(startHost(app, env)).rejects.toThrow(/STRIPE_SECRET_KEY/);
    await expect(startHost(app, env)).rejects.not.toThrow(/short/);
  });
});
