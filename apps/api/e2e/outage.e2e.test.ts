import { createTestShop, signedIn, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startRedisServer, type RedisServer } from '@cartwright/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sendRaw } from './raw-http.ts';

const PATIENCE = { timeout: 20_000, interval: 100 };

let redis: RedisServer;
let shop: TestShop;
beforeAll(async () => {
  redis = await startRedisServer();
  shop = await createTestShop({ workers: 0, env: { REDIS_URL: redis.url, LOG_LEVEL: 'fatal' } });
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.stop();
});

it('without Redis the public reads go on, the rest says when to come back, and all is well again after', async () => {
  const base = shop.apis[0]?.url ?? '';
  const account = { email: 'outage@example.test', password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
  const { api } = shop.client();
  const { accessToken } = signedIn(await api.auth.login.mutate(account));
  const me = () => sendRaw(`${base}/trpc/account.me`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await me()).status).toBe(200);

  await redis.stop();
  await vi.waitFor(async () => {
    const refused = await me();
    expect(refused).toMatchObject({ status: 503, error: { reason: 'SERVICE_UNAVAILABLE' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }, PATIENCE);
  expect((await sendRaw(`${base}/trpc/catalog.products.list?input=${encodeURIComponent('{"json":{}}')}`)).status).toBe(
    200,
  );
  expect((await sendRaw(`${base}/health/live`)).status).toBe(200);
  const ready = await sendRaw(`${base}/health/ready`);
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.text)).toMatchObject({ services: { redis: 'unavailable', mongodb: 'ok' } });

  redis = await startRedisServer({ port: redis.port });
  // A Redis that lost everything signs everybody out, and nothing else.
  await vi.waitFor(async () => expect((await me()).error?.reason).toBe('SESSION_REVOKED'), PATIENCE);
  await vi.waitFor(async () => expect((await sendRaw(`${base}/health/ready`)).status).toBe(200), PATIENCE);
  expect(await shop.client().api.auth.login.mutate(account)).toMatchObject({ status: 'ok' });
});
