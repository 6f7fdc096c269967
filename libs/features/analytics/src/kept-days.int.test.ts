import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis } from '@cartwright/platform-redis';
import { startRedisServer, startTcpProxy, testRedis, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { daysBetween, type Period } from './calendar.ts';
import { createDayVersions } from './day-versions.ts';
import { createKeptDays } from './kept-days.ts';

const timezone = 'Europe/Berlin';
const logger = createSilentLogger();
// Of 23 hours the second.
const period = { from: new Date('2026-03-27T23:00:00Z'), to: new Date('2026-03-31T22:00:00Z') };
const days = ['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31'];

let cache: TestRedis;
beforeAll(async () => {
  cache = await testRedis();
});
afterAll(() => cache[Symbol.asyncDispose]());

/** A process that counts how it reads a "database", which says of each day what it was set to last. */
function processOf(name: string, redis = cache.redis, answerMs = 30_000) {
  const own = { client: redis.client, key: (...parts: string[]) => redis.key(name, ...parts) };
  const versions = createDayVersions({ redis: own, timezone });
  const truth = new Map<string, number>();
  const loads: string[][] = [];
  let loading: () => Promise<void> = async () => undefined;
  const shelf = {
    name: 'test',
    nothing: 0,
    async load({ from, to }: Period) {
      const touched = daysBetween(timezone, from, to);
      loads.push(touched);
      const found = new Map(touched.flatMap((day) => (truth.has(day) ? [[day, truth.get(day) ?? 0]] : [])));
      await loading();
      return found;
    },
  };
  const instance = () => createKeptDays({ versions, redis: own, cache: own, timezone, logger, answerMs });
  const kept = instance();
  return {
    truth,
    loads,
    versions,
    instance,
    shelf,
    own,
    read: (from = kept, of = period) => from.read(shelf, of),
    whileLoading: (work: () => Promise<void>) => void (loading = work),
    async change(day: string, value: number) {
      truth.set(day, value);
      await versions.renew([day]);
    },
  };
}

describe('figures kept by day', () => {
  it('are read of the database once, also for those of another process, days without anything included', async () => {
    const shop = processOf('once');
    await shop.change('2026-03-29', 7);
    const expected = [
      ['2026-03-28', 0],
      ['2026-03-29', 7],
      ['2026-03-30', 0],
      ['2026-03-31', 0],
    ];
    expect(await shop.read()).toEqual(expected);
    expect(await shop.read()).toEqual(expected);
    expect(await shop.read(shop.instance())).toEqual(expected);
    expect(shop.loads).toEqual([days]);
  });

  it('are read anew for days that changed, and for no others', async () => {
    const shop = processOf('changed');
    await shop.read();
    await shop.change('2026-03-29', 5);
    await shop.change('2026-03-31', 6);
    expect(await shop.read()).toEqual([
      ['2026-03-28', 0],
      ['2026-03-29', 5],
      ['2026-03-30', 0],
      ['2026-03-31', 6],
    ]);
    expect(shop.loads.slice(1)).toEqual([['2026-03-29'], ['2026-03-31']]);
  });

  it('of many days are fetched and kept some at a time, so that none waits long for them', async () => {
    const shop = processOf('many');
    const year = { from: new Date('2025-03-27T23:00:00Z'), to: new Date('2026-03-27T23:00:00Z') };
    shop.truth.set('2025-03-28', 1).set('2025-12-31', 2).set('2026-03-27', 3);
    const expected = await shop.read(undefined, year);
    expect(expected).toHaveLength(365);
    const fetches = vi.spyOn(cache.redis.client, 'mget');
    expect(await shop.read(shop.instance(), year)).toEqual(expected);
    const sizes = fetches.mock.calls.map(([keys]) => (keys as unknown as string[]).length);
    fetches.mockRestore();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(31);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(365);
    expect(shop.loads).toHaveLength(1);
  });

  it('are read once for all who ask at the same time', async () => {
    const shop = processOf('flight');
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.read()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(shop.loads).toEqual([days]);
  });

  it('that were read before a change are not kept after it', async () => {
    const shop = processOf('race');
    shop.whileLoading(async () => {
      shop.whileLoading(async () => undefined);
      await shop.change('2026-03-30', 9);
    });
    await shop.read();
    expect((await shop.read())[2]).toEqual(['2026-03-30', 9]);
  });

  it('that were read before a change are not kept after it, though Redis forgets everything meanwhile', async () => {
    const shop = processOf('flushed');
    shop.whileLoading(async () => {
      shop.whileLoading(async () => undefined);
      shop.truth.set('2026-03-30', 9);
      const keys = await shop.own.client.keys(shop.own.key('*'));
      await shop.own.client.del(...keys);
    });
    await shop.read();
    expect((await shop.read())[2]).toEqual(['2026-03-30', 9]);
  });

  it('are right beside parts of days, which are not kept', async () => {
    const shop = processOf('edges');
    shop.truth.set('2026-03-28', 1).set('2026-03-29', 2).set('2026-03-30', 3);
    const wide = { from: new Date('2026-03-28T10:00:00Z'), to: new Date('2026-03-30T10:00:00Z') };
    for (let times = 0; times < 2; times += 1) {
      expect(await shop.read(undefined, wide)).toEqual([
        ['2026-03-28', 1],
        ['2026-03-29', 2],
        ['2026-03-30', 3],
      ]);
    }
    const sorted = shop.loads.map((load) => load.join()).toSorted();
    expect(sorted).toEqual(['2026-03-28', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-30']);
  });

  it('tell a failure to those who wait for it, and keep none', async () => {
    const shop = processOf('failing');
    shop.whileLoading(async () => {
      throw new Error('away');
    });
    await expect(Promise.all([shop.read(), shop.read()])).rejects.toThrow('away');
    shop.whileLoading(async () => undefined);
    expect(await shop.read()).toHaveLength(4);
  });

  it('are made anew when what is there is something else', async () => {
    const shop = processOf('else');
    shop.truth.set('2026-03-28', 4);
    await shop.read();
    const keys = await shop.own.client.keys(shop.own.key('figures', '*', 'test', '*'));
    expect(keys).toHaveLength(4);
    for (const key of keys) await shop.own.client.set(key, '{');
    expect((await shop.read())[0]).toEqual(['2026-03-28', 4]);
  });

  it('are read of the database while Redis is away, and nothing is said to be new', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const redis = await createRedis({ url: proxy.through(server.url), prefix: 'x', logger, timeoutMs: 500 });
    const shop = processOf('away', redis, 500);
    shop.truth.set('2026-03-29', 3);
    await shop.read();
    await proxy.refuse();
    proxy.cut();
    await expect(shop.versions.renew(['2026-03-29'])).rejects.toThrow();
    shop.truth.set('2026-03-29', 4);
    expect((await shop.read())[1]).toEqual(['2026-03-29', 4]);
    await redis.close();
  });

  it('are not what they were before, when Redis starts anew without what it was told last', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cartwright-figures-'));
    await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
    const [dataDir, copy] = [join(folder, 'redis'), join(folder, 'copy')];
    await mkdir(dataDir);
    const server = await startRedisServer({ dataDir });
    const redis = await createRedis({ url: server.url, prefix: 'x', logger });
    const shop = processOf('older', redis);
    await shop.change('2026-03-29', 3);
    await shop.read();
    await cp(dataDir, copy, { recursive: true });
    // Told and not read: what is kept is of the version before, which comes back with the older file.
    await shop.change('2026-03-29', 4);
    await server.stop();
    await rm(dataDir, { recursive: true });
    await cp(copy, dataDir, { recursive: true });
    await using _again = await startRedisServer({ dataDir, port: server.port });
    await expect
      .poll(
        () =>
          redis.ping().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    expect((await shop.read())[1]).toEqual(['2026-03-29', 4]);
    await redis.close();
  });
});
