import { describe, expect, it } from 'vitest';
import { DAY_MS, setUpPeople, type PeopleShop } from './people.fixture.ts';

async function withAdmin(): Promise<PeopleShop & { root: string; ada: string }> {
  const shop = await setUpPeople();
  return { ...shop, root: await shop.make('root', 'admin'), ada: await shop.make('ada') };
}
const later = (shop: PeopleShop, days: number): Date => new Date(shop.clock().getTime() + days * DAY_MS);

describe('a ban', () => {
  it('acts in the request itself: sessions end, and there is no way in', async () => {
    await using shop = await withAdmin();
    const { accessToken, refreshToken } = await shop.signIn('ada');
    const until = later(shop, 7);
    const person = await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', until });
    expect(person).toMatchObject({ id: shop.ada, ban: { state: 'active', reason: 'Fraud', until, by: shop.root } });
    // Nothing but the request has run.
    await expect(shop.auth.authenticate(accessToken)).rejects.toThrow('SESSION_REVOKED');
    await expect(shop.refresh(refreshToken)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    await expect(shop.signIn('ada')).rejects.toMatchObject({
      reason: 'ACCOUNT_BANNED',
      details: { reason: 'Fraud', until },
    });
    await expect(
      shop.auth.login({ ...shop.credentials('ada'), password: 'wrong' }, { ip: '1', userAgent: '' }),
    ).rejects.toThrow('INVALID_CREDENTIALS');
    expect(await shop.told()).toContain('user.banned');
  });

  it('reaches sessions that the request could not, by its event', async () => {
    await using shop = await withAdmin();
    const { accessToken } = await shop.signIn('ada');
    const [session] = await shop.sessions.listOf(shop.ada);
    const stored = await shop.cache.redis.client.hgetall(shop.cache.redis.key('session', session?.id ?? ''));
    await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud' });
    // As if Redis had been away: the session is still there.
    await shop.cache.redis.client.hset(shop.cache.redis.key('session', session?.id ?? ''), stored);
    await shop.cache.redis.client.zadd(shop.cache.redis.key('sessions-of', shop.ada), 1, session?.id ?? '');
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ userId: shop.ada });
    await shop.settle();
    await expect(shop.auth.authenticate(accessToken)).rejects.toThrow('SESSION_REVOKED');
  });

  it('is one at a time, and its dates make sense', async () => {
    await using shop = await withAdmin();
    const ban = (from?: Date, until?: Date) =>
      shop.people.ban(shop.root, {
        userId: shop.ada,
        reason: 'Fraud',
        ...(from ? { from } : {}),
        ...(until ? { until } : {}),
      });
    const wrong: [Date | undefined, Date | undefined, string][] = [
      [later(shop, -1), undefined, 'from'],
      [later(shop, 400), undefined, 'from'],
      [undefined, later(shop, -1), 'until'],
      [undefined, shop.clock(), 'until'],
      [later(shop, 3), later(shop, 2), 'until'],
      [later(shop, 3), later(shop, 3), 'until'],
      [undefined, later(shop, 50_000), 'until'],
    ];
    for (const [from, until, field] of wrong) {
      await expect(ban(from, until)).rejects.toMatchObject({
        reason: 'INVALID_INPUT',
        details: { fields: { [field]: [expect.any(String)] } },
      });
    }
    expect((await shop.people.byId(shop.ada)).ban).toBeUndefined();

    await ban(later(shop, 1), later(shop, 2));
    const known = { reason: 'ALREADY_BANNED', details: { from: later(shop, 1), until: later(shop, 2) } };
    await expect(ban()).rejects.toMatchObject(known);
    await expect(ban(later(shop, 10))).rejects.toMatchObject(known);
    await shop.people.cancelBan(shop.root, shop.ada);
    await expect(shop.people.cancelBan(shop.root, shop.ada)).rejects.toThrow('NOT_BANNED');
    await ban();
    await expect(ban()).rejects.toThrow('ALREADY_BANNED');
    await expect(shop.people.cancelBan(shop.root, shop.ada)).rejects.toThrow('NOT_BANNED');
    await shop.people.unban(shop.root, shop.ada);
    await expect(shop.people.unban(shop.root, shop.ada)).rejects.toThrow('NOT_BANNED');
    await shop.signIn('ada');
  });

  it('is made once by many at once', async () => {
    await using shop = await withAdmin();
    const bans = Array.from({ length: 20 }, () => shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud' }));
    const outcomes = await Promise.allSettled(bans);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'ALREADY_BANNED' });
    }
    expect((await shop.told()).filter((type) => type === 'user.banned')).toHaveLength(1);
  });

  it('is not of oneself, of nobody, or by somebody who may no more', async () => {
    await using shop = await withAdmin();
    const reason = 'Fraud';
    await expect(shop.people.ban(shop.root, { userId: shop.root, reason })).rejects.toThrow('OWN_ACCOUNT');
    await expect(shop.people.ban(shop.root, { userId: 'nobody', reason })).rejects.toThrow('NOT_FOUND');
    await expect(shop.people.ban(shop.ada, { userId: shop.root, reason })).rejects.toThrow('FORBIDDEN');
    const second = await shop.make('second', 'admin');
    await shop.people.ban(shop.root, { userId: second, reason });
    await expect(shop.people.ban(second, { userId: shop.root, reason })).rejects.toThrow('FORBIDDEN');
  });

  it('that comes between the password and the session leaves no session', async () => {
    let meanwhile = async (): Promise<unknown> => undefined;
    await using shop = await setUpPeople({ whileVerifying: async () => void (await meanwhile()) });
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    meanwhile = async () => {
      meanwhile = async () => undefined;
      await shop.people.ban(root, { userId: ada, reason: 'Fraud' });
    };
    await expect(shop.signIn('ada')).rejects.toThrow('ACCOUNT_BANNED');
    expect(await shop.sessions.listOf(ada)).toEqual([]);
  });

  it('does not let in whoever was signing in meanwhile', async () => {
    await using shop = await withAdmin();
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 30 }, () => shop.signIn('ada')),
      shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud' }),
      ...Array.from({ length: 30 }, () => shop.signIn('ada')),
    ]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled' && 'accessToken' in outcome.value) {
        await expect(shop.auth.authenticate(outcome.value.accessToken)).rejects.toThrow('SESSION_REVOKED');
      }
    }
  });
});

describe('a scheduled ban', () => {
  it('begins and ends by its dates alone, though no job ever runs', async () => {
    await using shop = await withAdmin();
    const { accessToken, refreshToken } = await shop.signIn('ada');
    const [from, until] = [new Date(shop.clock().getTime() + 300_000), new Date(shop.clock().getTime() + 400_000)];
    expect(await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', from, until })).toMatchObject({
      ban: { state: 'scheduled', from, until },
    });
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ userId: shop.ada });
    // Also a session of between is bound by it.
    const between = await shop.signIn('ada');

    shop.clock.advance(300_000);
    for (const token of [accessToken, between.accessToken]) {
      await expect(shop.auth.authenticate(token)).rejects.toThrow('SESSION_REVOKED');
    }
    await expect(shop.refresh(refreshToken)).rejects.toThrow('REFRESH_TOKEN_INVALID');
    await expect(shop.signIn('ada')).rejects.toThrow('ACCOUNT_BANNED');

    shop.clock.advance(100_000);
    // What ended stays so.
    await expect(shop.auth.authenticate(accessToken)).rejects.toThrow('SESSION_REVOKED');
    await shop.signIn('ada');
    expect((await shop.people.byId(shop.ada)).ban).toBeUndefined();
  });

  it('is told, begun and lifted by its jobs, each once', async () => {
    await using shop = await withAdmin();
    const [from, until] = [later(shop, 1), later(shop, 3)];
    const { ban } = await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', from, until });
    const payload = { userId: shop.ada, banId: ban?.id ?? '' };
    await shop.settle();
    expect(shop.queues.jobs).toMatchObject([{ name: 'users.begin-ban', payload, delayMs: DAY_MS }]);
    await shop.processors['users.begin-ban'](payload);
    expect(await shop.told()).not.toContain('user.banned');

    shop.clock.advance(DAY_MS);
    await Promise.all([1, 2, 3].map(() => shop.processors['users.begin-ban'](payload)));
    await shop.processors['users.sweep-bans']({}, {});
    expect((await shop.told()).filter((type) => type === 'user.banned')).toHaveLength(1);
    await shop.settle();
    expect(shop.queues.jobs.at(-1)).toMatchObject({ name: 'users.lift-ban', payload, delayMs: 2 * DAY_MS });

    await shop.processors['users.lift-ban'](payload);
    expect(await shop.told()).not.toContain('user.unbanned');
    shop.clock.advance(2 * DAY_MS);
    await Promise.all([1, 2, 3].map(() => shop.processors['users.lift-ban'](payload)));
    expect((await shop.told()).filter((type) => type === 'user.unbanned')).toHaveLength(1);
    expect(await shop.users.findOne({ _id: shop.ada, ban: { $exists: true } })).toBeNull();
  });

  it('whose jobs were lost is found by the sweeper', async () => {
    await using shop = await withAdmin();
    await shop.people.ban(shop.root, {
      userId: shop.ada,
      reason: 'Fraud',
      from: later(shop, 1),
      until: later(shop, 2),
    });
    await shop.processors['users.sweep-bans']({}, {});
    expect(await shop.told()).not.toContain('user.banned');
    shop.clock.advance(DAY_MS);
    await shop.processors['users.sweep-bans']({}, {});
    expect((await shop.told()).at(-1)).toBe('user.banned');
    shop.clock.advance(DAY_MS);
    await shop.processors['users.sweep-bans']({}, {});
    await shop.processors['users.sweep-bans']({}, {});
    expect((await shop.told()).filter((type) => type === 'user.unbanned')).toHaveLength(1);
  });

  it('after one that is over and was not lifted yet tells of the end of that one', async () => {
    await using shop = await withAdmin();
    await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', until: later(shop, 1) });
    shop.clock.advance(DAY_MS);
    await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', from: later(shop, 1) });
    expect((await shop.told()).slice(-2)).toEqual(['user.unbanned', 'user.ban_scheduled']);
  });

  it('is begun by the sweeper also behind more than it reads at once that can not be', async () => {
    await using shop = await withAdmin();
    await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', from: later(shop, 1) });
    const ban = { id: 'b', reason: 'x', from: new Date(0), by: 'root', at: new Date(0), dueAt: new Date(0) };
    const broken = Array.from({ length: 250 }, (_, index) => ({
      ...{ _id: `broken-${String(index).padStart(3, '0')}`, email: `b${index}@x.test`, emailKey: `b${index}@x.test` },
      // No date: what happens to it can't be told.
      ...{ name: 'x', nameKeys: [], passwordHash: '', role: 'customer', createdAt: 'never', version: 'none', ban },
    }));
    await shop.users.insertMany(broken);
    shop.clock.advance(DAY_MS);
    await shop.processors['users.sweep-bans']({}, {});
    expect((await shop.told()).at(-1)).toBe('user.banned');
    expect(await shop.users.countDocuments({ 'ban.begunAt': { $exists: true } })).toBe(1);
  });

  it('that is taken back leaves nothing behind, and its job does nothing', async () => {
    await using shop = await withAdmin();
    const { accessToken } = await shop.signIn('ada');
    const from = new Date(shop.clock().getTime() + 300_000);
    const { ban } = await shop.people.ban(shop.root, { userId: shop.ada, reason: 'Fraud', from });
    await expect(shop.people.unban(shop.root, shop.ada)).rejects.toThrow('NOT_BANNED');
    await shop.people.cancelBan(shop.root, shop.ada);
    shop.clock.advance(400_000);
    await shop.processors['users.begin-ban']({ userId: shop.ada, banId: ban?.id ?? '' });
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ userId: shop.ada });
    expect(await shop.told()).not.toContain('user.banned');
    expect((await shop.told()).at(-1)).toBe('user.ban_canceled');
  });
});
