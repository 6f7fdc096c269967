import { isRedisUnavailable } from '@cartwright/platform-redis';
import type { RedisClient } from '@cartwright/platform-redis';
import { compareEntryIds, formatEventId, parseEntry, parseEventId } from './entry.ts';
import type { RawEntry, StreamEntry } from './entry.ts';
import type { LiveFeed } from './live-feed.ts';
import type { StreamPosition } from './scripts.ts';
import type { StreamItem, SubscribeOptions } from './streams.ts';

const BACKLOG_BATCH = 200;
const RETRY_MS = 1_000;

/** Whether everything after `entryId` of `epoch` can still be delivered. */
export const canResume = (position: StreamPosition, epoch: string, entryId: string): boolean => {
  if (epoch !== position.epoch) return false;
  if (compareEntryIds(entryId, position.last) > 0) return false;
  if (!position.trimmed || entryId === position.last) return true;
  // The entries between this one and the oldest kept may be among the trimmed ones.
  return position.first !== '0-0' && compareEntryIds(entryId, position.first) >= 0;
};

type Waiting = { resolve(result: IteratorResult<StreamItem, undefined>): void; reject(error: unknown): void };

const DONE: IteratorResult<StreamItem, undefined> = { done: true, value: undefined };

/**
 * Follows one stream from a place on. It listens before it reads where the stream stands, so nothing falls in between;
 * what both the backlog and the announcements bring is told apart by its id. The buffer is bounded: a consumer that falls
 * behind goes on from Redis at its own pace, and gets a `resync` when the stream was trimmed past it.
 *
 * Written as an iterator by hand, since there are thousands of them: waiting costs one promise, and `return` ends a
 * pending `next`. One `next` at a time.
 */
export const followStream = (options: {
  client: RedisClient;
  live: LiveFeed;
  name: string;
  key: string;
  position: () => Promise<StreamPosition>;
  request: SubscribeOptions;
  bufferMax: number;
}): AsyncIterableIterator<StreamItem, undefined> => {
  const { client, live, name, key, position, bufferMax } = options;
  const { lastEventId, topics, accept } = options.request;
  const wanted = topics && new Set(topics);

  let state: 'new' | 'live' | 'behind' | 'ended' = 'new';
  let reading = false;
  /** While it read, announcements were dropped or missed: it has to read again. */
  let overflowed = false;
  let epoch = '';
  /** The last entry dealt with, and the last id that the consumer was told. */
  let delivered = '0-0';
  let told = '';
  /** Read from the backlog, or signs; goes before what was announced. */
  let ready: StreamItem[] = [];
  let announced: StreamEntry[] = [];
  let waiting: Waiting | undefined;
  let unlisten: (() => void) | undefined;

  /** Whether an entry, now dealt with, is for the consumer. */
  const concerns = (entry: StreamEntry): boolean => {
    delivered = entry.entryId;
    const meant = !wanted || entry.topic === '' || wanted.has(entry.topic);
    return meant && (!accept || accept(entry));
  };

  const restart = (kind: 'ready' | 'resync', from: StreamPosition): void => {
    epoch = from.epoch;
    delivered = from.last;
    ready.push({ kind, id: formatEventId(epoch, delivered) });
  };

  /** Takes the next announced entry that is news; a new epoch means that the stream began anew. */
  const takeAnnounced = (): StreamItem | undefined => {
    while (state === 'live') {
      const entry = announced.shift();
      if (!entry) return undefined;
      if (entry.epoch !== epoch) {
        state = 'behind';
        return undefined;
      }
      if (compareEntryIds(entry.entryId, delivered) > 0 && concerns(entry)) return entry;
    }
    return undefined;
  };

  const take = (): StreamItem | undefined => {
    const item = ready.shift() ?? takeAnnounced();
    if (item) told = item.id;
    return item;
  };

  const isOver = (): boolean => state === 'ended';

  const end = (): void => {
    if (isOver()) return;
    state = 'ended';
    unlisten?.();
    ready = [];
    announced = [];
    waiting?.resolve(DONE);
    waiting = undefined;
  };

  const fail = (error: unknown): void => {
    const { reject } = waiting ?? {};
    waiting = undefined;
    end();
    reject?.(error);
  };

  /** Serves a waiting consumer, from Redis when need be. */
  const serve = (): void => {
    if (!waiting || reading || state === 'ended') return;
    const item = take();
    if (item) {
      const { resolve } = waiting;
      waiting = undefined;
      resolve({ done: false, value: item });
    } else if (state !== 'live') {
      reading = true;
      (state === 'new' ? begin() : catchUp()).then(
        () => {
          reading = false;
          serve();
        },
        (error: unknown) => {
          reading = false;
          // Who follows already waits for Redis; who wants to begin is told that it is away.
          if (state === 'behind' && isRedisUnavailable(error)) setTimeout(serve, RETRY_MS * (0.5 + Math.random()));
          else fail(error);
        },
      );
    }
  };

  const listener = {
    onEntry: (entry: StreamEntry): void => {
      // Behind, it reads from Redis anyhow; while it does, what is announced may come after what is read.
      if (state !== 'live' && !reading) return;
      announced.push(entry);
      if (announced.length > bufferMax) {
        announced = [];
        if (state === 'live') state = 'behind';
        else overflowed = true;
      }
      serve();
    },
    onPassed: (entry: StreamEntry): void => {
      const idle = waiting && state === 'live' && announced.length === 0 && ready.length === 0;
      if (!idle || entry.epoch !== epoch) return;
      if (compareEntryIds(entry.entryId, delivered) > 0) delivered = entry.entryId;
      const id = formatEventId(epoch, delivered);
      if (told === id) return;
      ready.push({ kind: 'checkpoint', id });
      serve();
    },
    onInterruption: (): void => {
      if (state === 'live') state = 'behind';
      else overflowed = true;
      serve();
    },
    onClose: end,
  };
  const begin = async (): Promise<void> => {
    await live.hear();
    if (isOver()) return;
    unlisten = live.listen(name, topics, listener);
    const now = await position();
    if (isOver()) return;
    const from = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    if (from && canResume(now, from.epoch, from.entryId)) {
      epoch = from.epoch;
      delivered = from.entryId;
      told = formatEventId(epoch, delivered);
      state = delivered === now.last && !overflowed ? 'live' : 'behind';
    } else {
      restart(lastEventId === undefined ? 'ready' : 'resync', now);
      state = overflowed ? 'behind' : 'live';
    }
    overflowed = false;
  };

  /** Reads one batch from Redis; the announcements take over when there is no more. */
  const catchUp = async (): Promise<void> => {
    overflowed = false;
    const raw = (await client.xrange(key, `(${delivered}`, '+', 'COUNT', BACKLOG_BATCH)) as RawEntry[];
    // Asked after the read: what was trimmed away before it is noticed then.
    const now = await position();
    if (!canResume(now, epoch, delivered)) {
      restart('resync', now);
    } else {
      for (const one of raw) {
        const entry = parseEntry(one);
        if (entry && entry.epoch !== epoch) {
          // An id of this epoch that never was one: it leads back to an earlier epoch.
          restart('resync', await position());
          return;
        }
        if (entry && concerns(entry)) ready.push(entry);
      }
      if (raw.length === BACKLOG_BATCH) return;
    }
    if (state === 'behind' && !overflowed) state = 'live';
  };

  return {
    next: () => {
      if (state === 'ended') return Promise.resolve(DONE);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        serve();
      });
    },
    return: () => {
      end();
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
