import { describe, expect, it } from 'vitest';
import { client } from '../accounts.fixture.ts';
import { DAY_MS, setUpPeople } from './people.fixture.ts';

describe('a role', () => {
  it('reaches the sessions that are open, and says so', async () => {
    await using shop = await setUpPeople();
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    const { accessToken, sessionId } = await shop.signIn('ada');
    const announced: string[] = [];
    const listener = shop.cache.redis.duplicate();
    await listener.subscribe(shop.sessions.endedChannel);
    listener.on('message', (_channel: string, id: string) => void announced.push(id));
    expect(await shop.people.setRole(root, { userId: ada, role: 'staff' })).toMatchObject({ role: 'staff' });
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ role: 'staff' });
    await expect.poll(() => announced).toContain(sessionId);
    listener.disconnect();
    expect((await shop.told()).at(-1)).toBe('user.role_changed');
    const before = await shop.told();
    await shop.people.setRole(root, { userId: ada, role: 'staff' });
    expect(await shop.told()).toEqual(before);
  });

  it('of staff needs a verified address', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const facts = { ip: '203.0.113.1', userAgent: 'test' };
    const { user } = await shop.auth.register({ ...shop.credentials('new'), name: 'New' }, facts);
    for (const role of ['staff', 'admin'] as const) {
      await expect(shop.people.setRole(root, { userId: user.id, role })).rejects.toThrow('EMAIL_NOT_VERIFIED');
    }
    expect(await shop.people.byId(user.id)).toMatchObject({ role: 'customer' });
  });

  it('is nobody’s own to change, nor that of nobody', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    await shop.make('second', 'admin');
    await expect(shop.people.setRole(root, { userId: root, role: 'customer' })).rejects.toThrow('OWN_ACCOUNT');
    await expect(shop.people.setRole(root, { userId: 'nobody', role: 'staff' })).rejects.toThrow('NOT_FOUND');
  });

  it('ends up in sessions as it was set last, whoever overtakes whom', async () => {
    await using shop = await setUpPeople();
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    const { accessToken } = await shop.signIn('ada');
    const roles = Array.from({ length: 24 }, (_, index) => (['staff', 'customer', 'admin'] as const)[index % 3]);
    await Promise.allSettled(roles.map((role) => shop.people.setRole(root, { userId: ada, role: role ?? 'staff' })));
    const { role } = await shop.people.byId(ada);
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ role });
  });
});

describe('the last administrator', () => {
  it('stays, whoever asks', async () => {
    await using shop = await setUpPeople();
    const [root, second] = [await shop.make('root', 'admin'), await shop.make('second', 'admin')];
    // One who will be banned doesn't count as left.
    const from = new Date(shop.clock().getTime() + DAY_MS);
    await shop.people.ban(root, { userId: second, reason: 'Leaves', from });
    await expect(shop.people.setRole(second, { userId: root, role: 'staff' })).rejects.toThrow('LAST_ADMIN');
    await expect(shop.people.ban(second, { userId: root, reason: 'No' })).rejects.toThrow('LAST_ADMIN');
    await shop.people.cancelBan(root, second);
    await shop.people.setRole(second, { userId: root, role: 'staff' });
    expect(await shop.users.countDocuments({ role: 'admin' })).toBe(1);
  });

  it('is not one whose account is about to be removed', async () => {
    await using shop = await setUpPeople();
    const [root, leaving] = [await shop.make('root', 'admin'), await shop.make('leaving', 'admin')];
    const { accessToken } = await shop.signIn('leaving');
    const principal = await shop.auth.authenticate(accessToken);
    const { password } = shop.credentials('leaving');
    await shop.identity.removal.remove(principal, { password }, client);
    await expect(shop.people.setRole(leaving, { userId: root, role: 'staff' })).rejects.toThrow('LAST_ADMIN');
    await expect(shop.people.ban(leaving, { userId: root, reason: 'No' })).rejects.toThrow('LAST_ADMIN');
  });

  it('stays when two take each other’s rights away at once, 50 times', { timeout: 120_000 }, async () => {
    await using shop = await setUpPeople();
    const ids = [await shop.make('a', 'admin'), await shop.make('b', 'admin')];
    const [a = '', b = ''] = ids;
    for (let round = 0; round < 50; round += 1) {
      const act = (by: string, on: string) =>
        round % 2 === 0
          ? shop.people.setRole(by, { userId: on, role: 'customer' })
          : shop.people.ban(by, { userId: on, reason: 'Race' });
      const outcomes = await Promise.allSettled([act(a, b), act(b, a)]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const left = await shop.users.find({ role: 'admin', ban: { $exists: false } }).toArray();
      expect(left).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(['FORBIDDEN', 'LAST_ADMIN']).toContain(outcome.reason.reason);
      }
      const [winner] = left;
      const loser = ids.find((id) => id !== winner?._id) ?? '';
      if (round % 2 === 0) await shop.people.setRole(winner?._id ?? '', { userId: loser, role: 'admin' });
      else await shop.people.unban(winner?._id ?? '', loser);
    }
  });

  it('stays when a third one takes both at once', { timeout: 60_000 }, async () => {
    await using shop = await setUpPeople();
    const [a, b, c] = [await shop.make('a', 'admin'), await shop.make('b', 'admin'), await shop.make('c', 'admin')];
    for (let round = 0; round < 10; round += 1) {
      const all = [a, b, c];
      await Promise.allSettled(
        all.flatMap((by) =>
          all.filter((on) => on !== by).map((on) => shop.people.setRole(by, { userId: on, role: 'customer' })),
        ),
      );
      const left = await shop.users.find({ role: 'admin' }).toArray();
      expect(left.length).toBeGreaterThanOrEqual(1);
      for (const id of all) await shop.users.updateOne({ _id: id }, { $set: { role: 'admin' } });
    }
  });
});
