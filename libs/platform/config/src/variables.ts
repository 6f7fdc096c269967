import { isIP } from 'node:net';
import { isCurrency } from '@cartwright/domain-money';
import { z } from 'zod';

const present = (value: unknown): unknown => (typeof value === 'string' && value.trim() === '' ? undefined : value);
/** An empty variable counts as absent, as in compose files with `NAME=`. */
const variable = <T extends z.ZodType>(schema: T) => z.preprocess(present, schema);

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const webUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const originOf = (url: string): string => new URL(url).origin;
const trimSlash = (url: string): string => url.replace(/\/+$/, '');

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const origins = list.pipe(z.array(webUrl)).transform((urls) => urls.map(originOf));

/** An address, or a network as address and length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
const networks = list.refine((items) => items.every(isNetwork), {
  error: 'must be addresses or networks (10.0.0.0/8)',
});

const schemeUrl = (schemes: readonly string[]) =>
  z.string().refine((value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)), {
    error: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

const timeZone = z.string().refine(
  (value) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return true;
    } catch {
      return false;
    }
  },
  { error: 'must be an IANA time zone' },
);

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const signingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: base64url,
  d: base64url,
});
const encryptionKey = z.object({ kty: z.literal('oct'), kid: z.string().min(1).max(64), k: base64url });

/** A JWKS as JSON. */
const keySet = <Key extends z.ZodType<{ kid: string }>>(key: Key, kind: string) =>
  z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.object({ keys: z.array(key).min(1) }, { error: `must be a JWKS with ${kind} keys` }))
    .refine(({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
      error: 'must have a kid per key',
    });

/** Every variable that the shop reads. */
export const variables = z.object({
  NODE_ENV: variable(z.enum(['development', 'test', 'production']).default('development')),
  HOST: variable(z.string().default('127.0.0.1')),
  PORT: variable(integer(0, 65_535).default(3_000)),
  PUBLIC_URL: variable(webUrl.transform(trimSlash).optional()),
  WEB_URL: variable(webUrl.transform(trimSlash).optional()),
  ALLOWED_ORIGINS: variable(origins.optional()),
  TRUSTED_PROXIES: variable(networks.default([])),
  COUNTRY_HEADER: variable(
    z
      .string()
      .toLowerCase()
      .regex(/^[a-z0-9-]{1,64}$/, 'must be the name of a header')
      .optional(),
  ),
  WORKER_PORT: variable(integer(0, 65_535).default(3_010)),
  WORKER_CONCURRENCY: variable(integer(1, 500).default(10)),

  MONGODB_URI: variable(schemeUrl(['mongodb', 'mongodb+srv'])),
  REDIS_URL: variable(schemeUrl(['redis', 'rediss'])),
  REDIS_CACHE_URL: variable(schemeUrl(['redis', 'rediss']).optional()),
  REDIS_PREFIX: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,40}$/, 'must be 1 to 40 letters, digits, _ . or -')
      .default('cw'),
  ),

  STRIPE_SECRET_KEY: variable(z.string().min(1)),
  STRIPE_WEBHOOK_SECRET: variable(z.string().min(1)),
  STRIPE_API_BASE: variable(webUrl.transform(trimSlash).optional()),
  SMTP_URL: variable(schemeUrl(['smtp', 'smtps'])),
  MAIL_FROM: variable(z.string().min(3).default('Cartwright <shop@cartwright.test>')),

  JWT_KEYS: variable(keySet(signingKey, 'private Ed25519')),
  ENCRYPTION_KEYS: variable(keySet(encryptionKey, '256-bit oct')),
  SESSION_SECRET: variable(z.string().min(32, 'must have at least 32 characters')),
  ACCESS_TOKEN_SECONDS: variable(integer(5, 3_600).default(600)),
  REFRESH_IDLE_SECONDS: variable(integer(60, 31_536_000).default(30 * 24 * 3_600)),
  REFRESH_FAMILY_SECONDS: variable(integer(60, 31_536_000).default(90 * 24 * 3_600)),

  /** Multiplies the rate limits by network (not those by account), for many clients behind one address. */
  NETWORK_LIMIT_FACTOR: variable(integer(1, 100_000).optional()),

  /** Of one process. */
  MAX_SOCKETS: variable(integer(1, 1_000_000).default(20_000)),
  MAX_SOCKETS_PER_NETWORK: variable(integer(1, 1_000_000).default(1_000)),
  MAX_SUBSCRIPTIONS_PER_SOCKET: variable(integer(1, 10_000).default(100)),
  MAX_SUBSCRIPTIONS_PER_USER: variable(integer(1, 1_000_000).default(1_000)),
  MAX_SUBSCRIPTIONS_PER_NETWORK: variable(integer(1, 1_000_000).default(5_000)),

  SHOP_NAME: variable(z.string().min(1).max(80).default('Cartwright')),
  SHOP_LEGAL_NAME: variable(z.string().min(1).max(120).optional()),
  SHOP_ADDRESS: variable(
    z
      .string()
      .max(600)
      .transform((value) =>
        value
          .split('|')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      )
      .default([]),
  ),
  SHOP_TAX_ID: variable(z.string().min(1).max(60).optional()),
  SHOP_CURRENCY: variable(z.string().refine(isCurrency, { error: 'must be an ISO 4217 code' }).default('USD')),
  SHOP_COUNTRY: variable(
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code')
      .default('US'),
  ),
  SHOP_TIMEZONE: variable(timeZone.default('UTC')),
  TAX_MODE: variable(z.enum(['exclusive', 'inclusive']).default('exclusive')),
  COUPON_RETENTION_DAYS: variable(integer(0, 3_650).default(7)),
  STOCK_HOLD_MINUTES: variable(integer(1, 525_600).default(60)),
  STOCK_HOLD_SECONDS: variable(integer(1, 31_536_000).optional()),
  ORDER_EXPIRY_MINUTES: variable(integer(1, 525_600).default(5_760)),
  ORDER_EXPIRY_SECONDS: variable(integer(1, 31_536_000).optional()),
  RETURN_WINDOW_DAYS: variable(integer(0, 3_650).default(30)),
  STAFF_REFUND_LIMIT: variable(integer(0, 1_000_000_000).default(20_000)),
  ALLOWED_RETURN_URLS: variable(origins.optional()),

  S3_BUCKET: variable(z.string().min(3).max(63).optional()),
  S3_REGION: variable(z.string().min(1).max(40).default('us-east-1')),
  S3_ENDPOINT: variable(webUrl.transform(trimSlash).optional()),
  S3_ACCESS_KEY_ID: variable(z.string().min(1).optional()),
  S3_SECRET_ACCESS_KEY: variable(z.string().min(1).optional()),
  S3_PUBLIC_URL: variable(webUrl.transform(trimSlash).optional()),

  RECONCILIATION_TIME: variable(
    z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day, like 03:30')
      .default('03:30'),
  ),
  RECONCILIATION_SETTLE_SECONDS: variable(integer(0, 86_400).default(300)),

  AUDIT_RETENTION_DAYS: variable(integer(1, 36_500).default(730)),

  MEDIA_DIR: variable(z.string().optional()),
  LOG_LEVEL: variable(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
});

export type Variables = z.output<typeof variables>;
