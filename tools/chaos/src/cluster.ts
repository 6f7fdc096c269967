import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestShop, type FixtureProduct, type TestShop } from '@cartwright/testapp';
import { startRedisServer, startTcpProxy, type RedisServer, type TcpProxy } from '@cartwright/testkit';
import { startEmbeddedMongo, type EmbeddedMongo } from '@cartwright/tool-embedded-mongo';
import { Redis } from 'ioredis';
import { BOOKS_ENV } from './books-check.ts';
import { openDatabase, type ShopDatabase } from './database.ts';

export interface ClusterOptions {
  apis: number;
  workers: number;
  products: readonly FixtureProduct[];
  env?: Record<string, string>;
}

/** A shop of several processes on services of its own, each of which can be broken. */
export interface Cluster extends AsyncDisposable {
  readonly shop: TestShop;
  /** The database past the shop. */
  readonly database: ShopDatabase;
  /** Between the shop's processes and Redis. */
  readonly redisProxy: TcpProxy;
  /** One address for all API instances: a new connection goes to the next one that answers. */
  readonly entrance: TcpProxy;
  /** The folder with the append-only file. */
  readonly redisFolder: string;
  redis(): RedisServer;
  /** A connection past the proxy, for one use. */
  withRedis<T>(work: (client: Redis) => Promise<T>): Promise<T>;
  killRedis(): Promise<void>;
  startRedis(): Promise<void>;
  /** As a crash ends it; what it has acknowledged is in its files. */
  killMongo(): Promise<void>;
  /** On its files, at its port. */
  startMongo(): Promise<void>;
}

/** Starts everything anew in a folder of its own; disposing of it leaves nothing behind. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwright-chaos-'));
  const redisFolder = await mkdtemp(join(tmpdir(), 'cartwright-chaos-redis-'));
  const cleanup: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => rm(redisFolder, { recursive: true, force: true }),
  ];
  const dispose = async (): Promise<void> => {
    for (const step of cleanup.splice(0).reverse()) await step();
  };
  try {
    let mongo: EmbeddedMongo = await startEmbeddedMongo({ dataDir: folder });
    cleanup.push(() => mongo.stop());
    let redis = await startRedisServer({ dataDir: redisFolder });
    cleanup.push(() => redis.stop());
    const redisProxy = await startTcpProxy({ target: redis.port });
    cleanup.push(() => redisProxy.stop());
    const mongoUri = new URL(mongo.uri);
    mongoUri.pathname = '/chaos';
    const database = await openDatabase(mongoUri.toString());
    cleanup.push(async () => database[Symbol.asyncDispose]());

    const shop = await createTestShop({
      ...options,
      env: {
        MONGODB_URI: mongoUri.toString(),
        REDIS_URL: redis.url,
        LOG_LEVEL: 'silent',
        ...BOOKS_ENV,
        ...options.env,
      },
      hostEnv: { REDIS_URL: redisProxy.through(redis.url), LOG_LEVEL: 'warn' },
    });
    cleanup.push(async () => shop[Symbol.asyncDispose]());

    let turn = 0;
    const entrance = await startTcpProxy({
      target: () => Number(new URL(shop.apis[(turn += 1) % shop.apis.length]?.url ?? '').port),
    });
    cleanup.push(() => entrance.stop());
    await shop.stripe.control.setWebhook(`http://127.0.0.1:${entrance.port}/webhooks/stripe`);

    return {
      shop,
      database,
      redisProxy,
      entrance,
      redisFolder,
      redis: () => redis,
      withRedis: async (work) => {
        const client = new Redis(redis.url, { maxRetriesPerRequest: 1 });
        client.on('error', () => undefined);
        try {
          return await work(client);
        } finally {
          client.disconnect();
        }
      },
      killRedis: () => redis.stop(),
      startRedis: async () => {
        redis = await startRedisServer({ port: redis.port, dataDir: redisFolder });
      },
      killMongo: () => mongo.kill(),
      startMongo: async () => {
        mongo = await startEmbeddedMongo({ port: mongo.port, dataDir: folder });
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
