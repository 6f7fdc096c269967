import { createSilentLogger } from '@cartwright/platform-logger';
import { startRedisServer, startTcpProxy, testRedis, timeLimit, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChangeChannel, type ChangeChannel } from './change-channel.ts';
import { createRedis, type Redis } from './redis.ts';

const logger = createSilentLogger();
const PATIENCE = { timeout: 10_000, interval: 10 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

let names = 0;
const channelOf = (given: Redis, name = `c${(names += 1)}`): ChangeChannel =>
  createChangeChannel({ redis: given, name, logger });

/** A watcher, and what it was told in its order; `missed` where it was told that it missed something. */
function watcher(channel: ChangeChannel) {
  const told: string[] = [];
  const watch = channel.watch({
    onChange: (ids) => told.push(ids.join(' ')),
    onMissed: () => told.push('missed'),
  });
  const hears = () => expect.poll(() => watch.version(), PATIENCE).not.toBeNull();
  return { ...watch, told, hears };
}

describe('a channel of changes', () => {
  it('tells every watcher, with a version that is never the same', async () => {
    const channel = channelOf(redis.redis);
    const watchers = [watcher(channel), watcher(channel)];
    for (const { hears } of watchers) await hears();
    const versions = new Set([watchers[0]?.version()]);
    for (const ids of [['a', 'b'], ['c'], []]) {
      await channel.announce(ids);
      await expect.poll(() => versions.has(watchers[0]?.version()), PATIENCE).toBe(false);
      versions.add(watchers[0]?.version());
    }
    for (const { told } of watchers) await expect.poll(() => told, PATIENCE).toEqual(['a b', 'c', '']);
    expect(watchers[0]?.version()).toBe(watchers[1]?.version());
    for (const { close } of watchers) close();
    expect(watchers.map(({ version }) => version())).toEqual([null, null]);
  });

  it('has another version after Redis was emptied', async () => {
    await using server = await startRedisServer();
    const own = await createRedis({ url: server.url, prefix: 'x', logger });
    const channel = channelOf(own);
    const before = watcher(channel);
    await before.hears();
    await own.client.flushall();
    const after = watcher(channel);
    await after.hears();
    expect(after.version()).not.toBe(before.version());
    await own.close();
  });

  it('says at once that a cut connection hears nothing, and afterwards whether something was missed', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const behind = await createRedis({ url: proxy.through(server.url), prefix: 'x', logger });
    const outside = await createRedis({ url: server.url, prefix: 'x', logger });
    const watching = watcher(channelOf(behind, 'cut'));
    const channel = channelOf(outside, 'cut');
    await watching.hears();

    const version = watching.version();
    await proxy.refuse();
    proxy.cut();
    await expect.poll(watching.version, PATIENCE).toBeNull();
    await proxy.pass();
    await watching.hears();
    expect([watching.version(), watching.told]).toEqual([version, []]);

    await proxy.refuse();
    proxy.cut();
    await expect.poll(watching.version, PATIENCE).toBeNull();
    await channel.announce(['a']);
    await proxy.pass();
    await watching.hears();
    expect(watching.told).toEqual(['missed']);
    watching.close();
    for (const each of [behind, outside]) await each.close();
  });

  it('knows within a second of a connection that looks open and leads nowhere', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const behind = await createRedis({ url: proxy.through(server.url), prefix: 'x', logger });
    const watching = watcher(channelOf(behind));
    await watching.hears();
    proxy.halfOpen();
    await expect.poll(watching.version, { ...PATIENCE, timeout: timeLimit(1_000) }).toBeNull();
    watching.close();
    await proxy.refuse();
    proxy.cut();
    await behind.close();
  });

  it('can be watched while Redis is away, and hears when it is back', async () => {
    const server = await startRedisServer();
    const own = await createRedis({ url: server.url, prefix: 'x', logger });
    await server.stop();
    const watching = watcher(channelOf(own, 'back'));
    expect(watching.version()).toBeNull();
    await using again = await startRedisServer({ port: server.port });
    await watching.hears();
    expect(again.port).toBe(server.port);
    watching.close();
    await own.close();
  });
});
