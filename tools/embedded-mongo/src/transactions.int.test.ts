import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Long, UUID, type ClientSession, type Collection, type Document } from 'mongodb';
import { openRawClient } from './testing/raw-client.ts';
import { openTestServer, type TestServer } from './testing/test-server.ts';

interface Account extends Document {
  _id: string;
  balance: number;
}

describe('transactions', () => {
  let server: TestServer;
  let next = 0;

  beforeAll(async () => {
    server = await openTestServer({ maxPoolSize: 100 });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  async function accounts(...ids: string[]): Promise<Collection<Account>> {
    const collection = server.db.collection<Account>(`accounts${next++}`);
    await collection.insertMany(ids.map((_id) => ({ _id, balance: 100 })));
    return collection;
  }

  async function withSessions<T>(count: number, work: (...sessions: ClientSession[]) => Promise<T>): Promise<T> {
    const sessions = Array.from({ length: count }, () => server.client.startSession());
    try {
      return await work(...sessions);
    } finally {
      for (const session of sessions) await session.endSession();
    }
  }

  it('are the only way to read a snapshot: sessions that ask for one otherwise are refused', async () => {
    const rows = await accounts('a');
    const session = server.client.startSession({ snapshot: true });
    await expect(rows.findOne({}, { session })).rejects.toMatchObject({ code: 238 });
    await session.endSession();
  });

  it('show their writes to nobody before the commit, and all of them after it', async () => {
    const rows = await accounts('a', 'b');
    await withSessions(1, async (session) => {
      session.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: -10 } }, { session });
      await rows.insertOne({ _id: 'c', balance: 10 }, { session });
      expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 100 });
      expect(await rows.countDocuments({})).toBe(2);
      expect(await rows.findOne({ _id: 'a' }, { session })).toMatchObject({ balance: 90 });
      await session.commitTransaction();
    });
    expect(await rows.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'a', balance: 90 },
      { _id: 'b', balance: 100 },
      { _id: 'c', balance: 10 },
    ]);
  });

  it('leave nothing behind when aborted', async () => {
    const rows = await accounts('a');
    await withSessions(1, async (session) => {
      session.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $set: { balance: 0 } }, { session });
      await rows.insertOne({ _id: 'b', balance: 1 }, { session });
      await server.db.collection(`new${next}`).insertOne({ a: 1 }, { session });
      await session.abortTransaction();
    });
    expect(await rows.find().toArray()).toEqual([{ _id: 'a', balance: 100 }]);
    expect(await server.db.listCollections({ name: `new${next}` }).toArray()).toEqual([]);
  });

  it('read from one moment, whatever others commit', async () => {
    const rows = await accounts('a', 'b');
    await withSessions(1, async (session) => {
      session.startTransaction();
      expect(await rows.findOne({ _id: 'a' }, { session })).toMatchObject({ balance: 100 });
      await rows.updateMany({}, { $set: { balance: 7 } });
      await rows.insertOne({ _id: 'late', balance: 1 });
      expect(await rows.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual([
        { _id: 'a', balance: 100 },
        { _id: 'b', balance: 100 },
      ]);
      const sums = await rows
        .aggregate([{ $match: {} }, { $group: { _id: null, total: { $sum: '$balance' } } }], { session })
        .toArray();
      expect(sums).toEqual([{ _id: null, total: 200 }]);
      await session.commitTransaction();
    });
  });

  it('conflict when two write the same document', async () => {
    const rows = await accounts('a');
    await withSessions(2, async (one, two) => {
      one.startTransaction();
      two.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session: one });
      const error = await rows
        .updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session: two })
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 112, codeName: 'WriteConflict' });
      expect((error as { hasErrorLabel(label: string): boolean }).hasErrorLabel('TransientTransactionError')).toBe(
        true,
      );
      await two.abortTransaction();
      await one.commitTransaction();
    });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 101 });
  });

  it('conflict with what was committed after they began', async () => {
    const rows = await accounts('a');
    await withSessions(1, async (session) => {
      session.startTransaction();
      await rows.findOne({ _id: 'a' }, { session });
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: 5 } });
      await expect(rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session })).rejects.toMatchObject({
        code: 112,
      });
      await session.abortTransaction();
    });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 105 });
  });

  it('conflict over one key of a unique index, and end on a duplicate', async () => {
    const rows = await accounts('a');
    await rows.createIndex({ email: 1 }, { unique: true, sparse: true });
    await withSessions(2, async (one, two) => {
      one.startTransaction();
      two.startTransaction();
      await rows.insertOne({ _id: 'x', balance: 0, email: 'e' }, { session: one });
      await expect(rows.insertOne({ _id: 'y', balance: 0, email: 'e' }, { session: two })).rejects.toMatchObject({
        code: 112,
      });
      await two.abortTransaction();
      await one.commitTransaction();
      two.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $set: { balance: 1 } }, { session: two });
      await expect(rows.insertOne({ _id: 'y', balance: 0, email: 'e' }, { session: two })).rejects.toMatchObject({
        code: 11000,
      });
      await expect(rows.findOne({}, { session: two })).rejects.toMatchObject({ code: 251 });
      await two.abortTransaction();
    });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 100 });
  });

  it('hold back single writes until they end', async () => {
    const rows = await accounts('a');
    await withSessions(1, async (session) => {
      session.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session });
      let done = false;
      const outside = rows.updateMany({}, { $inc: { balance: 10 } }).then(() => (done = true));
      await rows.findOne({ _id: 'a' });
      expect(done).toBe(false);
      await session.commitTransaction();
      await outside;
    });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 111 });
  });

  it('lose no update with 50 increments at once', async () => {
    const rows = await accounts('a');
    await Promise.all(
      Array.from({ length: 50 }, () =>
        withSessions(1, (session) =>
          session.withTransaction(async () => {
            const row = await rows.findOne({ _id: 'a' }, { session });
            await rows.updateOne({ _id: 'a' }, { $set: { balance: (row?.balance ?? 0) + 1 } }, { session });
          }),
        ),
      ),
    );
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 150 });
  }, 30_000);

  it('may make collections and indexes', async () => {
    const name = `made${next++}`;
    await withSessions(1, async (session) => {
      await session.withTransaction(async () => {
        await server.db.createCollection(name, { session });
        await server.db.collection(name).createIndex({ a: 1 }, { unique: true, session });
        await server.db.collection(name).insertOne({ a: 1 }, { session });
      });
    });
    await expect(server.db.collection(name).insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
    expect(await server.db.collection(name).countDocuments({})).toBe(1);
  });

  it('answer a repeated commit like the first, and nothing after an abort', async () => {
    const rows = await accounts('a');
    await withSessions(1, async (session) => {
      session.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session });
      await session.commitTransaction();
      await session.commitTransaction();
      session.startTransaction();
      await rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session });
      await session.abortTransaction();
    });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 101 });
  });
});

describe('retryable writes', () => {
  it('do nothing a second time when the answer was lost', async () => {
    await using server = await openTestServer();
    const rows = server.db.collection<Account>('rows');
    await rows.insertOne({ _id: 'a', balance: 0 });
    using client = await openRawClient(server.mongo.port);
    const session = { $db: 'test', lsid: { id: new UUID() } };
    const increment = { $inc: { balance: 1 } };
    const update = () =>
      client.command({
        update: 'rows',
        updates: [{ q: { _id: 'a' }, u: increment }],
        txnNumber: Long.fromNumber(1),
        ...session,
      });
    const modify = () =>
      client.command({
        findAndModify: 'rows',
        query: { _id: 'a' },
        update: increment,
        new: true,
        txnNumber: Long.fromNumber(2),
        ...session,
      });
    expect(await update()).toMatchObject({ n: 1, nModified: 1, ok: 1 });
    expect(await update()).toMatchObject({ n: 1, nModified: 1, retriedStmtIds: [0], ok: 1 });
    expect((await modify())['value']).toMatchObject({ balance: 2 });
    expect((await modify())['value']).toMatchObject({ balance: 2 });
    expect(await update()).toMatchObject({ ok: 0, code: 225 });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 2 });
  });

  it('survive a connection that breaks', async () => {
    await using server = await openTestServer();
    const rows = server.db.collection<Account>('rows');
    await rows.insertOne({ _id: 'a', balance: 0 });
    await server.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['update'], closeConnection: true },
    });
    await rows.updateOne({ _id: 'a' }, { $inc: { balance: 1 } });
    expect(await rows.findOne({ _id: 'a' })).toMatchObject({ balance: 1 });
  });
});
