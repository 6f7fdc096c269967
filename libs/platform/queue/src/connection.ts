import { Redis } from 'ioredis';
import type { Logger } from '@cartwright/platform-logger';

/** A connection for producers: gives up soon, so that a request can be answered while Redis is away. */
export const producerConnection = (options: { redisUrl: string; logger: Logger }): Redis => {
  const client = new Redis(options.redisUrl, {
    maxRetriesPerRequest: 2,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  client.on('error', (error: Error) => options.logger.warn({ err: error }, 'queue connection error'));
  return client;
};

/** A connection for workers: waits for Redis as long as it takes (BullMQ demands no limit of retries). */
export const workerConnection = (options: { redisUrl: string; logger: Logger }): Redis => {
  const client = new Redis(options.redisUrl, {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  client.on('error', (error: Error) => options.logger.warn({ err: error }, 'worker connection error'));
  return client;
};

/** The prefix of all keys that BullMQ keeps. */
export const queueKeyPrefix = (prefix: string): string => `${prefix}:queue`;
