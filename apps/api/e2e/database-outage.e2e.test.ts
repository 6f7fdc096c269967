import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestShop, signedIn, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startEmbeddedMongo, type EmbeddedMongo } from '@cartwright/tool-embedded-mongo';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { postRaw, sendRaw } from './raw-http.ts';

const PATIENCE = { timeout: 40_000, interval: 100 };

let folder: string;
let mongo: EmbeddedMongo;
let shop: TestShop;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cartwright-database-'));
  mongo = await startEmbeddedMongo({ dataDir: folder });
  const uri = new URL(mongo.uri);
  uri.pathname = '/outage';
  shop = await createTestShop({ workers: 0, env: { MONGODB_URI: uri.toString(), LOG_LEVEL: 'fatal' } });
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await mongo.stop();
  await rm(folder, { recursive: true, force: true });
});

it(
  'without the database calls say when to come back, nothing is half-written, and all is well again after',
  { timeout: 180_000 },
  async () => {
    const base = shop.apis[0]?.url ?? '';
    const account = { email: 'outage@example.test', password: TEST_PASSWORD };
    await shop.inside.services.accounts.createCustomer({ ...account, name: 'Ada' });
    const { api } = shop.client();
    const { accessToken } = signedIn(await api.auth.login.mutate(account));
    const headers = { authorization: `Bearer ${accessToken}` };
    const line = { variantId: shop.variants.get('lamp') ?? '', quantity: 2 };
    const put = () => postRaw(`${base}/trpc/cart.setQuantity`, JSON.stringify({ json: line }), headers);
    expect((await put()).status).toBe(200);
    const before = await api.cart.get.query();

    await mongo.kill();
    await vi.waitFor(async () => {
      const refused = await put();
      expect(refused).toMatchObject({ status: 503, error: { reason: 'SERVICE_UNAVAILABLE' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }, PATIENCE);
    expect((await sendRaw(`${base}/health/live`)).status).toBe(200);
    const ready = await sendRaw(`${base}/health/ready`);
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toMatchObject({ services: { mongodb: 'unavailable', redis: 'ok' } });

    mongo = await startEmbeddedMongo({ dataDir: folder, port: mongo.port });
    await vi.waitFor(async () => expect((await sendRaw(`${base}/health/ready`)).status).toBe(200), PATIENCE);
    await vi.waitFor(async () => expect(await api.cart.get.query()).toEqual(before), PATIENCE);
    await vi.waitFor(async () => expect((await put()).status).toBe(200), PATIENCE);
  },
);
