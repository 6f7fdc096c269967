import type { LogLevel } from '@cartwright/platform-logger';
import { ConfigError } from './config-error.ts';
import { variables } from './variables.ts';
import type { Variables } from './variables.ts';

/** A private JWKS: the first key signs, all verify. */
export type JwtKeys = Variables['JWT_KEYS'];

/** A JWKS of symmetric keys: the first encrypts, all decrypt. */
export type EncryptionKeys = Variables['ENCRYPTION_KEYS'];

/** All settings of a process, parsed. Times in seconds. */
export type Config = {
  env: 'development' | 'test' | 'production';
  http: {
    host: string;
    port: number;
    /** Where clients reach the API, without a slash at the end. */
    publicUrl: string;
    /** Origins a browser may call from. */
    allowedOrigins: string[];
    /** Addresses or networks whose X-Forwarded-For is believed. */
    trustedProxies: string[];
    /** The header in which they name the caller's country, in small letters. */
    countryHeader?: string;
    /** How many live connections and subscriptions one process takes; those by network times `networkFactor`. */
    sockets: {
      sockets: number;
      socketsPerNetwork: number;
      subscriptions: number;
      subscriptionsPerUser: number;
      subscriptionsPerNetwork: number;
    };
  };
  worker: { port: number; concurrency: number };
  web: { url: string };
  mongo: { uri: string };
  redis: { url: string; cacheUrl: string; prefix: string };
  stripe: { secretKey: string; webhookSecret: string; apiBase?: string };
  mail: { smtpUrl: string; from: string };
  auth: {
    jwtKeys: JwtKeys;
    /** Encrypt what must be read again, such as the secrets of second factors. */
    encryptionKeys: EncryptionKeys;
    sessionSecret: string;
    accessTokenSeconds: number;
    refreshIdleSeconds: number;
    refreshFamilySeconds: number;
  };
  limits: {
    /** What rate limits by network are multiplied with: many people behind one address, or tests. */
    networkFactor: number;
  };
  shop: {
    name: string;
    /** As invoices name who sells. */
    seller: { name: string; address: string[]; taxId?: string };
    currency: string;
    country: string;
    timezone: string;
    taxMode: 'exclusive' | 'inclusive';
    stockHoldSeconds: number;
    orderExpirySeconds: number;
    /** How long an expired coupon is kept. */
    couponRetentionSeconds: number;
    /** How long after its arrival the return of a piece can be asked for. */
    returnWindowSeconds: number;
    /** What staff may give back of an order, in minor units of the currency; administrators may all. */
    staffRefundLimit: number;
    /** Origins that a payment may return to. */
    allowedReturnUrls: string[];
  };
  reconciliation: {
    /** When it begins each night, in the shop's time zone: `03:30`. */
    time: string;
    /** How long the payment provider's books and the shop's may differ before that is told: news take their time. */
    settleSeconds: number;
  };
  audit: { retentionDays: number };
  /** The bucket for uploads and exports; absent in a shop that has none. */
  files?: {
    bucket: string;
    region: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string };
    publicUrl: string;
  };
  media: { dir?: string };
  log: { level: LogLevel };
};

type Problem = { variable: string; problem: string };

const isWholeInternet = (network: string): boolean => /\/0+$/.test(network);

/** What is a convenience on a developer's machine and a hole, or a dead link in every mail, where customers are. */
const careless = (env: Variables): Problem[] => {
  const problems: Problem[] = [];
  // Their defaults lead to the machine of whoever reads the mail. Set to a loopback address, they are meant.
  for (const variable of ['PUBLIC_URL', 'WEB_URL'] as const) {
    if (env[variable] === undefined) problems.push({ variable, problem: 'is required in production' });
  }
  if (env.TRUSTED_PROXIES.some(isWholeInternet)) {
    const problem = 'must not be the whole internet: anybody could name any address as theirs';
    problems.push({ variable: 'TRUSTED_PROXIES', problem });
  }
  return problems;
};

/** A bucket that is named by half would be found out by the first upload. */
const halfBucket = (env: Variables): Problem[] => {
  const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = env;
  const problems: Problem[] = [];
  const others = ['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_PUBLIC_URL'] as const;
  const alone = others.find((variable) => env[variable] !== undefined);
  if (S3_BUCKET === undefined && alone) problems.push({ variable: 'S3_BUCKET', problem: `is required with ${alone}` });
  if ((S3_ACCESS_KEY_ID === undefined) !== (S3_SECRET_ACCESS_KEY === undefined)) {
    const [missing, given] =
      S3_ACCESS_KEY_ID === undefined
        ? ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
        : ['S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID'];
    problems.push({ variable: missing, problem: `is required with ${given}` });
  }
  return problems;
};

/** Rules over several variables. */
const contradictions = (env: Variables): Problem[] => {
  const problems = [...(env.NODE_ENV === 'production' ? careless(env) : []), ...halfBucket(env)];
  if (env.NODE_ENV === 'production' && env.STRIPE_API_BASE && env.STRIPE_SECRET_KEY.startsWith('sk_live')) {
    problems.push({ variable: 'STRIPE_API_BASE', problem: 'is for the stand-in and refused with a live key' });
  }
  const hold = env.STOCK_HOLD_SECONDS ?? env.STOCK_HOLD_MINUTES * 60;
  const expiry = env.ORDER_EXPIRY_SECONDS ?? env.ORDER_EXPIRY_MINUTES * 60;
  if (hold > expiry) problems.push({ variable: 'STOCK_HOLD_MINUTES', problem: 'must not exceed ORDER_EXPIRY_MINUTES' });
  if (env.REFRESH_IDLE_SECONDS > env.REFRESH_FAMILY_SECONDS) {
    problems.push({ variable: 'REFRESH_IDLE_SECONDS', problem: 'must not exceed REFRESH_FAMILY_SECONDS' });
  }
  return problems;
};

/** On a developer's machine all customers come from one address. */
const LOCAL_NETWORK_FACTOR = 50;

/** Where the storefront is on a developer's machine. */
const LOCAL_WEB_URL = 'http://127.0.0.1:4200';

/** Where a bucket's objects are: by its name at Amazon, by a path elsewhere. */
const bucketUrl = ({ S3_ENDPOINT, S3_REGION }: Variables, bucket: string): string =>
  S3_ENDPOINT === undefined ? `https://${bucket}.s3.${S3_REGION}.amazonaws.com` : `${S3_ENDPOINT}/${bucket}`;

const filesOf = (env: Variables): Pick<Config, 'files'> => {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined) return {};
  return {
    files: {
      bucket,
      region: env.S3_REGION,
      ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
      publicUrl: env.S3_PUBLIC_URL ?? bucketUrl(env, bucket),
    },
  };
};

const localHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

const configOf = (env: Variables): Config => {
  const networkFactor = env.NETWORK_LIMIT_FACTOR ?? (env.NODE_ENV === 'production' ? 1 : LOCAL_NETWORK_FACTOR);
  const webUrl = env.WEB_URL ?? LOCAL_WEB_URL;
  const webOrigin = new URL(webUrl).origin;
  return {
    env: env.NODE_ENV,
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL ?? `http://${localHost(env.HOST)}:${env.PORT}`,
      allowedOrigins: env.ALLOWED_ORIGINS ?? [webOrigin],
      trustedProxies: env.TRUSTED_PROXIES,
      ...(env.COUNTRY_HEADER === undefined ? {} : { countryHeader: env.COUNTRY_HEADER }),
      sockets: {
        sockets: env.MAX_SOCKETS,
        socketsPerNetwork: env.MAX_SOCKETS_PER_NETWORK * networkFactor,
        subscriptions: env.MAX_SUBSCRIPTIONS_PER_SOCKET,
        subscriptionsPerUser: env.MAX_SUBSCRIPTIONS_PER_USER,
        subscriptionsPerNetwork: env.MAX_SUBSCRIPTIONS_PER_NETWORK * networkFactor,
      },
    },
    worker: { port: env.WORKER_PORT, concurrency: env.WORKER_CONCURRENCY },
    web: { url: webUrl },
    mongo: { uri: env.MONGODB_URI },
    redis: { url: env.REDIS_URL, cacheUrl: env.REDIS_CACHE_URL ?? env.REDIS_URL, prefix: env.REDIS_PREFIX },
    stripe: {
      secretKey: env.STRIPE_SECRET_KEY,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
      ...(env.STRIPE_API_BASE === undefined ? {} : { apiBase: env.STRIPE_API_BASE }),
    },
    mail: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM },
    auth: {
      jwtKeys: env.JWT_KEYS,
      encryptionKeys: env.ENCRYPTION_KEYS,
      sessionSecret: env.SESSION_SECRET,
      accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
      refreshIdleSeconds: env.REFRESH_IDLE_SECONDS,
      refreshFamilySeconds: env.REFRESH_FAMILY_SECONDS,
    },
    limits: { networkFactor },
    shop: {
      name: env.SHOP_NAME,
      seller: {
        name: env.SHOP_LEGAL_NAME ?? env.SHOP_NAME,
        address: env.SHOP_ADDRESS,
        ...(env.SHOP_TAX_ID === undefined ? {} : { taxId: env.SHOP_TAX_ID }),
      },
      currency: env.SHOP_CURRENCY,
      country: env.SHOP_COUNTRY,
      timezone: env.SHOP_TIMEZONE,
      taxMode: env.TAX_MODE,
      stockHoldSeconds: env.STOCK_HOLD_SECONDS ?? env.STOCK_HOLD_MINUTES * 60,
      orderExpirySeconds: env.ORDER_EXPIRY_SECONDS ?? env.ORDER_EXPIRY_MINUTES * 60,
      couponRetentionSeconds: env.COUPON_RETENTION_DAYS * 86_400,
      returnWindowSeconds: env.RETURN_WINDOW_DAYS * 86_400,
      staffRefundLimit: env.STAFF_REFUND_LIMIT,
      allowedReturnUrls: env.ALLOWED_RETURN_URLS ?? [webOrigin],
    },
    reconciliation: { time: env.RECONCILIATION_TIME, settleSeconds: env.RECONCILIATION_SETTLE_SECONDS },
    audit: { retentionDays: env.AUDIT_RETENTION_DAYS },
    ...filesOf(env),
    media: env.MEDIA_DIR === undefined ? {} : { dir: env.MEDIA_DIR },
    log: { level: env.LOG_LEVEL },
  };
};

/** Parses the environment (hosts pass `process.env`). Throws a ConfigError that names every wrong variable at once. */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const problems = new Map<string, string>();
    for (const issue of parsed.error.issues) {
      const variable = String(issue.path[0] ?? 'environment');
      const missing = env[variable] === undefined || env[variable].trim() === '';
      problems.set(variable, missing ? 'is required' : issue.message);
    }
    throw new ConfigError([...problems].map(([variable, problem]) => ({ variable, problem })));
  }
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return configOf(parsed.data);
};
