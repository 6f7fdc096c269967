import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generateKeyPairSync } from 'node:crypto';
import { testMongo, testRedisUrl } from '@cartwright/testkit';
import { expect, it } from 'vitest';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));

it('makes no demo accounts in production', { timeout: 60_000 }, async () => {
  await using db = await testMongo();
  const key = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'test' };
  const secret = { kty: 'oct', kid: 'e1', k: 'k'.repeat(43) };
  const child = spawn(process.execPath, [cli], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://api.shop.test',
      WEB_URL: 'https://shop.test',
      MONGODB_URI: db.uri,
      REDIS_URL: testRedisUrl(),
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
      SMTP_URL: 'smtp://127.0.0.1:1',
      JWT_KEYS: JSON.stringify({ keys: [key] }),
      ENCRYPTION_KEYS: JSON.stringify({ keys: [secret] }),
      SESSION_SECRET: 's'.repeat(32),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(78);
  expect(said).toContain('not for production');
  expect(await db.mongo.connection.collection('users').countDocuments()).toBe(0);
});
