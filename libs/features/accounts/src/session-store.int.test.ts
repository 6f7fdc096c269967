import { fixedClock, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createRefreshTokens, type RefreshToken } from './refresh-token.ts';
import { createSessionStore, type Session } from './session-store.ts';
import { watchEndedSessions } from './session-watch.ts';

const tokens = createRefreshTokens({ key: 'k'.repeat(32) });

const open = async () => {
  const cache = await testRedis();
  const clock = fixedClock(new Date());
  const store = createSessionStore({ redis: cache.redis, idleSeconds: 1_000, onEnded: () => undefined, clock });
  const signIn = async (id: string, userId = 'u1'): Promise<RefreshToken> => {
    const token = tokens.first(id.padEnd(16, '_'));
    const session: Session = {
      id: token.sessionId,
      userId,
      role: 'customer',
      emailVerified: false,
      deviceName: 'phone',
      ip: '203.0.113.1',
      country: 'PT',
      userAgent: 'test',
      createdAt: clock(),
      lastSeenAt: clock(),
      stepUpUntil: clock(),
      endsAt: new Date(clock().getTime() + 3_000_000),
    };
    await store.create(session, token);
    clock.advance(1);
    return token;
  };
  const rotate = (token: RefreshToken) => store.rotate(token, tokens.successor(token));
  return { cache, clock, store, signIn, rotate, [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose]() };
};

describe('sessions', () => {
  it('are read as they were written', async () => {
    await using app = await open();
    const { sessionId } = await app.signIn('a');
    expect(await app.store.load(sessionId)).toMatchObject({
      id: sessionId,
      userId: 'u1',
      role: 'customer',
      emailVerified: false,
      deviceName: 'phone',
      country: 'PT',
    });
    expect(await app.store.load('nobody')).toBeNull();
  });

  it('rotate their token once, however many try at once', async () => {
    await using app = await open();
    const token = await app.signIn('a');
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => app.rotate(token)));
    expect(outcomes.filter((outcome) => outcome === 'rotated')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'retried')).toHaveLength(49);
    expect(await app.rotate(tokens.successor(token))).toBe('rotated');
  });

  it('allow a retry for 30 seconds', async () => {
    await using app = await open();
    const token = await app.signIn('a');
    expect(await app.rotate(token)).toBe('rotated');
    app.clock.advance(29_000);
    expect(await app.rotate(token)).toBe('retried');
    app.clock.advance(2_000);
    expect(await app.rotate(token)).toBe('reused');
    expect(await app.store.load(token.sessionId)).toBeNull();
    expect(await app.rotate(tokens.successor(token))).toBe('gone');
  });

  it('allow no retry once the successor was used', async () => {
    await using app = await open();
    const token = await app.signIn('a');
    await app.rotate(token);
    expect(await app.rotate(tokens.successor(token))).toBe('rotated');
    expect(await app.rotate(token)).toBe('reused');
    expect(await app.store.load(token.sessionId)).toBeNull();
  });

  it('end with their family, whatever is refreshed', async () => {
    await using app = await open();
    const token = await app.signIn('a');
    app.clock.advance(3_000_000);
    expect(await app.rotate(token)).toBe('gone');
  });

  it('are listed by user, the latest first, and end at once', async () => {
    await using app = await open();
    const [first, second] = [await app.signIn('a'), await app.signIn('b')];
    const other = await app.signIn('c', 'u2');
    const ids = async (userId: string) => (await app.store.listOf(userId)).map(({ id }) => id);
    expect(await ids('u1')).toEqual([second.sessionId, first.sessionId]);
    await app.store.end('u1', [second.sessionId]);
    expect(await ids('u1')).toEqual([first.sessionId]);
    const [third] = [await app.signIn('d')];
    await app.store.endAllOf('u1', { except: third.sessionId });
    expect(await ids('u1')).toEqual([third.sessionId]);
    await app.store.endAllOf('u1');
    expect(await ids('u1')).toEqual([]);
    expect(await ids('u2')).toEqual([other.sessionId]);
  });

  it('make room for the newest', async () => {
    await using app = await open();
    for (let number = 0; number < 55; number += 1) await app.signIn(`n${number}`);
    const list = await app.store.listOf('u1');
    expect(list).toHaveLength(50);
    expect(list[0]?.id).toMatch(/^n54/);
    expect(await app.store.load('n0'.padEnd(16, '_'))).toBeNull();
  });

  it('that ended by themselves take no living one’s place', async () => {
    await using app = await open();
    for (let number = 0; number < 50; number += 1) await app.signIn(`n${number}`);
    const all = await app.store.listOf('u1');
    const { client, key } = app.cache.redis;
    for (const { id } of all.slice(0, 40)) await client.del(key('session', id));
    for (let number = 50; number < 90; number += 1) await app.signIn(`n${number}`);
    expect((await app.store.listOf('u1')).at(-1)?.id).toBe(all.at(-1)?.id);
    expect(await app.store.listOf('u1')).toHaveLength(50);
    await app.signIn('n90');
    expect(await app.store.load(all.at(-1)?.id ?? '')).toBeNull();
  });

  it('carry a change of role, and none into an ended one', async () => {
    await using app = await open();
    const { sessionId } = await app.signIn('a');
    await app.store.setStanding('u1', { role: 'staff', emailVerified: true });
    expect(await app.store.load(sessionId)).toMatchObject({ role: 'staff', emailVerified: true });
    await app.store.endAllOf('u1');
    app.clock.advance(120_000);
    expect(await app.store.touch(sessionId)).toBeNull();
  });

  it('remember a step-up, and none comes into an ended one', async () => {
    await using app = await open();
    const { sessionId } = await app.signIn('a');
    const until = new Date(app.clock().getTime() + 600_000);
    await app.store.stepUp(sessionId, until, { byCode: false });
    expect(await app.store.load(sessionId)).toMatchObject({ stepUpUntil: until });
    await app.store.endAllOf('u1');
    await app.store.stepUp(sessionId, until, { byCode: false });
    expect(await app.store.load(sessionId)).toBeNull();
  });

  it('note when they were seen, to the minute', async () => {
    await using app = await open();
    const { sessionId } = await app.signIn('a');
    const seen = async () => (await app.store.load(sessionId))?.lastSeenAt.getTime();
    const first = await seen();
    app.clock.advance(30_000);
    await app.store.touch(sessionId);
    expect(await seen()).toBe(first);
    app.clock.advance(31_000);
    await app.store.touch(sessionId);
    expect(await seen()).toBe(app.clock().getTime());
  });

  it('announce their end to those who hold sockets, also that by reuse of a refresh token', async () => {
    await using app = await open();
    const ended: string[] = [];
    const watch = await watchEndedSessions({
      redis: app.cache.redis,
      channel: app.store.endedChannel,
      onEnded: (id) => ended.push(id),
      onGap: () => undefined,
      onListening: () => undefined,
    });
    const { sessionId } = await app.signIn('a');
    await app.store.endAllOf('u1');
    await expect.poll(() => ended).toEqual([sessionId]);
    const stolen = await app.signIn('b');
    await app.rotate(stolen);
    await app.rotate(tokens.successor(stolen));
    expect(await app.rotate(stolen)).toBe('reused');
    await expect.poll(() => ended).toEqual([sessionId, stolen.sessionId]);
    watch.close();
  });
});
