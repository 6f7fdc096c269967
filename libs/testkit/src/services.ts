import { randomBytes } from 'node:crypto';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createMongo } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import { createObjectStore, type ObjectStore } from '@cartwright/platform-s3';
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

/**
 * The variables of the tests' bucket, as a shop reads them; empty where none was started, as in tools. It is shared, and
 * keys are made of ids, so that nobody meets another's objects.
 */
export const testFilesEnvironment = (): Record<string, string> =>
  JSON.parse(process.env['CARTWRIGHT_TEST_S3'] ?? '{}') as Record<string, string>;

/** The tests' bucket: `using files = testFiles()`. */
export const testFiles = (): Disposable & { store: ObjectStore } => {
  const env = JSON.parse(required('CARTWRIGHT_TEST_S3')) as Record<string, string>;
  const value = (name: string): string => env[name] ?? '';
  const store = createObjectStore({
    bucket: value('S3_BUCKET'),
    region: value('S3_REGION'),
    endpoint: value('S3_ENDPOINT'),
    credentials: { accessKeyId: value('S3_ACCESS_KEY_ID'), secretAccessKey: value('S3_SECRET_ACCESS_KEY') },
    publicUrl: `${value('S3_ENDPOINT')}/${value('S3_BUCKET')}`,
  });
  return { store, [Symbol.dispose]: store.close };
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
