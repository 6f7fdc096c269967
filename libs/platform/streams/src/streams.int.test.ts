import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createStreams } from './streams.ts';
import type { StreamItem, Streams } from './streams.ts';

const logger = createSilentLogger();

/** Follows a stream into a list until it is stopped. */
const follow = (streams: Streams, name: string, lastEventId?: string) => {
  const items: StreamItem[] = [];
  const subscription = streams.subscribe(name, { lastEventId });
  const ended = (async () => {
    for await (const item of subscription) items.push(item);
  })();
  return {
    items,
    data: () => items.flatMap((item) => (item.kind === 'event' ? [item.data] : [])),
    stop: async () => {
      await subscription.return?.();
      await ended;
    },
  };
};

const append = (streams: Streams, name: string, number: number) =>
  streams.append(name, { id: `e${number}`, type: 'counted', data: number });

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe('streams', () => {
  it('append an event once, however often and concurrently it is tried', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => append(streams, 's', 1)));
    expect(outcomes.filter((id) => id !== null)).toHaveLength(1);
    expect(await append(streams, 's', 1)).toBeNull();
    await streams.close();
  });

  it('deliver live, in order, to all followers, over one connection', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger });
    const followers = [...range(0, 20).map(() => follow(streams, 'a')), follow(streams, 'b')];
    await expect.poll(() => followers.every(({ items }) => items[0]?.kind === 'ready')).toBe(true);
    for (const number of range(0, 100)) await append(streams, 'a', number);
    await append(streams, 'b', 7);
    await expect.poll(() => followers.map(({ data }) => data().length)).toEqual([...range(0, 20).map(() => 100), 1]);
    expect(followers[0]?.data()).toEqual(range(0, 100));
    expect(followers.at(-1)?.data()).toEqual([7]);
    const [, connections] = (await cache.redis.client.pubsub('NUMSUB', `${cache.prefix}:streams`)) as [string, number];
    expect(connections).toBe(1);
    await Promise.all(followers.map(({ stop }) => stop()));
    await streams.close();
  });

  it('resume on another instance without gap or repetition while events go on', async () => {
    await using cache = await testRedis();
    const instances = [createStreams({ redis: cache.redis, logger }), createStreams({ redis: cache.redis, logger })];
    const [first, second] = instances as [Streams, Streams];
    let from = await first.position('s');
    const seen: unknown[] = [];
    const writing = (async () => {
      for (const number of range(0, 600)) await append(first, 's', number);
    })();
    for (let turn = 0; seen.length < 600; turn += 1) {
      const follower = follow(turn % 2 === 0 ? second : first, 's', from);
      await expect.poll(() => follower.data().length, { interval: 2 }).toBeGreaterThan(0);
      await follower.stop();
      seen.push(...follower.data());
      from = follower.items.at(-1)?.id ?? from;
      expect(follower.items.every(({ kind }) => kind === 'event')).toBe(true);
    }
    await writing;
    expect(seen).toEqual(range(0, 600));
    await Promise.all(instances.map((streams) => streams.close()));
  });

  it('say resync for ids that are trimmed away, above, of another epoch, or forged', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger, lengthKept: 100 });
    const start = await streams.position('s');
    const first = await append(streams, 's', 0);
    await Promise.all(range(1, 1_000).map((number) => append(streams, 's', number)));
    const end = await streams.position('s');
    const [epoch] = end.split('_');
    const ids = [
      start,
      first ?? '',
      `${epoch}_99999999999999-0`,
      end.replace(/^./, 'x'),
      'nonsense',
      '',
      `${epoch}_0-0`,
    ];
    for (const id of ids) {
      const follower = follow(streams, 's', id);
      await expect.poll(() => follower.items).toEqual([{ kind: 'resync', id: end }]);
      await follower.stop();
    }
    const follower = follow(streams, 's', end);
    const next = await append(streams, 's', 1_000);
    await expect.poll(() => follower.items).toMatchObject([{ kind: 'event', id: next, type: 'counted', data: 1_000 }]);
    await follower.stop();
    await streams.close();
  });

  it('let a slow follower catch up from Redis instead of filling memory', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger, bufferMax: 10 });
    const iterator = streams.subscribe('s');
    expect((await iterator.next()).value).toMatchObject({ kind: 'ready' });
    const fast = follow(streams, 's');
    await expect.poll(() => fast.items.length).toBe(1);
    for (const number of range(0, 300)) await append(streams, 's', number);
    await expect.poll(() => fast.data().length).toBe(300);
    const seen: unknown[] = [];
    while (seen.length < 300) {
      const { value } = await iterator.next();
      if (value?.kind === 'event') seen.push(value.data);
    }
    expect(seen).toEqual(range(0, 300));
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
    await fast.stop();
    await streams.close();
  });

  it('go on after Redis was away, with a resync when it came back empty', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger });
    const streams = createStreams({ redis, logger });
    const follower = follow(streams, 's');
    await expect.poll(() => follower.items.length).toBe(1);
    await append(streams, 's', 1);
    await expect.poll(() => follower.data()).toEqual([1]);
    await server.stop();
    await using again = await startRedisServer({ port: server.port });
    await expect.poll(() => follower.items.at(-1)?.kind, { timeout: 10_000 }).toBe('resync');
    await expect.poll(() => append(streams, 's', 2).then(() => again.port), { timeout: 5_000 }).toBe(server.port);
    await expect.poll(() => follower.data()).toEqual([1, 2]);
    await follower.stop();
    await streams.close();
    await redis.close();
  });

  it('say resync when a live stream is wiped under its followers', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger });
    const follower = follow(streams, 's');
    await expect.poll(() => follower.items.length).toBe(1);
    await append(streams, 's', 1);
    await expect.poll(() => follower.data()).toEqual([1]);
    await cache.redis.client.del(...(await cache.redis.client.keys(`${cache.prefix}:stream:*`)));
    await append(streams, 's', 2);
    await expect.poll(() => follower.items.at(-1)?.kind).toBe('resync');
    await append(streams, 's', 3);
    await expect.poll(() => follower.data()).toEqual([1, 3]);
    await follower.stop();
    await streams.close();
  });

  it('end all followers when closed', async () => {
    await using cache = await testRedis();
    const streams = createStreams({ redis: cache.redis, logger });
    const follower = follow(streams, 's');
    await expect.poll(() => follower.items.length).toBe(1);
    await streams.close();
    await follower.stop();
  });
});
