import { startMongoServer } from './mongo-server.ts';
import { startRedisServer } from './redis-server.ts';

/** Where tests find their services; read by `testMongo` and `testRedis`. */
const MONGODB = 'CARTWRIGHT_TEST_MONGODB_URI';
const REDIS = 'CARTWRIGHT_TEST_REDIS_URL';

/**
 * Runs once before the tests of a project: starts one MongoDB and one Redis for all of them, unless the environment
 * names some already (given by a person, or started for another project of the same run).
 */
export const setup = async (): Promise<() => Promise<void>> => {
  const stops: (() => Promise<void>)[] = [];
  if (!process.env[REDIS]) {
    const redis = await startRedisServer();
    process.env[REDIS] = redis.url;
    stops.push(async () => {
      delete process.env[REDIS];
      await redis.stop();
    });
  }
  if (!process.env[MONGODB]) {
    const mongo = await startMongoServer();
    process.env[MONGODB] = mongo.uri;
    stops.push(async () => {
      delete process.env[MONGODB];
      await mongo.stop();
    });
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
};
