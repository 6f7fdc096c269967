import { randomBytes } from 'node:crypto';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createMongo } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import { createRedis } from '@cartwright/platform-redis';
import type { Redis } from '@cartwright/platform-redis';

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run integration tests through vitest's integration project`);
  return value;
};

const unique = (): string => randomBytes(6).toString('hex');

/** The URI of a fresh database on the tests' MongoDB. */
export const testMongoUri = (): string => {
  const uri = new URL(required('CARTWRIGHT_TEST_MONGODB_URI'));
  uri.pathname = `/test_${unique()}`;
  return uri.toString();
};

/** The URL of the tests' Redis; shared, so use a prefix of your own. */
export const testRedisUrl = (): string => required('CARTWRIGHT_TEST_REDIS_URL');

export type TestMongo = AsyncDisposable & { mongo: Mongo; uri: string };

/** A connection to a database of its own: `await using db = await testMongo()`. Dropped at the end. */
export const testMongo = async (): Promise<TestMongo> => {
  const uri = testMongoUri();
  const mongo = await createMongo({ uri, logger: createSilentLogger() });
  return {
    mongo,
    uri,
    [Symbol.asyncDispose]: async () => {
      await mongo.connection.dropDatabase().catch(() => undefined);
      await mongo.close();
    },
  };
};

export type TestRedis = AsyncDisposable & { redis: Redis; url: string; prefix: string };

/** A connection with a prefix of its own: `await using cache = await testRedis()`. Its keys are deleted at the end. */
export const testRedis = async (): Promise<TestRedis> => {
  const url = testRedisUrl();
  const prefix = `t${unique()}`;
  const redis = await createRedis({ url, prefix, logger: createSilentLogger() });
  return {
    redis,
    url,
    prefix,
    [Symbol.asyncDispose]: async () => {
      for await (const keys of redis.client.scanStream({ match: `${prefix}:*`, count: 500 })) {
        const found = keys as string[];
        if (found.length > 0) await redis.client.unlink(...found);
      }
      await redis.close();
    },
  };
};
