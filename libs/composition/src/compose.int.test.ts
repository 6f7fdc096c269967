import { generateKeyPairSync } from 'node:crypto';
import { loadConfig } from '@cartwright/platform-config';
import { freePort, startRedisServer, testMongo, testMongoUri } from '@cartwright/testkit';
import { createRedis } from '@cartwright/platform-redis';
import { createSilentLogger } from '@cartwright/platform-logger';
import { describe, expect, it } from 'vitest';
import { composeShop } from './compose.ts';

const signingKey = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'test' };
const configWith = (services: { mongoUri: string; redisUrl: string }) =>
  loadConfig({
    NODE_ENV: 'test',
    MONGODB_URI: services.mongoUri,
    REDIS_URL: services.redisUrl,
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_1',
    SMTP_URL: 'smtp://127.0.0.1:1',
    JWT_KEYS: JSON.stringify({ keys: [signingKey] }),
    ENCRYPTION_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'e', k: 'k'.repeat(43) }] }),
    SESSION_SECRET: 's'.repeat(32),
    LOG_LEVEL: 'silent',
  });

describe('composing the shop', () => {
  it('says which service can not be reached, without its password', async () => {
    const redisUrl = `redis://:secret@127.0.0.1:${await freePort()}`;
    const failure = await composeShop(configWith({ mongoUri: testMongoUri(), redisUrl }), { name: 'test' }).catch(
      (error: unknown) => String(error),
    );
    expect(failure).toMatch(/Redis.*ECONNREFUSED/);
    expect(failure).not.toContain('secret');
  });

  it('leaves nothing open when it fails half-way', async () => {
    await using db = await testMongo();
    await using server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
    // An index that contradicts ours: making them fails when everything is connected already.
    await db.mongo.connection.collection('products').createIndex({ title: 1 }, { name: 'slug_1' });
    await expect(
      composeShop(configWith({ mongoUri: db.uri, redisUrl: server.url }), { name: 'test' }),
    ).rejects.toThrow();
    const clients = async () =>
      String(await redis.client.client('LIST'))
        .trim()
        .split('\n').length;
    await expect.poll(clients).toBe(1);
    await redis.close();
  });
});
