import type { RedisClient } from '@cartwright/platform-redis';
import { expect, it, vi } from 'vitest';
import { parseEntry, type RawEntry, type StreamEntry } from './entry.ts';
import type { StreamListener } from './live-feed.ts';
import { followStream } from './subscription.ts';

const raw = (sequence: number): RawEntry => [
  `${sequence}-0`,
  ['epoch', 'e', 'type', 'said', 'topic', '', 'data', String(sequence)],
];
const entry = (sequence: number): StreamEntry => parseEntry(raw(sequence))!;

/** A subscription to a stream of which the entries up to `last` stand in Redis. */
async function follow({ bufferMax }: { bufferMax: number }) {
  let last = 1;
  let first = 1;
  let listener: StreamListener | undefined;
  let answering = Promise.resolve();
  const xrange = vi.fn(async (_key: string, from: string) => {
    const kept = Array.from({ length: last - first + 1 }, (_, index) => raw(first + index));
    const found = kept.filter(([id]) => `(${id}` > from);
    await answering;
    return found;
  });
  const items = followStream({
    client: { xrange } as unknown as RedisClient,
    live: {
      hear: () => Promise.resolve(),
      listen: (_stream, _topics, given) => {
        listener = given;
        return () => undefined;
      },
      close: () => Promise.resolve(),
    },
    name: 's',
    key: 'k',
    position: () => Promise.resolve({ epoch: 'e', last: `${last}-0`, first: `${first}-0`, trimmed: first > 1 }),
    request: {},
    bufferMax,
  });
  expect((await items.next()).value).toMatchObject({ kind: 'ready' });
  return {
    xrange,
    next: async () => ((await items.next()).value as StreamEntry).entryId,
    /** Has Redis answer only when the returned function is called, with what was there when it was asked. */
    holdAnswers: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      answering = promise;
      return resolve;
    },
    kindOfNext: async () => (await items.next()).value?.kind,
    trimTo: (sequence: number): void => void (first = sequence),
    announce: (sequence: number): void => {
      last = sequence;
      listener?.onEntry(entry(sequence));
    },
  };
}

it('a consumer that keeps up gets what is announced, without a read', async () => {
  const { announce, next, xrange } = await follow({ bufferMax: 3 });
  for (const sequence of [2, 3, 4]) announce(sequence);
  expect([await next(), await next(), await next()]).toEqual(['2-0', '3-0', '4-0']);
  expect(xrange).not.toHaveBeenCalled();
});

it('one that falls behind keeps no more than its buffer, and gets the rest from Redis, each once and in order', async () => {
  const { announce, next, xrange } = await follow({ bufferMax: 3 });
  for (const sequence of [2, 3, 4, 5, 6]) announce(sequence);
  const seen: string[] = [];
  for (let count = 0; count < 5; count += 1) seen.push(await next());
  expect(seen).toEqual(['2-0', '3-0', '4-0', '5-0', '6-0']);
  expect(xrange).toHaveBeenCalledTimes(1);
  announce(7);
  expect(await next()).toBe('7-0');
  expect(xrange).toHaveBeenCalledTimes(1);
});

it('one that falls behind again while it reads misses nothing of that either', async () => {
  const { announce, next, xrange, holdAnswers } = await follow({ bufferMax: 1 });
  for (const sequence of [2, 3]) announce(sequence);
  const answer = holdAnswers();
  const first = next();
  await vi.waitFor(() => expect(xrange).toHaveBeenCalledTimes(1), 10_000);
  for (const sequence of [4, 5, 6]) announce(sequence);
  answer();
  expect([await first, await next(), await next(), await next(), await next()]).toEqual(
    [2, 3, 4, 5, 6].map((sequence) => `${sequence}-0`),
  );
});

it('one whose entries are trimmed away just as it reads them is told to load anew', async () => {
  const { announce, kindOfNext, trimTo, xrange } = await follow({ bufferMax: 3 });
  for (const sequence of [2, 3, 4, 5, 6]) announce(sequence);
  xrange.mockImplementationOnce(() => {
    trimTo(5);
    return Promise.resolve([raw(5), raw(6)]);
  });
  expect(await kindOfNext()).toBe('resync');
});
