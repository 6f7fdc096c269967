import { Long, MongoClient, UUID, type ClientSession, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { createCore } from './storage/core.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';

const WORKERS = 60;
/** More than may wait at a time. */
const POOL = 100;

interface Row extends Document {
  _id: string;
  n: number;
}

/** One transaction over a connection of its own, command by command. */
async function openTransaction(port: number) {
  const client: RawClient = await openRawClient(port);
  const scope = { $db: 'test', lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1), autocommit: false };
  let start = { startTransaction: true } as object;
  return {
    run(command: Document): Promise<Document> {
      const sent = client.command({ ...command, ...scope, ...start });
      start = {};
      return sent;
    },
    commit: () => client.command({ commitTransaction: 1, ...scope, $db: 'admin' }),
    abort: () => client.command({ abortTransaction: 1, ...scope, $db: 'admin' }),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

describe('transactions that write the same document', () => {
  // In this process, so that the tests see what has arrived at it.
  let server: EmbeddedServer;
  let driver: MongoClient;
  let next = 0;
  const uri = (): string => `mongodb://127.0.0.1:${server.port}/?directConnection=true`;
  const arrived = (command: string): number => server.context.counters.get(command) ?? 0;

  beforeAll(async () => {
    server = await createServer({ core: createCore(), port: 0 });
    driver = new MongoClient(uri(), { maxPoolSize: POOL, minPoolSize: POOL });
    await driver.connect();
    await vi.waitUntil(() => server.context.clients.size >= POOL, { timeout: 25_000 });
  }, 30_000);
  afterAll(async () => {
    await driver.close();
    await server.close();
  });

  async function collection(...ids: string[]) {
    const rows = driver.db('test').collection<Row>(`rows${next++}`);
    await rows.insertMany(ids.map((_id) => ({ _id, n: 0 })));
    return rows;
  }

  /** How often the transactions of all workers had to be run. */
  async function attemptsOf(body: (session: ClientSession) => Promise<unknown>, client = driver): Promise<number> {
    let attempts = 0;
    const one = (): Promise<unknown> =>
      client.withSession((session) =>
        session.withTransaction(() => {
          attempts += 1;
          return body(session);
        }),
      );
    await Promise.all(Array.from({ length: WORKERS }, one));
    return attempts;
  }

  it('come one after another when they begin with the write, with few attempts that fail', async () => {
    const rows = await collection('a');
    const attempts = await attemptsOf(async (session) => {
      await rows.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
      await rows.updateOne({ _id: 'other' }, { $inc: { n: 1 } }, { session, upsert: true });
    });
    expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: WORKERS });
    // A client that gets no turn of a busy machine for long is passed by; without a queue there are some ten for each.
    expect(attempts).toBeLessThan(WORKERS * 4);
  }, 120_000);

  it('fail about once each when they have read before', async () => {
    const rows = await collection('a');
    const attempts = await attemptsOf(async (session) => {
      const row = await rows.findOne({ _id: 'a' }, { session });
      await rows.updateOne({ _id: 'a' }, { $set: { n: (row?.n ?? 0) + 1 } }, { session });
    });
    expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: WORKERS });
    expect(attempts).toBeLessThan(WORKERS * 5);
  }, 120_000);

  it('get on when their client has fewer connections than transactions', async () => {
    const rows = await collection('a');
    const small = new MongoClient(uri(), { maxPoolSize: 4 });
    const counted = small.db('test').collection<Row>(rows.collectionName);
    await attemptsOf(async (session) => {
      await counted.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
      await counted.findOne({ _id: 'a' }, { session });
    }, small);
    await small.close();
    expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: WORKERS });
  }, 120_000);

  it('see in their first statement what the one before them has committed', async () => {
    const rows = await collection('a', 'b');
    using one = await openTransaction(server.port);
    using two = await openTransaction(server.port);
    await one.run({ update: rows.collectionName, updates: [{ q: { _id: 'a' }, u: { $set: { n: 5 } } }] });
    await one.run({ update: rows.collectionName, updates: [{ q: { _id: 'b' }, u: { $set: { n: 7 } } }] });
    const before = arrived('findAndModify');
    const modified = two.run({ findAndModify: rows.collectionName, query: { _id: 'a' }, update: { $inc: { n: 1 } } });
    await expect.poll(() => arrived('findAndModify')).toBe(before + 1);
    await one.commit();
    expect(await modified).toMatchObject({ ok: 1, value: { _id: 'a', n: 5 } });
    expect(await two.run({ find: rows.collectionName, filter: { _id: 'b' } })).toMatchObject({
      cursor: { firstBatch: [{ _id: 'b', n: 7 }] },
    });
    await two.commit();
    expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 6 });
  });

  it('turn the second insert of a key into a duplicate, or an update of its upsert', async () => {
    const rows = await collection('a');
    using one = await openTransaction(server.port);
    using two = await openTransaction(server.port);
    using three = await openTransaction(server.port);
    await one.run({ insert: rows.collectionName, documents: [{ _id: 'new', n: 1 }] });
    const before = [arrived('update'), arrived('insert')];
    const upserted = two.run({
      update: rows.collectionName,
      updates: [{ q: { _id: 'new' }, u: { $inc: { n: 1 } }, upsert: true }],
    });
    await expect.poll(() => arrived('update')).toBe(before[0]! + 1);
    const inserted = three.run({ insert: rows.collectionName, documents: [{ _id: 'new', n: 9 }] });
    await expect.poll(() => arrived('insert')).toBe(before[1]! + 1);
    await one.commit();
    expect(await upserted).toMatchObject({ ok: 1, n: 1, nModified: 1 });
    await two.commit();
    expect(await inserted).toMatchObject({ ok: 1, writeErrors: [{ code: 11000 }] });
    expect(await rows.findOne({ _id: 'new' })).toEqual({ _id: 'new', n: 2 });
  });

  it('keep the snapshot they have shown, or written with, and conflict', async () => {
    const rows = await collection('a', 'z');
    const increment = { update: rows.collectionName, updates: [{ q: { _id: 'z' }, u: { $inc: { n: 1 } } }] };
    const blockedBy = async (first: Document | null, blocked: Document): Promise<Document> => {
      using one = await openTransaction(server.port);
      using two = await openTransaction(server.port);
      if (first !== null) await two.run(first);
      await one.run(increment);
      const before = arrived('update');
      const answer = two.run(blocked);
      await expect.poll(() => arrived('update')).toBe(before + 1);
      await one.commit();
      return await answer;
    };
    const expected = { ok: 0, code: 112, errorLabels: ['TransientTransactionError'] };
    const find = { find: rows.collectionName, filter: { _id: 'nobody' } };
    expect(await blockedBy(find, increment)).toMatchObject(expected);
    const other = { q: { _id: 'nobody' }, u: { $inc: { n: 1 } } };
    const twoStatements = { ...increment, updates: [other, ...increment.updates] };
    expect(await blockedBy(null, twoStatements)).toMatchObject(expected);
    // The first document stays as it is, but has been looked at.
    const both = {
      update: rows.collectionName,
      updates: [{ q: {}, u: [{ $set: { n: { $cond: [{ $eq: ['$_id', 'a'] }, '$n', 9] } } }], multi: true }],
    };
    expect(await blockedBy(null, both)).toMatchObject(expected);
  });

  it('conflict at once when each waits for the other, and let the first one through', async () => {
    const rows = await collection('a', 'b');
    const increment = (id: string) => ({
      update: rows.collectionName,
      updates: [{ q: { _id: id }, u: { $inc: { n: 1 } } }],
    });
    using one = await openTransaction(server.port);
    using two = await openTransaction(server.port);
    await one.run(increment('a'));
    await two.run(increment('b'));
    const [first, second] = await Promise.all([one.run(increment('b')), two.run(increment('a'))]);
    const codes = [first['code'], second['code']];
    expect(codes.filter((code) => code === 112)).toHaveLength(1);
    await (codes[0] === 112 ? two : one).commit();
    expect(await rows.find({}, { projection: { n: 1 }, sort: { _id: 1 } }).toArray()).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 1 },
    ]);
  });

  it('conflict when whoever holds it does not go on', async () => {
    const rows = await collection('a');
    const increment = { update: rows.collectionName, updates: [{ q: { _id: 'a' }, u: { $inc: { n: 1 } } }] };
    using one = await openTransaction(server.port);
    using two = await openTransaction(server.port);
    await one.run(increment);
    expect(await two.run(increment)).toMatchObject({ ok: 0, code: 112 });
    await one.commit();
    expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 });
  });
});
