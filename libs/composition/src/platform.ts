import type { Config } from '@cartwright/platform-config';
import {
  createIdempotencyKeys,
  createIdempotencyRecords,
  type IdempotencyKeys,
  type IdempotencyRecords,
} from '@cartwright/platform-idempotency';
import { createLogger, type Logger } from '@cartwright/platform-logger';
import { createMailer, type Mailer } from '@cartwright/platform-mail';
import { createMongo, type Mongo } from '@cartwright/platform-mongo';
import { createOutbox, type Outbox } from '@cartwright/platform-outbox';
import { createNoObjectStore, createObjectStore, type ObjectStore } from '@cartwright/platform-s3';
import {
  assertNoEviction,
  createChangeChannel,
  createRedis,
  type ChangeChannel,
  type Redis,
} from '@cartwright/platform-redis';
import {
  createPasswordHasher,
  createSecretBox,
  createTokenIssuer,
  createTotp,
  type PasswordHasher,
  type SecretBox,
  type TokenIssuer,
  type Totp,
} from '@cartwright/platform-security';
import { createStreams, type Streams } from '@cartwright/platform-streams';
import { createStripeGateway, type StripeGateway } from '@cartwright/platform-stripe';
import { createTelemetry, type Telemetry } from '@cartwright/platform-telemetry';
import { closeAll } from './closing.ts';

/** Everything outside that the features stand on. */
export interface Platform {
  config: Config;
  logger: Logger;
  mongo: Mongo;
  redis: Redis;
  /** Where what can be made again is kept: it may forget. The same as `redis` unless it has an address of its own. */
  cache: Redis;
  /** Tells all processes which products changed. */
  catalogChanges: ChangeChannel;
  outbox: Outbox;
  idempotency: { keys: IdempotencyKeys; records: IdempotencyRecords };
  streams: Streams;
  stripe: StripeGateway;
  mailer: Mailer;
  files: ObjectStore;
  passwords: PasswordHasher;
  tokens: TokenIssuer;
  totp: Totp;
  secrets: SecretBox;
  telemetry: Telemetry;
  clock: () => Date;
  close(): Promise<void>;
}

/** Connects to all outside services. Rejects, with nothing left open, when one can't be reached. */
export async function createPlatform(config: Config, name: string): Promise<Platform> {
  const logger = createLogger({ level: config.log.level, name });
  const clock = () => new Date();
  const tokens = await createTokenIssuer({
    keys: config.auth.jwtKeys,
    issuer: 'cartwright',
    audience: 'cartwright',
    ttlSeconds: config.auth.accessTokenSeconds,
  });
  const mongo = await reaching('MongoDB (MONGODB_URI)', createMongo({ uri: config.mongo.uri, logger }));
  let redis: Redis | undefined;
  let cache: Redis;
  try {
    redis = await reaching('Redis (REDIS_URL)', connectRedis(config, logger));
    cache = await reaching('Redis (REDIS_CACHE_URL)', connectCache(config, redis, logger));
  } catch (error) {
    await closeAll([...(redis ? [redis.close] : []), mongo.close]);
    throw error;
  }
  const streams = createStreams({ redis, logger });
  const mailer = createMailer(config.mail);
  const files = config.files ? createObjectStore(config.files) : createNoObjectStore();
  return {
    config,
    logger,
    mongo,
    redis,
    cache,
    catalogChanges: createChangeChannel({ redis, name: 'catalog', logger }),
    outbox: createOutbox({ mongo, redis, clock }),
    idempotency: {
      keys: createIdempotencyKeys({ redis }),
      records: createIdempotencyRecords({ mongo, clock }),
    },
    streams,
    stripe: createStripeGateway(config.stripe),
    mailer,
    files,
    passwords: createPasswordHasher(),
    tokens,
    totp: createTotp({ issuer: config.shop.name }),
    secrets: createSecretBox({ keys: config.auth.encryptionKeys }),
    telemetry: createTelemetry({ service: name }),
    clock,
    close: () =>
      closeAll([
        streams.close,
        async () => mailer.close(),
        async () => files.close(),
        ...(cache === redis ? [] : [cache.close]),
        redis.close,
        mongo.close,
      ]),
  };
}

/** Says which service it was: the drivers' messages name an address at most. */
async function reaching<T>(service: string, connecting: Promise<T>): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${service} can not be used: ${why}`, { cause: error });
  }
}

/** In production a Redis that may evict keys is refused: sessions and jobs would vanish without a word. */
async function connectRedis(config: Config, logger: Logger): Promise<Redis> {
  const redis = await createRedis({ url: config.redis.url, prefix: config.redis.prefix, logger });
  try {
    if (config.env === 'production') await assertNoEviction(redis);
    return redis;
  } catch (error) {
    await redis.close();
    throw error;
  }
}

const connectCache = async (
  { redis: { url, cacheUrl, prefix } }: Config,
  redis: Redis,
  logger: Logger,
): Promise<Redis> => (cacheUrl === url ? redis : createRedis({ url: cacheUrl, prefix, logger }));
