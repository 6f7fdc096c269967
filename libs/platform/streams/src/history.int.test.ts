import { createSilentLogger } from '@cartwright/platform-logger';
import { testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createStreams } from './streams.ts';
import type { StreamItem, SubscribeOptions } from './streams.ts';

const logger = createSilentLogger();

async function setUp(options: { lengthKept?: number; idsKept?: number } = {}) {
  const cache = await testRedis();
  const streams = createStreams({ redis: cache.redis, logger, ...options });
  const open: { stop: () => Promise<unknown> }[] = [];
  const key = (part: string) => cache.redis.key('stream', '{s}', part);
  return {
    streams,
    client: cache.redis.client,
    key,
    append: (id: string, topic = '') => streams.append('s', { id, type: 'said', topic, data: id }),
    wipe: () => cache.redis.client.del(key('entries'), key('epoch'), key('ids')),
    follow: (request: SubscribeOptions = {}) => {
      const items: StreamItem[] = [];
      const subscription = streams.subscribe('s', request);
      const ended = (async () => {
        for await (const item of subscription) items.push(item);
      })();
      const stop = async () => {
        await subscription.return?.();
        await ended;
      };
      open.push({ stop });
      const told = () => items.map((item) => (item.kind === 'event' ? item.data : item.kind));
      return { items, told, stop };
    },
    [Symbol.asyncDispose]: async () => {
      for (const { stop } of open) await stop();
      await streams.close();
      await cache[Symbol.asyncDispose]();
    },
  };
}

describe('the life of a stream', () => {
  it('begins anew with another run of Redis, which may have come back without its last entries', async () => {
    await using s = await setUp();
    const first = (await s.append('a')) ?? '';
    const live = s.follow();
    await expect.poll(live.told).toEqual(['ready']);
    const life = await s.client.get(s.key('epoch'));
    await s.client.set(s.key('epoch'), `${life?.split(':')[0]}:another1run`);
    const resumed = s.follow({ lastEventId: first });
    await expect.poll(resumed.told).toEqual(['resync']);
    await s.append('b');
    await expect.poll(resumed.told).toEqual(['resync', 'b']);
    // Who followed all the time hears of it with the next entry at the latest.
    await expect.poll(live.told).toEqual(['ready', 'resync']);
    await s.append('c');
    await expect.poll(live.told).toEqual(['ready', 'resync', 'c']);
  });

  it('begins anew after a wipe also when the clock went back meanwhile', async () => {
    await using s = await setUp();
    await s.append('a');
    const [epoch] = (await s.client.get(s.key('epoch')))?.split(':') ?? [];
    const future = '9999999999999-0';
    await s.client.xadd(s.key('entries'), future, 'epoch', epoch ?? '', 'id', 'x', 'type', 'said', 'data', '"x"');
    const live = s.follow({ lastEventId: `${epoch}_${future}` });
    const fresh = s.follow();
    await expect.poll(fresh.told).toEqual(['ready']);
    await s.wipe();
    const next = (await s.append('b')) ?? '';
    expect(Number(next.split('_')[1]?.split('-')[0])).toBeLessThan(9_999_999_999_999);
    await expect.poll(() => [live.told(), fresh.told()]).toEqual([['resync'], ['ready', 'resync']]);
    await s.append('c');
    await expect
      .poll(() => [live.told(), fresh.told()])
      .toEqual([
        ['resync', 'c'],
        ['ready', 'resync', 'c'],
      ]);
  });

  it('is not confused by an id that claims an old entry for the epoch of now', async () => {
    await using s = await setUp();
    const old = (await s.append('a')) ?? '';
    await s.append('b');
    await s.client.del(s.key('epoch'));
    const now = (await s.append('c')) ?? '';
    const forged = s.follow({ lastEventId: `${now.split('_')[0]}_${old.split('_')[1]}` });
    await expect.poll(forged.told).toEqual(['resync']);
    await s.append('d');
    await expect.poll(forged.told).toEqual(['resync', 'd']);
  });

  it('remembers events longer than it keeps their entries', async () => {
    await using s = await setUp({ lengthKept: 100, idsKept: 2_000 });
    for (let number = 0; number < 1_000; number += 1) await s.append(`e${number}`);
    expect(await s.client.xlen(s.key('entries'))).toBeLessThan(300);
    expect(await s.append('e0')).toBeNull();
    for (let number = 1_000; number < 2_001; number += 1) await s.append(`e${number}`);
    expect(await s.client.zcard(s.key('ids'))).toBe(2_000);
  });
});

describe('topics', () => {
  it('reach those who asked for them, from the backlog and live; what has none reaches all', async () => {
    await using s = await setUp();
    const start = await s.streams.position('s');
    await s.append('a1', 'a');
    await s.append('b1', 'b');
    const [ofA, ofB, all] = [['a', 'x'], ['b'], undefined].map((topics) => s.follow({ lastEventId: start, topics }));
    await expect.poll(() => [ofA?.told(), ofB?.told(), all?.told()]).toEqual([['a1'], ['b1'], ['a1', 'b1']]);
    await s.append('to all');
    await s.append('a2', 'a');
    await expect
      .poll(() => [ofA?.told(), ofB?.told(), all?.told()])
      .toEqual([
        ['a1', 'to all', 'a2'],
        ['b1', 'to all'],
        ['a1', 'b1', 'to all', 'a2'],
      ]);
  });

  it('that come thick and fast are thinned out to the latest, in order', async () => {
    await using s = await setUp();
    const follower = s.follow();
    await expect.poll(follower.told).toEqual(['ready']);
    await s.append('a0', 'a');
    // In one go: on a busy machine one after the other would come too far apart.
    await Promise.all(Array.from({ length: 49 }, (_, index) => s.append(`a${index + 1}`, 'a')));
    await s.append('b0', 'b');
    await expect.poll(follower.told).toContain('b0');
    const told = follower.told().slice(1);
    expect(told[0]).toBe('a0');
    expect(told.slice(-2)).toEqual(['a49', 'b0']);
    expect(told.length).toBeLessThan(20);
  });

  it('tell a follower of quiet ones now and then how far the stream is, so that it resumes there', async () => {
    await using s = await setUp({ lengthKept: 1_000 });
    const quiet = s.follow({ topics: ['quiet'] });
    const never = s.follow({ accept: () => false });
    await expect.poll(() => [quiet.told(), never.told()]).toEqual([['ready'], ['ready']]);
    for (let number = 0; number < 1_200; number += 1) await s.append(`l${number}`, `loud${number}`);
    await expect.poll(() => quiet.told().at(-1)).toBe('checkpoint');
    await expect.poll(() => never.told().at(-1)).toBe('checkpoint');
    const from = quiet.items.at(-1)?.id;
    await quiet.stop();
    const again = s.follow({ topics: ['quiet'], lastEventId: from });
    await s.append('news', 'quiet');
    await expect.poll(again.told).toEqual(['news']);
  });
});

describe('a subscription', () => {
  it('ends while it waits, and costs nothing afterwards', async () => {
    await using s = await setUp();
    const subscription = s.streams.subscribe('s');
    expect((await subscription.next()).value).toMatchObject({ kind: 'ready' });
    const waiting = subscription.next();
    await subscription.return?.();
    expect((await waiting).done).toBe(true);
    await s.append('a');
    expect((await subscription.next()).done).toBe(true);
  });
});
