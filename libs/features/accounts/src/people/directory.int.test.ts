import { describe, expect, it } from 'vitest';
import { setUpPeople } from './people.fixture.ts';

const page = { limit: 20 };
const namesOf = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name).sort();

describe('the list of people', () => {
  it('is searched by the start of an address, of a name or of a word of it', async () => {
    await using shop = await setUpPeople();
    for (const name of ['Ada Lovelace', 'Grace Hopper', 'Adam']) {
      await shop.accounts.createCustomer({
        name,
        email: `${name.toLowerCase().replace(' ', '.')}@shop.test`,
        password: 'p',
      });
    }
    const search = async (query: string) => namesOf(await shop.people.list({ ...page, query }));
    expect(await search('ada')).toEqual(['Ada Lovelace', 'Adam']);
    expect(await search('ADA.L')).toEqual(['Ada Lovelace']);
    expect(await search('love')).toEqual(['Ada Lovelace']);
    expect(await search('grace  hop')).toEqual(['Grace Hopper']);
    expect(await search('race')).toEqual([]);
    // Text is text: no pattern, no operator.
    for (const query of ['.*', '^', '(a+)+$', 'a{99999}', '$ne', '[', '\\', '\u{10ffff}'])
      expect(await search(query)).toEqual([]);
  });

  it('is filtered and paged, the latest first', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) ids.push(await shop.make(`user${index}`));
    const facts = { ip: '203.0.113.1', userAgent: 'test' };
    await shop.auth.register({ email: 'new@shop.test', password: 'p', name: 'new' }, facts);
    for (const userId of ids.slice(0, 4)) await shop.people.ban(root, { userId, reason: 'x' });
    await shop.people.ban(root, { userId: ids[4] ?? '', reason: 'x', until: new Date(shop.clock().getTime() + 1_000) });
    shop.clock.advance(1_000);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await shop.people.list({ limit: 5, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...found.items.map(({ id }) => id));
      cursor = found.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(14);
    expect(seen).toEqual([...seen].sort().reverse());

    const count = async (filter: object) => (await shop.people.list({ limit: 100, ...filter })).items.length;
    expect(await count({ banned: true })).toBe(4);
    expect(await count({ banned: false })).toBe(10);
    expect(await count({ role: 'admin' })).toBe(1);
    expect(await count({ verified: false })).toBe(1);
    expect(await count({ query: 'user1', banned: true })).toBe(1);
    await expect(shop.people.list({ ...page, cursor: 'forged' })).rejects.toThrow('CURSOR_INVALID');
  });

  it('says when more match than it looks at', async () => {
    await using shop = await setUpPeople();
    const model = shop.db.mongo.connection.collection<{ _id: string }>('users');
    const date = new Date();
    await model.insertMany(
      Array.from({ length: 600 }, (_, index) => ({
        ...{
          _id: `u${String(index).padStart(4, '0')}`,
          email: `many${index}@shop.test`,
          emailKey: `many${index}@shop.test`,
        },
        ...{
          name: 'Many',
          nameKeys: ['many'],
          passwordHash: 'x',
          role: 'customer',
          emailVerifiedAt: date,
          createdAt: date,
          version: 1,
        },
      })),
    );
    expect(await shop.people.list({ limit: 1, query: 'many' })).toMatchObject({ truncated: true });
    expect(await shop.people.list({ limit: 1, query: 'many599' })).toMatchObject({
      truncated: false,
      nextCursor: null,
    });
  });

  it('is read by indexes', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    for (let index = 0; index < 40; index += 1) await shop.make(`user${index}`);
    await shop.people.ban(root, { userId: await shop.make('bad'), reason: 'x' });
    const asked: { filter: object; options: object }[] = [];
    shop.db.mongo.connection.set('debug', (collection: string, method: string, filter: object, options: object) => {
      if (collection === 'users' && method === 'find') asked.push({ filter, options });
    });
    const filters = [
      {},
      { query: 'user3' },
      { role: 'admin' as const },
      { banned: true },
      { verified: false },
      { invited: true },
    ];
    for (const filter of filters) await shop.people.list({ limit: 2, ...filter });
    for (const { filter, options } of [...asked]) {
      const explained = (await shop.users.find(filter, options).explain('executionStats')) as {
        queryPlanner?: { winningPlan: unknown };
        executionStats?: { totalKeysExamined: number };
      };
      expect(JSON.stringify(explained.queryPlanner?.winningPlan)).not.toContain('"COLLSCAN"');
      // Of 42: the eleven that a search finds, and the places where an index is entered.
      expect(explained.executionStats?.totalKeysExamined).toBeLessThanOrEqual(24);
    }
  });
});

describe('one of them', () => {
  it('comes with orders and sessions, which can be ended one by one or all', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const ada = await shop.make('ada');
    const ben = await shop.make('ben');
    const tokens = [await shop.signIn('ada'), await shop.signIn('ada'), await shop.signIn('ada')];
    const other = await shop.signIn('ben');
    expect(await shop.people.byId(ada)).toMatchObject({ sessionCount: 3, orders: { total: 3, pending: 1 } });
    expect(await shop.people.sessions(ada)).toHaveLength(3);
    await expect(shop.people.revokeSessions(root, { userId: ada, sessionId: other.sessionId })).rejects.toThrow(
      'NOT_FOUND',
    );
    await shop.people.revokeSessions(root, { userId: ada, sessionId: tokens[0]?.sessionId });
    await expect(shop.auth.authenticate(tokens[0]?.accessToken ?? '')).rejects.toThrow('SESSION_REVOKED');
    expect(await shop.people.sessions(ada)).toHaveLength(2);
    await shop.people.revokeSessions(root, { userId: ada });
    expect(await shop.people.sessions(ada)).toEqual([]);
    expect(await shop.people.sessions(ben)).toHaveLength(1);
    for (const call of [shop.people.byId, shop.people.sessions])
      await expect(call('nobody')).rejects.toThrow('NOT_FOUND');
    await expect(shop.people.revokeSessions(root, { userId: 'nobody' })).rejects.toThrow('NOT_FOUND');
  });

  it('keeps their sessions from whoever may end them no more', async () => {
    await using shop = await setUpPeople();
    const [root, second] = [await shop.make('root', 'admin'), await shop.make('second', 'admin')];
    const { accessToken } = await shop.signIn('root');
    await shop.people.setRole(root, { userId: second, role: 'customer' });
    await expect(shop.people.revokeSessions(second, { userId: root })).rejects.toThrow('FORBIDDEN');
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ userId: root });
  });
});
