import { Redis } from 'ioredis';
import type { Logger } from '@cartwright/platform-logger';

/** Who is silent for so long while an answer is due is not there any more, though the connection looks open. */
const SILENCE_MS = 5_000;
/** Workers' commands may wait for a job; BullMQ lets them for 10 s at most. */
const WAITING_SILENCE_MS = 13_000;

/** A connection for producers: gives up soon, so that a request can be answered while Redis is away. */
export const producerConnection = (options: { redisUrl: string; logger: Logger }): Redis => {
  const client = new Redis(options.redisUrl, {
    maxRetriesPerRequest: 2,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  client.on('error', (error: Error) => options.logger.warn({ err: error }, 'queue connection error'));
  return client;
};

/** A connection for workers: waits for Redis as long as it takes (BullMQ demands no limit of retries). */
export const workerConnection = (options: { redisUrl: string; logger: Logger }): Redis => {
  const client = new Redis(options.redisUrl, {
    maxRetriesPerRequest: null,
    socketTimeout: WAITING_SILENCE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  client.on('error', (error: Error) => options.logger.warn({ err: error }, 'worker connection error'));
  return client;
};

/** The prefix of all keys that BullMQ keeps. */
export const queueKeyPrefix = (prefix: string): string => `${prefix}:queue`;
