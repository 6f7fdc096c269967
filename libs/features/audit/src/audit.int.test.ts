import type { AuditEntry } from '@cartwright/api-core';
import { collectingLogger, fixedClock, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createAudit } from './audit.ts';
import { createAuditModels } from './audit-entry.model.ts';
import { createAuditRepository } from './audit-repository.ts';

const DAY_MS = 24 * 3_600_000;
const people = new Map([['ada', { id: 'ada', name: 'Ada', email: 'ada@shop.test' }]]);

async function open() {
  const db = await testMongo();
  const clock = fixedClock(new Date());
  const { logger, lines } = collectingLogger();
  const feature = createAudit({
    mongo: db.mongo,
    people: { byIds: async (ids) => ids.flatMap((id) => people.get(id) ?? []) },
    retentionDays: 30,
    logger,
    clock,
  });
  await db.mongo.ensureIndexes();
  const rows = db.mongo.connection.collection('audit_entries');
  const intents = db.mongo.connection.collection('audit_intents');
  return { ...feature, ...{ db, clock, lines, rows, intents }, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
}

const by = (id: string, rest: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'login.succeeded',
  actor: { kind: 'user', id },
  outcome: 'ok',
  ...rest,
});

describe('the audit log', () => {
  it('keeps entries with their time, and names whom it knows', async () => {
    await using app = await open();
    await app.log.append(by('ada', { ip: '203.0.113.1', userAgent: 'u'.repeat(2_000), details: { at: app.clock() } }));
    await app.log.append({
      action: 'orders.expired',
      actor: { kind: 'system' },
      target: { kind: 'user', id: 'ada' },
      outcome: 'ok',
    });
    const { items, nextCursor } = await app.audit.list({ limit: 10 });
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([
      { action: 'orders.expired', actor: { kind: 'system' }, target: { kind: 'user', id: 'ada', name: 'Ada' } },
      {
        action: 'login.succeeded',
        actor: { kind: 'user', id: 'ada', name: 'Ada', email: 'ada@shop.test' },
        at: app.clock(),
        details: { at: app.clock() },
      },
    ]);
    expect(items[1]?.userAgent).toHaveLength(300);
    const stored = await app.rows.find().toArray();
    expect(JSON.stringify(stored)).not.toContain('shop.test');
    for (const { at, purgeAt } of stored) expect(purgeAt.getTime() - at.getTime()).toBe(30 * DAY_MS);
  });

  it('belongs to the transaction that it is given', async () => {
    await using app = await open();
    const failing = app.db.mongo.transaction(async (tx) => {
      await app.log.append(by('ada'), tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await app.audit.list({ limit: 10 })).items).toEqual([]);
    await app.db.mongo.transaction((tx) => app.log.append(by('ada'), tx));
    expect((await app.audit.list({ limit: 10 })).items).toHaveLength(1);
  });

  it('is filtered, and paged without gap or repetition while it grows', async () => {
    await using app = await open();
    const start = app.clock();
    for (let index = 0; index < 25; index += 1) {
      // Several of one moment, as in life.
      if (index % 3 === 0) app.clock.advance(1_000);
      const target = { kind: 'order', id: `o${index % 2}` };
      await app.log.append(by(index % 5 === 0 ? 'ben' : 'ada', { target, outcome: index === 7 ? 'refused' : 'ok' }));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.audit.list({ limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      app.clock.advance(1);
      await app.log.append(by('later'));
    } while (cursor !== undefined);
    const all = (await app.audit.list({ limit: 100 })).items.filter(({ actor }) => actor.id !== 'later');
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(new Set(seen).size).toBe(25);

    const count = async (filter: object) => (await app.audit.list({ limit: 100, ...filter })).items.length;
    expect(await count({ actorId: 'ben' })).toBe(5);
    expect(await count({ actorId: 'ben', targetId: 'o0' })).toBe(3);
    expect(await count({ outcome: 'refused' })).toBe(1);
    expect(await count({ action: 'login.failed' })).toBe(0);
    expect(await count({ from: new Date(start.getTime() + 2_000), to: new Date(start.getTime() + 3_000) })).toBe(3);
    await expect(app.audit.list({ limit: 1, cursor: 'forged' })).rejects.toThrow('CURSOR_INVALID');
  });

  it('is read by indexes, whatever the filter', async () => {
    await using app = await open();
    for (let index = 0; index < 60; index += 1) {
      app.clock.advance(1_000);
      await app.log.append(by(index % 2 ? 'ada' : 'ben', { action: index % 20 ? 'a.b' : 'c.d' }));
    }
    const asked: { filter: object; options: object }[] = [];
    app.db.mongo.connection.set('debug', (_: string, _method: string, filter: object, options: object) => {
      asked.push({ filter, options });
    });
    for (const filter of [{}, { actorId: 'ada' }, { action: 'c.d' }, { targetId: 'x' }, { from: app.clock() }]) {
      await app.audit.list({ limit: 2, ...filter });
      const read = asked.at(-1);
      const explained = (await app.rows.find(read?.filter ?? {}, read?.options).explain('executionStats')) as {
        queryPlanner?: { winningPlan: unknown };
        executionStats?: { totalKeysExamined: number };
      };
      expect(JSON.stringify(explained.queryPlanner?.winningPlan)).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
      expect(explained.executionStats?.totalKeysExamined).toBeLessThanOrEqual(4);
    }
  });

  it('has no way to change an entry', async () => {
    await using app = await open();
    const models = createAuditModels(app.db.mongo.connection);
    expect(Object.keys(createAuditRepository(models)).sort()).toEqual([
      'append',
      'begin',
      'begunBefore',
      'finish',
      'page',
    ]);
    await app.log.append(by('ada'));
    // Mongoose leaves out what an update would change of them.
    await models.entries.updateMany({}, { $set: { action: 'nothing', outcome: 'refused', ip: 'x', details: {} } });
    expect((await app.audit.list({ limit: 1 })).items[0]).toMatchObject(by('ada'));
  });
});

describe('an action', () => {
  const action = { action: 'admin.users.ban', actor: { kind: 'user', id: 'ada' }, details: { until: 7 } } as const;

  it('is one entry once it is done', async () => {
    await using app = await open();
    const finish = await app.log.begin(action);
    expect(await app.intents.countDocuments()).toBe(1);
    await finish({ outcome: 'refused', details: { reason: 'FORBIDDEN' } });
    const { items } = await app.audit.list({ limit: 10 });
    expect(items).toMatchObject([{ outcome: 'refused', details: { until: 7, reason: 'FORBIDDEN' } }]);
    expect(await app.intents.countDocuments()).toBe(0);
  });

  it('whose process died is an entry of unknown outcome, once', async () => {
    await using app = await open();
    const [, at] = [await app.log.begin(action), app.clock()];
    expect(await app.log.sweep()).toBe(0);
    app.clock.advance(5 * 60_000 + 1);
    await Promise.all([app.log.sweep(), app.log.sweep(), app.processors['audit.sweep']({}, {})]);
    expect((await app.audit.list({ limit: 10 })).items).toMatchObject([
      { outcome: 'unknown', at, details: { until: 7 } },
    ]);
    expect(await app.intents.countDocuments()).toBe(0);
  });

  it('that can not be told of in the end fails nobody, and is recorded later', async () => {
    await using app = await open();
    const finish = await app.log.begin(action);
    await app.db.mongo.connection.getClient().close();
    await finish({ outcome: 'ok' });
    expect(app.lines).toMatchObject([{ level: 'error', facts: { action: 'admin.users.ban' } }]);
  });
});
