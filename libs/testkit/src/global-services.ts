import { createSilentLogger } from '@cartwright/platform-logger';
import { createMongo } from '@cartwright/platform-mongo';
import { startS3StandIn } from '@cartwright/tool-s3-standin';
import { startMongoServer } from './mongo-server.ts';
import { startRedisServer } from './redis-server.ts';

/** Where tests find their services; read by `testMongo`, `testRedis` and `testFilesEnvironment`. */
const MONGODB = 'CARTWRIGHT_TEST_MONGODB_URI';
const REDIS = 'CARTWRIGHT_TEST_REDIS_URL';
const FILES = 'CARTWRIGHT_TEST_S3';

/** Has MongoDB keep what is past its time: to a test whose clock stands in another year, everything would be. */
const keepExpired = async (uri: string): Promise<void> => {
  const mongo = await createMongo({ uri, logger: createSilentLogger() });
  await mongo.connection.getClient().db('admin').command({ setParameter: 1, ttlMonitorEnabled: false });
  await mongo.close();
};

/**
 * Runs once before the tests of a project: starts one MongoDB, one Redis and one S3 for all of them, unless the environment
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
    await keepExpired(process.env[MONGODB] ?? '');
    if (!process.env[FILES]) {
      const { env, stop } = await startS3StandIn();
      publish(FILES, JSON.stringify(env), stop);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
};
