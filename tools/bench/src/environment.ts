import { generateKeyPairSync, randomBytes } from 'node:crypto';

export interface Places {
  readonly mongoUri: string;
  readonly redisUrl: string;
  readonly stripeUrl: string;
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
  readonly smtpUrl: string;
  readonly mediaDir: string;
  readonly apiPort: number;
}

/** The variables of the shop under load: production mode, nothing switched off. */
export function shopEnvironment(places: Places): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(places.apiPort),
    WORKER_PORT: '0',
    PUBLIC_URL: `http://127.0.0.1:${places.apiPort}`,
    WEB_URL: 'http://127.0.0.1:4200',
    MONGODB_URI: places.mongoUri,
    REDIS_URL: places.redisUrl,
    REDIS_PREFIX: 'bench',
    STRIPE_SECRET_KEY: places.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: places.stripeWebhookSecret,
    STRIPE_API_BASE: places.stripeUrl,
    SMTP_URL: places.smtpUrl,
    JWT_KEYS: JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bench' }] }),
    ENCRYPTION_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'bench', k: randomBytes(32).toString('base64url') }] }),
    SESSION_SECRET: randomBytes(32).toString('hex'),
    // Customers come through a proxy that names their addresses, so that each meets the limits of one customer.
    TRUSTED_PROXIES: '127.0.0.1',
    ACCESS_TOKEN_SECONDS: '3600',
    MEDIA_DIR: places.mediaDir,
    LOG_LEVEL: 'warn',
  };
}
