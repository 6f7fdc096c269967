import type { RedisClient } from '@cartwright/platform-redis';
import { compareEntryIds, formatEventId, parseEntry, parseEventId } from './entry.ts';
import type { RawEntry, StreamEntry } from './entry.ts';
import type { SharedReader } from './reader.ts';
import type { StreamPosition } from './scripts.ts';
import type { StreamItem } from './streams.ts';

const BACKLOG_BATCH = 200;

/** Whether everything after `entryId` of `epoch` can still be delivered. */
export const canResume = (position: StreamPosition, epoch: string, entryId: string): boolean => {
  if (epoch !== position.epoch) return false;
  if (compareEntryIds(entryId, position.last) > 0) return false;
  if (!position.trimmed || entryId === position.last) return true;
  // The entries between this one and the oldest kept may be among the trimmed ones.
  return position.first !== '0-0' && compareEntryIds(entryId, position.first) >= 0;
};

/**
 * Follows one stream from a place on. The live listener is registered before the backlog is read, so nothing falls in
 * between; what both deliver is told apart by its id. The live buffer is bounded: a consumer that falls behind goes on
 * from Redis at its own pace, and gets a `resync` when the stream was trimmed past it.
 */
export async function* followStream(options: {
  client: RedisClient;
  reader: SharedReader;
  streamKey: string;
  position: () => Promise<StreamPosition>;
  lastEventId: string | undefined;
  signal: AbortSignal;
  bufferMax: number;
}): AsyncGenerator<StreamItem, void, undefined> {
  const { client, reader, streamKey, position, lastEventId, signal, bufferMax } = options;
  if (signal.aborted) return;

  let buffer: StreamEntry[] = [];
  let behind = false;
  let interrupted = false;
  let wake: (() => void) | undefined;
  const notify = (): void => wake?.();

  const start = await position();
  const unlisten = reader.listen(streamKey, start.last, {
    onEntry: (entry) => {
      if (buffer.length >= bufferMax) {
        buffer = [];
        behind = true;
      }
      if (!behind) buffer.push(entry);
      notify();
    },
    onInterruption: () => {
      interrupted = true;
      notify();
    },
  });
  signal.addEventListener('abort', notify);

  let epoch = start.epoch;
  let delivered = start.last;

  const restart = (from: StreamPosition): StreamItem => {
    epoch = from.epoch;
    delivered = from.last;
    return { kind: 'resync', id: formatEventId(epoch, delivered) };
  };

  const fresh = (entry: StreamEntry): boolean => compareEntryIds(entry.id, delivered) > 0;
  const itemOf = (entry: StreamEntry): StreamItem => {
    delivered = entry.id;
    return { kind: 'event', id: formatEventId(epoch, entry.id), type: entry.type, data: entry.data };
  };

  async function* readBacklog(): AsyncGenerator<StreamItem, void, undefined> {
    while (!signal.aborted) {
      const raw = (await client.xrange(streamKey, `(${delivered}`, '+', 'COUNT', BACKLOG_BATCH)) as RawEntry[];
      for (const one of raw) {
        const entry = parseEntry(one);
        if (!entry) continue;
        if (entry.epoch !== epoch) {
          yield restart(await position());
          return;
        }
        yield itemOf(entry);
      }
      if (raw.length < BACKLOG_BATCH) return;
    }
  }

  try {
    if (lastEventId === undefined) {
      yield { kind: 'ready', id: formatEventId(epoch, delivered) };
    } else {
      const from = parseEventId(lastEventId);
      const now = await position();
      if (from && canResume(now, from.epoch, from.entryId)) {
        epoch = from.epoch;
        delivered = from.entryId;
      } else {
        yield restart(now);
      }
    }
    yield* readBacklog();

    while (!signal.aborted) {
      if (interrupted || behind) {
        interrupted = false;
        behind = false;
        buffer = [];
        const now = await position();
        if (canResume(now, epoch, delivered)) yield* readBacklog();
        else yield restart(now);
        continue;
      }
      const entry = buffer.shift();
      if (!entry) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || buffer.length > 0 || interrupted || behind) resolve();
        });
        wake = undefined;
      } else if (entry.epoch !== epoch) {
        yield restart(await position());
      } else if (fresh(entry)) {
        yield itemOf(entry);
      }
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', notify);
  }
}
