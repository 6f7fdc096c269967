import { randomBytes } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import type { Redis } from '@cartwright/platform-redis';
import { formatEventId } from './entry.ts';
import { createSharedReader } from './reader.ts';
import { appendScript, positionScript } from './scripts.ts';
import { followStream } from './subscription.ts';

/** What a subscriber gets. `id` is always a place to resume from: hand it to clients with every item. */
export type StreamItem =
  /** First item of a subscription without `lastEventId`: it follows from here. */
  | { kind: 'ready'; id: string }
  | { kind: 'event'; id: string; type: string; data: unknown }
  /** Events were missed for good (trimmed, or Redis was wiped): load the state anew, then it goes on from here. */
  | { kind: 'resync'; id: string };

export type StreamAppend = {
  /** Names the event for good: a second append with it is dropped. */
  id: string;
  type: string;
  /** JSON: dates arrive as ISO strings. */
  data: unknown;
};

export type SubscribeOptions = {
  /** The id of the last item that arrived (`<epoch>_<entry>`), from the client. Anything forged gets a resync. */
  lastEventId?: string | undefined;
  /** Ends the subscription. */
  signal: AbortSignal;
};

export type Streams = {
  /** Appends an event once; answers its id for clients, or null when it was there already. */
  append(streamName: string, event: StreamAppend): Promise<string | null>;
  /** Where the stream stands now, as an id to resume from. */
  position(streamName: string): Promise<string>;
  /** Follows a stream, live and in order, from `lastEventId` or from now. */
  subscribe(streamName: string, options: SubscribeOptions): AsyncIterableIterator<StreamItem>;
  close(): Promise<void>;
};

const LENGTH_KEPT = 5_000;
const BUFFER_MAX = 1_000;
/** A stream nobody appended to for this long is forgotten; its followers get a resync. */
const KEPT_MS = 30 * 24 * 3_600 * 1_000;

/**
 * Event streams over Redis Streams: `user.<id>`, `catalog`, `admin`. Entries are kept by number (about `lengthKept`), so
 * that a client which lost its socket goes on where it was, on any instance.
 */
export const createStreams = (options: {
  redis: Redis;
  logger: Logger;
  lengthKept?: number;
  bufferMax?: number;
}): Streams => {
  const { redis, logger, lengthKept = LENGTH_KEPT, bufferMax = BUFFER_MAX } = options;
  const reader = createSharedReader({ redis, logger });
  const closing = new AbortController();

  // The braces keep the keys of a stream together in a Redis cluster.
  const keyOf = (name: string, part: string): string => redis.key('stream', `{${name}}`, part);
  const freshEpoch = (): string => randomBytes(6).toString('hex');

  const positionOf = (name: string) =>
    positionScript.run(redis.client, [keyOf(name, 'entries'), keyOf(name, 'epoch')], [freshEpoch(), KEPT_MS]);

  return {
    append: async (name, { id, type, data }) => {
      const keys = [keyOf(name, 'entries'), keyOf(name, 'epoch'), keyOf(name, 'ids')];
      const args = [id, type, JSON.stringify(data ?? null), freshEpoch(), lengthKept, KEPT_MS];
      return appendScript.run(redis.client, keys, args);
    },
    position: async (name) => {
      const { epoch, last } = await positionOf(name);
      return formatEventId(epoch, last);
    },
    subscribe: (name, { lastEventId, signal }) =>
      followStream({
        client: redis.client,
        reader,
        streamKey: keyOf(name, 'entries'),
        position: () => positionOf(name),
        lastEventId,
        signal: AbortSignal.any([signal, closing.signal]),
        bufferMax,
      }),
    close: async () => {
      closing.abort();
      await reader.close();
    },
  };
};
