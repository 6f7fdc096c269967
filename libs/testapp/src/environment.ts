import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** The variables of a test shop of its own: its own database, Redis prefix and keys. */
export function testEnvironment(given: {
  mongoUri: string;
  redisUrl: string;
  stripeUrl: string;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
  smtpUrl: string;
  /** The variables of a bucket, where there is one. */
  files?: Record<string, string>;
}): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    WORKER_PORT: '0',
    WEB_URL: 'http://127.0.0.1:4200',
    MONGODB_URI: given.mongoUri,
    REDIS_URL: given.redisUrl,
    REDIS_PREFIX: `t${randomBytes(6).toString('hex')}`,
    STRIPE_SECRET_KEY: given.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: given.stripeWebhookSecret,
    STRIPE_API_BASE: given.stripeUrl,
    SMTP_URL: given.smtpUrl,
    ...given.files,
    JWT_KEYS: JSON.stringify({ keys: [{ ...jwk, kid: 'test' }] }),
    ENCRYPTION_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'test', k: randomBytes(32).toString('base64url') }] }),
    SESSION_SECRET: randomBytes(32).toString('hex'),
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
}
