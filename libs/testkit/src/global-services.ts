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
  const stopAll = async (): Promise<void> => {
    await Promise.all(stops.map((stop) => stop()));
  };
  const publish = (name: string, address: string, stop: () => Promise<void>): void => {
    process.env[name] = address;
    stops.push(async () => {
      delete process.env[name];
      await stop();
    });
  };
  try {
    if (!process.env[REDIS]) {
      const { url, stop } = await startRedisServer();
      publish(REDIS, url, stop);
    }
    if (!process.env[MONGODB]) {
      const { uri, stop } = await startMongoServer();
      publish(MONGODB, uri, stop);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
};
