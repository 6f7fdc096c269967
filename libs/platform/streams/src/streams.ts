import { randomBytes } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import type { Redis } from '@cartwright/platform-redis';
import type { StreamEntry } from './entry.ts';
import { formatEventId } from './entry.ts';
import { createLiveFeed } from './live-feed.ts';
import { appendScript, positionScript } from './scripts.ts';
import { followStream } from './subscription.ts';

/** What a subscriber gets. `id` is always a place to resume from: hand it to clients with every item. */
export type StreamItem =
  | StreamEntry
  /**
   * `ready`: first item of a subscription without `lastEventId`; it follows from here. `resync`: events were missed for
   * good (trimmed, or Redis lost them): load the state anew, then it goes on from here. `checkpoint`: entries that don't
   * concern the subscriber went by; resuming from here spares both sides going over them again.
   */
  | { readonly kind: 'ready' | 'resync' | 'checkpoint'; readonly id: string };

export type StreamAppend = {
  /** Names the event for good: a second append with it is dropped. One line of text, as are type and topic. */
  id: string;
  type: string;
  /**
   * What it is about, for subscribers of some topics only; absent when it concerns all. An entry tells the whole state of
   * its topic: followers may get the latest of several alone.
   */
  topic?: string | undefined;
  /** JSON: dates arrive as ISO strings. */
  data: unknown;
};

export type SubscribeOptions = {
  /** The id of the last item that arrived (`<epoch>_<entry>`), from the client. Anything forged gets a resync. */
  lastEventId?: string | undefined;
  /** Only entries with one of these topics, or with none. Costs nothing for the entries of others. */
  topics?: readonly string[] | undefined;
  /** Only entries that pass; for what topics can't tell. */
  accept?: ((entry: StreamEntry) => boolean) | undefined;
};

export type Streams = {
  /** Appends an event once; answers its id for clients, or null when it was there already. */
  append(streamName: string, event: StreamAppend): Promise<string | null>;
  /** Where the stream stands now, as an id to resume from. */
  position(streamName: string): Promise<string>;
  /**
   * Follows a stream, live and in order, from `lastEventId` or from now. Begins with the first `next`; ends with `return`,
   * which may be called while a `next` waits. Rejects when Redis is away at the beginning; later it waits.
   */
  subscribe(streamName: string, options?: SubscribeOptions): AsyncIterableIterator<StreamItem, undefined>;
  /** Ends all subscriptions. */
  close(): Promise<void>;
};

const LENGTH_KEPT = 5_000;
const IDS_KEPT = 100_000;
const BUFFER_MAX = 256;
/** A stream nobody appended to for this long is forgotten; its followers get a resync. */
const KEPT_MS = 30 * 24 * 3_600 * 1_000;

/**
 * Event streams over Redis Streams: one per user, one for the catalog, one for admins. Entries are kept by number (about
 * `lengthKept`), so that a client which lost its socket goes on where it was, on any instance. What is appended is
 * announced to all processes, each of which hears it once, however many subscribers it has.
 */
export const createStreams = (options: {
  redis: Redis;
  logger: Logger;
  lengthKept?: number;
  /** Ids remembered per stream, so that an event told again is dropped. */
  idsKept?: number;
  bufferMax?: number;
}): Streams => {
  const { redis, logger, lengthKept = LENGTH_KEPT, idsKept = IDS_KEPT, bufferMax = BUFFER_MAX } = options;
  const channel = redis.key('streams');
  const live = createLiveFeed({ redis, channel, logger });

  // The braces keep the keys of a stream together in a Redis cluster.
  const keyOf = (name: string, part: string): string => redis.key('stream', `{${name}}`, part);
  const freshEpoch = (): string => randomBytes(6).toString('hex');

  const positionOf = (name: string) =>
    positionScript.run(redis.client, [keyOf(name, 'entries'), keyOf(name, 'epoch')], [freshEpoch(), KEPT_MS]);

  return {
    append: async (name, { id, type, topic = '', data }) => {
      const keys = [keyOf(name, 'entries'), keyOf(name, 'epoch'), keyOf(name, 'ids')];
      const event = [id, type, topic, JSON.stringify(data ?? null)];
      const args = [...event, freshEpoch(), lengthKept, KEPT_MS, idsKept, channel, name];
      return appendScript.run(redis.client, keys, args);
    },
    position: async (name) => {
      const { epoch, last } = await positionOf(name);
      return formatEventId(epoch, last);
    },
    subscribe: (name, request = {}) =>
      followStream({
        client: redis.client,
        live,
        name,
        key: keyOf(name, 'entries'),
        position: () => positionOf(name),
        request,
        bufferMax,
      }),
    close: live.close,
  };
};
