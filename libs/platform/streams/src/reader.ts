import { randomBytes } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import type { Redis, RedisClient } from '@cartwright/platform-redis';
import { parseEntry } from './entry.ts';
import type { RawEntry, StreamEntry } from './entry.ts';

export type StreamListener = {
  onEntry(entry: StreamEntry): void;
  /** Reading was interrupted: entries may have come and gone meanwhile. */
  onInterruption(): void;
};

export type SharedReader = {
  /** Hears every entry after `from` (or after where the reader already is); returns the unregister function. */
  listen(streamKey: string, from: string, listener: StreamListener): () => void;
  close(): Promise<void>;
};

const BLOCK_MS = 5_000;
const BATCH = 500;
const RETRY_MS = 200;

type Followed = { position: string; listeners: Set<StreamListener> };

/**
 * One blocking connection for all streams that this process follows: thousands of subscribers cost one XREAD.
 * A stream of its own, in the same XREAD, ends the wait when the set of streams changes; an entry there can't be missed,
 * as an unblock command sent a moment too early could.
 */
export const createSharedReader = (options: { redis: Redis; logger: Logger }): SharedReader => {
  const { redis, logger } = options;
  const followed = new Map<string, Followed>();
  const wakeKey = redis.key('streams', 'wake', randomBytes(8).toString('hex'));
  let wakePosition = '0-0';
  let blocking: RedisClient | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const wakeReader = (): void => {
    redis.client
      .multi()
      .xadd(wakeKey, 'MAXLEN', 1, '*', 'w', '1')
      .pexpire(wakeKey, 60_000)
      .exec()
      .catch(() => undefined);
  };

  const dispatch = (streamKey: string, entries: readonly RawEntry[]): void => {
    const stream = followed.get(streamKey);
    if (!stream) return;
    for (const raw of entries) {
      stream.position = raw[0];
      const entry = parseEntry(raw);
      if (entry) for (const listener of stream.listeners) listener.onEntry(entry);
    }
  };

  const readOnce = async (client: RedisClient): Promise<void> => {
    const keys = [wakeKey, ...followed.keys()];
    const positions = [wakePosition, ...[...followed.values()].map(({ position }) => position)];
    const reply = await client.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...positions);
    for (const [key, entries] of (reply ?? []) as [string, RawEntry[]][]) {
      if (key === wakeKey) wakePosition = entries.at(-1)?.[0] ?? wakePosition;
      else dispatch(key, entries);
    }
  };

  const run = async (): Promise<void> => {
    let interrupted = false;
    while (!closed && followed.size > 0) {
      try {
        blocking ??= redis.duplicate({ maxRetriesPerRequest: 0, retryStrategy: () => RETRY_MS });
        if (interrupted) {
          await blocking.ping();
          interrupted = false;
          for (const { listeners } of followed.values()) for (const listener of listeners) listener.onInterruption();
        }
        await readOnce(blocking);
      } catch (error) {
        if (closed) return;
        if (!interrupted) logger.warn({ err: error }, 'reading streams was interrupted');
        interrupted = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  const ensureRunning = (): void => {
    if (running || closed) return;
    running = run().finally(() => {
      running = undefined;
      if (followed.size > 0) ensureRunning();
    });
  };

  return {
    listen: (streamKey, from, listener) => {
      const stream = followed.get(streamKey) ?? { position: from, listeners: new Set() };
      stream.listeners.add(listener);
      if (!followed.has(streamKey)) {
        followed.set(streamKey, stream);
        if (running) wakeReader();
      }
      ensureRunning();
      return () => {
        stream.listeners.delete(listener);
        if (stream.listeners.size === 0 && followed.get(streamKey) === stream) followed.delete(streamKey);
      };
    },
    close: async () => {
      closed = true;
      followed.clear();
      blocking?.disconnect();
      await running;
    },
  };
};
