import { DomainError } from '@cartwright/domain-errors';
import { createSilentLogger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import { createRedis } from '@cartwright/platform-redis';
import { fixedClock, startRedisServer, startTcpProxy, testMongo, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { nameIntent } from './intent.ts';
import { createIdempotencyKeys, type Claim } from './keys.ts';
import { createIdempotencyRecords, type NoteResult } from './records.ts';

const given = { caller: 'user:u', procedure: 'orders.place', key: 'key-of-sixteen-chars', input: { a: 1 } };
const intent = nameIntent(given);

describe('naming an intent', () => {
  it('keeps callers, procedures and keys apart, and tells none of them', () => {
    const others = [
      { ...given, caller: 'user:v' },
      { ...given, procedure: 'orders.pay' },
      { ...given, key: 'another-key-of-chars' },
    ].map(nameIntent);
    expect(new Set([intent, ...others].map(({ id }) => id)).size).toBe(4);
    expect(JSON.stringify(intent)).not.toMatch(/user:u|sixteen/);
    // A key may hold whatever sign the parts are joined by.
    const joined = [',', '/', '"', '","', '\\'].flatMap((sign) => [
      nameIntent({ ...given, key: `x${sign}y` }),
      nameIntent({ ...given, procedure: `${given.procedure}${sign}x`, key: 'y' }),
    ]);
    expect(new Set(joined.map(({ id }) => id)).size).toBe(joined.length);
  });

  it('knows an input again whatever the order of its fields, and without undefined ones', () => {
    const same = nameIntent({ ...given, input: { b: undefined, a: 1 } });
    expect(same).toEqual(intent);
    expect(nameIntent({ ...given, input: { a: 2 } }).fingerprint).not.toBe(intent.fingerprint);
  });
});

describe('keys', () => {
  const claimed = async (keys: ReturnType<typeof createIdempotencyKeys>): Promise<Claim> => {
    const begun = await keys.begin(intent);
    if (begun.state !== 'begun') throw new Error(`Not begun: ${begun.state}`);
    return begun.claim;
  };

  it('let one of many begin, and answer the others with what it kept', async () => {
    await using cache = await testRedis();
    const instances = [createIdempotencyKeys(cache), createIdempotencyKeys(cache)];
    const begun = await Promise.all(Array.from({ length: 40 }, (_, index) => instances[index % 2]?.begin(intent)));
    const states = begun.map((one) => one?.state);
    expect(states.filter((state) => state === 'begun')).toHaveLength(1);
    expect(states.filter((state) => state === 'running')).toHaveLength(39);
    const first = begun.find((one) => one?.state === 'begun');
    expect(await (first as { claim: Claim }).claim.keep('the answer')).toBe(true);
    expect(await instances[0]?.begin(intent)).toEqual({ state: 'answered', answer: 'the answer' });

    const other = nameIntent({ ...given, input: { a: 2 } });
    expect(await instances[1]?.begin(other)).toEqual({ state: 'reused' });
    const [entry = ''] = await cache.redis.client.keys(`${cache.prefix}:*`);
    expect(await cache.redis.client.pttl(entry)).toBeGreaterThan(23.9 * 3_600_000);
  });

  it('are free again after a refusal, for other input too', async () => {
    await using cache = await testRedis();
    const keys = createIdempotencyKeys(cache);
    await (await claimed(keys)).free();
    expect((await keys.begin(nameIntent({ ...given, input: { a: 2 } }))).state).toBe('begun');
  });

  it('are held by a living call for as long as it runs', async () => {
    await using cache = await testRedis();
    const keys = createIdempotencyKeys({ ...cache, leaseMs: 150 });
    const claim = await claimed(keys);
    const [entry = ''] = await cache.redis.client.keys(`${cache.prefix}:*`);
    const begunAt = performance.now();
    let renewals = 0;
    let before = 150;
    // What is left of the lease grows only by a renewal.
    await expect
      .poll(
        async () => {
          const left = await cache.redis.client.pttl(entry);
          if (left > before) renewals += 1;
          before = left;
          return renewals >= 4 && performance.now() - begunAt > 300;
        },
        { interval: 5 },
      )
      .toBe(true);
    expect((await keys.begin(intent)).state).toBe('running');
    expect(await claim.keep('done')).toBe(true);
  });

  it('pass to the next call when their holder is gone, which then can store nothing any more', async () => {
    await using cache = await testRedis();
    const dead = createIdempotencyKeys({ ...cache, leaseMs: 2_000_000_000 });
    const late = await claimed(dead);
    const [entry = ''] = await cache.redis.client.keys(`${cache.prefix}:*`);
    // Its lease ends without a renewal, as when the process stands still.
    await cache.redis.client.pexpire(entry, 1);
    const keys = createIdempotencyKeys(cache);
    await expect.poll(async () => (await keys.begin(intent)).state).toBe('begun');
    expect(await late.keep('too late')).toBe(false);
    await late.free();
    expect((await keys.begin(intent)).state).toBe('running');
  });

  it('know a claim again whose answer was lost on the way', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy({ target: server.port });
    const given = { prefix: 'x', logger: createSilentLogger() };
    const redis = await createRedis({ ...given, url: proxy.through(server.url) });
    const elsewhere = await createRedis({ ...given, url: server.url });
    const keys = createIdempotencyKeys({ redis });
    await (await claimed(keys)).free();
    // Redis takes the command and its answer never arrives; the driver connects anew and sends it again.
    proxy.halfOpen('to-client');
    const beginning = keys.begin(intent);
    await expect.poll(() => elsewhere.client.exists(elsewhere.key('intent', intent.id))).toBe(1);
    await proxy.pass();
    expect((await beginning).state).toBe('begun');
    await Promise.all([redis.close(), elsewhere.close()]);
  });

  it('begin nothing while Redis is away, and say so soon', async () => {
    const server = await startRedisServer();
    const redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger(), timeoutMs: 300 });
    const keys = createIdempotencyKeys({ redis });
    const claim = await claimed(keys);
    server.pause();
    await expect(keys.begin(nameIntent({ ...given, caller: 'user:v' }))).rejects.toThrow();
    await expect(claim.keep('done')).rejects.toThrow();
    server.resume();
    await server.stop();
    await redis.close();
  });
});

describe('records', () => {
  const effectOf = (mongo: Pick<Mongo, 'transaction'>, resultId: string) => {
    let runs = 0;
    return {
      runs: () => runs,
      effect: async (note: NoteResult) => {
        runs += 1;
        await mongo.transaction((tx) => note(resultId, tx));
        return resultId;
      },
    };
  };

  it('let an effect happen once, and answer its result again', async () => {
    await using db = await testMongo();
    const records = createIdempotencyRecords({ mongo: db.mongo, clock: fixedClock() });
    await records.ensureIndexes();
    const { effect, runs } = effectOf(db.mongo, 'order');
    expect(await records.once(intent, effect)).toEqual({ resultId: 'order', replayed: false });
    expect(await records.once(intent, effect)).toEqual({ resultId: 'order', replayed: true });
    expect(runs()).toBe(1);
    const other = nameIntent({ ...given, input: { a: 2 } });
    await expect(records.once(other, effect)).rejects.toThrow('IDEMPOTENCY_KEY_REUSED');
  });

  it('let one of many at once commit, and answer it to all', async () => {
    await using db = await testMongo();
    const records = createIdempotencyRecords({ mongo: db.mongo, clock: fixedClock() });
    await records.ensureIndexes();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => records.once(intent, effectOf(db.mongo, `order-${index}`).effect)),
    );
    expect(new Set(results.map(({ resultId }) => resultId)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('leave nothing of a refusal', async () => {
    await using db = await testMongo();
    const records = createIdempotencyRecords({ mongo: db.mongo, clock: fixedClock() });
    const refusal = records.once(intent, (note) =>
      db.mongo.transaction(async (tx) => {
        await note('order', tx);
        throw new DomainError('CART_EMPTY');
      }),
    );
    await expect(refusal).rejects.toThrow('CART_EMPTY');
    expect((await records.once(intent, effectOf(db.mongo, 'now').effect)).replayed).toBe(false);
  });

  it('answer with what a concurrent call did that made this one fail', async () => {
    await using db = await testMongo();
    const records = createIdempotencyRecords({ mongo: db.mongo, clock: fixedClock() });
    const beaten = async (note: NoteResult): Promise<string> => {
      await db.mongo.transaction((tx) => note('theirs', tx));
      throw new DomainError('CART_CHANGED', { cartVersion: 2 });
    };
    expect(await records.once(intent, beaten)).toEqual({ resultId: 'theirs', replayed: true });
  });

  it('are kept for thirty days', async () => {
    await using db = await testMongo();
    const records = createIdempotencyRecords({ mongo: db.mongo, clock: fixedClock() });
    await records.ensureIndexes();
    const indexes = await db.mongo.connection.collection('idempotencyRecords').indexes();
    expect(indexes.find(({ key }) => 'createdAt' in key)?.expireAfterSeconds).toBe(30 * 86_400);
  });
});
