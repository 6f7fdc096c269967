import { Long, MongoClientBulkWriteError, UUID, type ClientBulkWriteModel, type Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRawClient, type RawClient } from './testing/raw-client.ts';
import { openTestServer, type TestServer } from './testing/test-server.ts';

type Row = Document & { _id: number };

describe('bulkWrite', () => {
  let server: TestServer;
  let raw: RawClient;
  beforeAll(async () => {
    server = await openTestServer();
    raw = await openRawClient(server.mongo.port);
  });
  afterAll(async () => {
    raw[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await Promise.all(['shop', 'other'].map((name) => server.client.db(name).dropDatabase()));
  });

  const all = (db: string, name: string) =>
    server.client.db(db).collection<Row>(name).find().sort({ _id: 1 }).toArray();
  const bulk = (ops: Document[], options: Document = {}, ns = ['shop.a']) =>
    raw.command({ bulkWrite: 1, ops, nsInfo: ns.map((one) => ({ ns: one })), ...options, $db: 'admin' });

  it('writes into several collections and databases through the driver', async () => {
    const models: ClientBulkWriteModel<Record<string, Row>>[] = [
      { name: 'insertOne', namespace: 'shop.a', document: { _id: 1, n: 1 } },
      { name: 'insertOne', namespace: 'other.b', document: { _id: 1, n: 5 } },
      { name: 'updateOne', namespace: 'shop.a', filter: { _id: 1 }, update: { $inc: { n: 1 } } },
      { name: 'updateMany', namespace: 'other.b', filter: {}, update: [{ $set: { n: { $add: ['$n', 1] } } }] },
      { name: 'replaceOne', namespace: 'shop.a', filter: { _id: 2 }, replacement: { n: 9 }, upsert: true },
      { name: 'updateOne', namespace: 'shop.a', filter: { _id: 7 }, update: { $set: { n: 1 } } },
      { name: 'deleteOne', namespace: 'other.b', filter: { n: 6 } },
      { name: 'deleteMany', namespace: 'other.b', filter: { n: 6 } },
    ];
    const result = await server.client.bulkWrite<Record<string, Row>>(models, { verboseResults: true });
    expect(result).toMatchObject({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(result.updateResults?.get(4)).toEqual({ matchedCount: 1, modifiedCount: 0, didUpsert: true, upsertedId: 2 });
    expect(result.updateResults?.get(5)).toEqual({ matchedCount: 0, modifiedCount: 0, didUpsert: false });
    expect(result.deleteResults?.get(6)).toEqual({ deletedCount: 1 });
    expect(await all('shop', 'a')).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 9 },
    ]);
    expect(await all('other', 'b')).toEqual([]);
  });

  it('hands out thousands of results by a cursor', async () => {
    const models = Array.from({ length: 5000 }, (_, _id): ClientBulkWriteModel<Record<string, Row>> => ({
      name: 'insertOne',
      namespace: 'shop.a',
      document: { _id },
    }));
    const result = await server.client.bulkWrite<Record<string, Row>>(models, { verboseResults: true });
    expect(result.insertResults?.size).toBe(5000);
    const first = await bulk(
      [
        { insert: 0, document: { _id: -1 } },
        { insert: 0, document: { _id: -2 } },
      ],
      {
        cursor: { batchSize: 1 },
      },
    );
    expect(first['cursor']).toMatchObject({ ns: 'admin.$cmd.bulkWrite', firstBatch: [{ ok: 1, idx: 0, n: 1 }] });
    const next = await raw.command({
      getMore: Long.fromBigInt(BigInt(first['cursor'].id)),
      collection: '$cmd.bulkWrite',
      $db: 'admin',
    });
    expect(next['cursor']).toMatchObject({ nextBatch: [{ ok: 1, idx: 1, n: 1 }], id: 0 });
  });

  it('stops at the first error when ordered, and goes on otherwise', async () => {
    const models: ClientBulkWriteModel<Record<string, Row>>[] = [1, 1, 2].map((_id) => ({
      name: 'insertOne',
      namespace: 'shop.a',
      document: { _id },
    }));
    const ordered = await server.client.bulkWrite<Record<string, Row>>(models).catch((error: unknown) => error);
    expect(ordered).toBeInstanceOf(MongoClientBulkWriteError);
    expect((ordered as MongoClientBulkWriteError).writeErrors.get(1)).toMatchObject({ code: 11000 });
    expect(await all('shop', 'a')).toEqual([{ _id: 1 }]);
    const rest = await server.client
      .bulkWrite<Record<string, Row>>(models, { ordered: false })
      .catch((error: unknown) => error);
    expect([...(rest as MongoClientBulkWriteError).writeErrors.keys()]).toEqual([0, 1]);
    expect(await all('shop', 'a')).toEqual([{ _id: 1 }, { _id: 2 }]);
  });

  it('answers results and errors in the order of the statements', async () => {
    const ops = [1, 1, 2].map((_id) => ({ insert: 0, document: { _id } }));
    const reply = await bulk(ops, { ordered: false });
    expect(reply).toMatchObject({ ok: 1, nErrors: 1, nInserted: 2, nMatched: 0, nUpserted: 0, nDeleted: 0 });
    expect(reply['cursor'].firstBatch).toMatchObject([
      { ok: 1, idx: 0, n: 1 },
      { ok: 0, idx: 1, code: 11000, n: 0, keyPattern: { _id: 1 } },
      { ok: 1, idx: 2, n: 1 },
    ]);
    const again = await bulk(ops, { ordered: false, errorsOnly: true });
    expect(again['cursor'].firstBatch.map((item: Document) => item['idx'])).toEqual([0, 1, 2]);
    expect((await bulk([{ delete: 0, filter: {}, multi: true }], { errorsOnly: true }))['cursor'].firstBatch).toEqual(
      [],
    );
  });

  it('is done once however often it is sent', async () => {
    const session = { lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1) };
    const ops = [
      { insert: 0, document: { _id: 1, n: 0 } },
      { update: 0, filter: { _id: 1 }, updateMods: { $inc: { n: 1 } } },
    ];
    expect(await bulk(ops, session)).toMatchObject({ nInserted: 1, nModified: 1 });
    expect(await bulk(ops, session)).toMatchObject({ nErrors: 0, nInserted: 1, nModified: 1, retriedStmtIds: [0, 1] });
    expect(await all('shop', 'a')).toEqual([{ _id: 1, n: 1 }]);
    const many = await bulk([{ delete: 0, filter: {}, multi: true }], { ...session, txnNumber: Long.fromNumber(2) });
    expect(many['cursor'].firstBatch).toMatchObject([{ ok: 0, code: 72 }]);
    expect(await all('shop', 'a')).toHaveLength(1);
  });

  it('writes nothing when the options of its answer are wrong', async () => {
    const insert = [{ insert: 0, document: { _id: 1 } }];
    expect(await bulk(insert, { cursor: { nope: 1 } })).toMatchObject({ ok: 0, code: 40415 });
    expect(await bulk(insert, { cursor: { batchSize: -1 } })).toMatchObject({ ok: 0, code: 51024 });
    expect(await all('shop', 'a')).toEqual([]);
  });

  it('is part of a transaction', async () => {
    await server.client.db('shop').createCollection('a');
    await server.client.db('other').createCollection('b');
    await server.client.withSession(async (session) => {
      session.startTransaction();
      const models = ['shop.a', 'other.b'].map((namespace): ClientBulkWriteModel<Record<string, Row>> => {
        return { name: 'insertOne', namespace, document: { _id: 1 } };
      });
      await server.client.bulkWrite<Record<string, Row>>(models, { session });
      expect(await all('shop', 'a')).toEqual([]);
      await session.commitTransaction();
    });
    expect([await all('shop', 'a'), await all('other', 'b')]).toEqual([[{ _id: 1 }], [{ _id: 1 }]]);
  });

  it('takes sorts, hints, array filters, collations and variables, and checks validators', async () => {
    const a = server.client.db('shop').collection<Row>('a');
    await a.insertMany([
      { _id: 1, n: 1, x: 'A', l: [1, 5] },
      { _id: 2, n: 2, x: 'b', l: [] },
    ]);
    await a.createIndex({ n: 1 });
    const reply = await bulk(
      [
        { update: 0, filter: {}, updateMods: { $set: { first: true } }, sort: { n: -1 }, hint: { n: 1 } },
        { update: 0, filter: { _id: 1 }, updateMods: { $set: { 'l.$[big]': 9 } }, arrayFilters: [{ big: { $gt: 3 } }] },
        {
          update: 0,
          filter: { x: 'a' },
          updateMods: [{ $set: { v: '$$given', w: '$$own' } }],
          constants: { own: 4 },
          collation: { locale: 'en', strength: 2 },
        },
        { delete: 0, filter: { n: 7 }, hint: 'none' },
      ],
      { let: { given: 3 }, ordered: false },
    );
    expect(reply['cursor'].firstBatch).toMatchObject([{ ok: 1 }, { ok: 1 }, { ok: 1, n: 1 }, { ok: 0, code: 2 }]);
    expect(await all('shop', 'a')).toMatchObject([
      { _id: 1, l: [1, 9], v: 3, w: 4 },
      { _id: 2, first: true },
    ]);
    await server.client.db('shop').command({ collMod: 'a', validator: { n: { $lt: 100 } } });
    const wrong = [{ insert: 0, document: { _id: 3, n: 100 } }];
    expect((await bulk(wrong))['cursor'].firstBatch).toMatchObject([{ ok: 0, code: 121 }]);
    expect(await bulk(wrong, { bypassDocumentValidation: true })).toMatchObject({ nErrors: 0 });
  });

  it('refuses what it does not know, as a whole', async () => {
    const insert = { insert: 0, document: { _id: 1 } };
    const refused: [Document[], Document, string[], number][] = [
      [[], {}, ['shop.a'], 16],
      [[insert, { insert: 1, document: {} }], {}, ['shop.a'], 2],
      [[insert, { replace: 0 }], {}, ['shop.a'], 9],
      [[{ ...insert, upsert: true }], {}, ['shop.a'], 40415],
      [[{ update: 0, filter: {} }], {}, ['shop.a'], 40414],
      [[{ update: 0, filter: {}, updateMods: { $set: { a: 1 } }, return: 'post' }], {}, ['shop.a'], 40415],
      [[insert], {}, ['shop'], 73],
      [[insert], {}, ['shop.system.users'], 73],
      [[insert], { nope: 1 }, ['shop.a'], 40415],
    ];
    for (const [ops, options, ns, code] of refused) {
      expect(await bulk(ops, options, ns), JSON.stringify([ops, options, ns])).toMatchObject({ ok: 0, code });
    }
    expect(await raw.command({ bulkWrite: 1, ops: [insert], nsInfo: [{ ns: 'shop.a' }], $db: 'shop' })).toMatchObject({
      code: 13,
    });
    expect(await all('shop', 'a')).toEqual([]);
  });
});
