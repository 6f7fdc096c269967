import { Redis as IORedis } from 'ioredis';
import type { RedisOptions as DriverOptions } from 'ioredis';
import type { Logger } from '@cartwright/platform-logger';

export type RedisClient = IORedis;

/** Replies keep their RESP2 shapes, whatever the protocol: arrays of field and value. */
type RedisOptions = Omit<DriverOptions, 'replyMapping'>;

export type Redis = {
  /** The shared connection for ordinary, non-blocking commands. */
  client: RedisClient;
  /** A connection of its own, for subscribing or blocking; closed together with this one. */
  duplicate(options?: RedisOptions): RedisClient;
  /** The full key of a name: `key('session', id)` is `cw:session:<id>`. Every key of the shop is made here. */
  key(...parts: string[]): string;
  /** The key prefix without its separator. */
  prefix: string;
  /** Resolves when Redis answers; rejects otherwise. */
  ping(): Promise<void>;
  /** Closes this connection and all duplicates. */
  close(): Promise<void>;
};

const RECONNECT_DELAY_MAX_MS = 1_000;
const COMMAND_TIMEOUT_MS = 5_000;

const baseOptions = (timeoutMs: number): RedisOptions => ({
  // A request must fail soon when Redis is away (503), rather than hang on an endless queue of retries.
  maxRetriesPerRequest: 2,
  connectTimeout: timeoutMs,
  retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_DELAY_MAX_MS),
});

/**
 * Asks on a connection that only listens whether anybody is there: else it would never learn that it leads nowhere. What
 * it asks must be answered in time like any command.
 */
const keepAsking = (client: RedisClient, everyMs: number): void => {
  const timer = setInterval(() => {
    if (client.status === 'ready') client.ping().catch(() => undefined);
  }, everyMs).unref();
  client.once('end', () => clearInterval(timer));
};

/**
 * Connects to Redis. The promise resolves when the first connection is ready, and rejects when it can't be made.
 * Later losses are retried for ever in the background; commands meanwhile fail after two attempts. A connection on which
 * nobody answers in time, though it looks open, is given up and made anew.
 */
export const createRedis = async (options: {
  url: string;
  prefix: string;
  logger: Logger;
  /** How long an answer may take; 5 s. Commands that block may do so for as long, on connections of their own. */
  timeoutMs?: number;
}): Promise<Redis> => {
  const { url, prefix, logger, timeoutMs = COMMAND_TIMEOUT_MS } = options;
  const duplicates = new Set<RedisClient>();

  const connect = (extra: RedisOptions): RedisClient => {
    const client = new IORedis(url, { ...baseOptions(timeoutMs), ...extra });
    client.on('error', (error: Error) => logger.warn({ err: error }, 'redis connection error'));
    return client;
  };

  const client = connect({ lazyConnect: true, commandTimeout: timeoutMs, socketTimeout: timeoutMs });
  // The driver rejects with "Connection is closed"; why it was is told by the event before.
  let reason: Error | undefined;
  const note = (error: Error): void => {
    reason = error;
  };
  client.on('error', note);
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw reason ?? error;
  } finally {
    client.off('error', note);
  }

  return {
    client,
    prefix,
    duplicate: (extra = {}) => {
      const duplicate = connect({ socketTimeout: 2 * timeoutMs, ...extra });
      keepAsking(duplicate, timeoutMs);
      duplicates.add(duplicate);
      duplicate.once('end', () => duplicates.delete(duplicate));
      return duplicate;
    },
    key: (...parts) => [prefix, ...parts].join(':'),
    ping: async () => {
      await client.ping();
    },
    close: async () => {
      // Blocking connections can't answer QUIT in time: they are cut.
      for (const duplicate of duplicates) duplicate.disconnect();
      if (client.status === 'ready') await client.quit().catch(() => client.disconnect());
      else client.disconnect();
    },
  };
};

/**
 * Throws when Redis may evict keys under memory pressure: sessions, idempotency keys and queues would be lost silently.
 * For the durable Redis, at start in production.
 */
export const assertNoEviction = async (redis: Pick<Redis, 'client'>): Promise<void> => {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.client.info('memory'))?.[1];
  if (policy !== 'noeviction') {
    throw new Error(`REDIS_URL must not evict keys: its maxmemory-policy is ${policy ?? 'unknown'}, not noeviction`);
  }
};

const UNAVAILABLE_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError']);
const UNAVAILABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE', 'EAI_AGAIN']);
const UNAVAILABLE_MESSAGES =
  /^(Connection is closed|Command timed out|Stream isn't writeable)|^(LOADING|READONLY|OOM|MISCONF|CLUSTERDOWN|MASTERDOWN) /;

/** Whether an error means that Redis can't serve at the moment (answered with 503), and not that a command is wrong. */
export const isRedisUnavailable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (UNAVAILABLE_NAMES.has(error.name)) return error.name !== 'AbortError' || 'command' in error;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && UNAVAILABLE_CODES.has(code)) return true;
  return UNAVAILABLE_MESSAGES.test(error.message);
};
