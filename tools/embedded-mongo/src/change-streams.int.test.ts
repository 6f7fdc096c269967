import mongoose, { Schema } from 'mongoose';
import { MongoServerError, type ChangeStream, type ChangeStreamOptions, type Document, type Timestamp } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestServer, type TestServer } from './testing/test-server.ts';
import { inShort, opened, SOON, take } from './testing/watching.ts';

interface Row {
  _id: number | string;
  [field: string]: unknown;
}

describe('change streams', () => {
  let server: TestServer;
  let next = 0;
  const fresh = () => server.db.collection<Row>(`c${next++}`);
  const watching = (rows: ReturnType<typeof fresh>, pipeline: Document[] = [], options: ChangeStreamOptions = {}) =>
    opened(rows.watch(pipeline, { ...SOON, ...options }));
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'ok',
      (error: unknown) => (error instanceof MongoServerError ? error.code : error),
    );

  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('tell inserts, updates, replacements and removals in order, as MongoDB does', async () => {
    const rows = fresh();
    await rows.insertOne({ _id: 'before' });
    await using stream = await watching(rows);
    const started = Date.now();
    await rows.insertOne({ _id: 1, a: 1, list: ['x'], gone: true });
    const update: Document = { $set: { 'b.c': 2 }, $inc: { a: 1 }, $push: { list: 'y' }, $unset: { gone: 1 } };
    await rows.updateOne({ _id: 1 }, update);
    await rows.updateOne({ _id: 1 }, { $set: { a: 2 } });
    await rows.updateOne({ _id: 'new' }, { $set: { n: 1 } }, { upsert: true });
    await rows.findOneAndReplace({ _id: 1 }, { whole: true });
    await rows.deleteMany({});
    const events = await take(stream, 7);
    expect(inShort(events)).toEqual([
      'insert 1',
      'update 1',
      'insert new',
      'replace 1',
      'delete before',
      'delete 1',
      'delete new',
    ]);
    const ns = { db: 'test', coll: rows.collectionName };
    const [inserted, updated, , replaced, removed] = events;
    expect(Object.keys(inserted ?? {})).toEqual([
      '_id',
      'operationType',
      'clusterTime',
      'wallTime',
      'fullDocument',
      'ns',
      'documentKey',
    ]);
    expect(inserted).toMatchObject({
      ns,
      fullDocument: { _id: 1, a: 1, list: ['x'], gone: true },
      documentKey: { _id: 1 },
    });
    expect(updated).toMatchObject({ ns, documentKey: { _id: 1 } });
    expect(updated?.['updateDescription']).toEqual({
      updatedFields: { a: 2, b: { c: 2 }, 'list.1': 'y' },
      removedFields: ['gone'],
      truncatedArrays: [],
    });
    expect(updated).not.toHaveProperty('fullDocument');
    expect(replaced).toMatchObject({ fullDocument: { _id: 1, whole: true } });
    expect(removed).not.toHaveProperty('fullDocument');
    const times = events.map(({ clusterTime }) => clusterTime as Timestamp);
    for (let i = 1; i < times.length; i++) expect(times[i]?.greaterThan(times[i - 1] as Timestamp)).toBe(true);
    for (const { wallTime } of events) expect(Math.abs(wallTime.getTime() - started)).toBeLessThan(10_000);
  });

  it('tell what a transaction did together, in order, after its commit, and nothing of an aborted one', async () => {
    const rows = fresh();
    await rows.insertOne({ _id: 'x', n: 0 });
    await using stream = await watching(rows);
    const open = server.client.startSession();
    open.startTransaction();
    await rows.insertOne({ _id: 1 }, { session: open });
    await rows.updateOne({ _id: 1 }, { $set: { a: 1 } }, { session: open });
    const aborted = server.client.startSession();
    aborted.startTransaction();
    await rows.insertOne({ _id: 'never' }, { session: aborted });
    await aborted.abortTransaction();
    await rows.insertOne({ _id: 'between' });
    await rows.deleteOne({ _id: 'x' }, { session: open });
    expect(inShort(await take(stream, 1))).toEqual(['insert between']);
    expect(await stream.tryNext()).toBeNull();
    await open.commitTransaction();
    await rows.insertOne({ _id: 'after' });
    const events = await take(stream, 4);
    expect(inShort(events)).toEqual(['insert 1', 'update 1', 'delete x', 'insert after']);
    const [first, second, third, outside] = events;
    expect(second?.['clusterTime']).toEqual(first?.['clusterTime']);
    expect(third?.['clusterTime']).toEqual(first?.['clusterTime']);
    expect(first?.['lsid'].id).toEqual(open.id?.id);
    expect(first?.['lsid'].uid.buffer).toHaveLength(32);
    expect(Number(first?.['txnNumber'])).toBe(open.serverSession.txnNumber);
    expect(outside).not.toHaveProperty('txnNumber');
    await Promise.all([open.endSession(), aborted.endSession()]);
  });

  it('filter and shape events by the stages behind them', async () => {
    const rows = fresh();
    const pipeline = [
      { $match: { $or: [{ 'fullDocument.price': { $gte: 10 } }, { operationType: 'delete' }] } },
      { $addFields: { price: '$fullDocument.price' } },
      { $set: { twice: { $multiply: [2, '$price'] } } },
      { $unset: ['fullDocument', 'wallTime'] },
      { $project: { operationType: 1, documentKey: 1, price: 1, twice: 1 } },
      { $redact: '$$KEEP' },
      { $replaceRoot: { newRoot: { $mergeObjects: ['$$ROOT', { kind: 'shaped' }] } } },
    ];
    await using stream = await watching(rows, pipeline);
    for (let i = 0; i < 20; i++) await rows.insertOne({ _id: i, price: i });
    await rows.deleteOne({ _id: 0 });
    const events = await take(stream, 11);
    expect(inShort(events)).toEqual([...Array.from({ length: 10 }, (_, i) => `insert ${i + 10}`), 'delete 0']);
    expect(events[0]).toEqual({
      _id: expect.anything(),
      operationType: 'insert',
      documentKey: { _id: 10 },
      price: 10,
      twice: 20,
      kind: 'shaped',
    });
  });

  it('cover a collection, a database, or everything', async () => {
    const name = (i: number) => `scope${next}_${i}`;
    const [a, b] = [server.client.db(name(1)), server.client.db(name(2))];
    await using ofCollection = await opened(a.collection<Row>('x').watch([], SOON));
    await using ofDatabase = await opened(a.watch([], SOON));
    await using ofAll = await opened(server.client.watch([], SOON));
    const place = ({ ns }: Document): string => `${String(ns.db)}.${String(ns.coll)}`;
    for (const [db, coll] of [
      [a, 'x'],
      [a, 'y'],
      [b, 'x'],
      [a, 'x'],
    ] as const) {
      await db.collection(coll).insertOne({ at: new Date() });
    }
    expect((await take(ofCollection, 2)).map(place)).toEqual([`${name(1)}.x`, `${name(1)}.x`]);
    expect((await take(ofDatabase, 3)).map(place)).toEqual([`${name(1)}.x`, `${name(1)}.y`, `${name(1)}.x`]);
    expect((await take(ofAll, 4)).map(place)).toEqual([`${name(1)}.x`, `${name(1)}.y`, `${name(2)}.x`, `${name(1)}.x`]);
    expect(await codeOf(server.client.db('admin').watch().tryNext())).toBe(73);
    expect(await codeOf(server.client.db('local').collection('x').watch().tryNext())).toBe(73);
    expect(await codeOf(a.collection('system.views').watch().tryNext())).toBe(73);
    expect(await codeOf(a.aggregate([{ $changeStream: { allChangesForCluster: true } }]).tryNext())).toBe(72);
  });

  it('tell of collections and databases that go away or get another name', async () => {
    const db = server.client.db(`going${next++}`);
    await db.collection<Row>('x').insertOne({ _id: 1 });
    await db.collection<Row>('y').insertOne({ _id: 1 });
    await using all = await opened(server.client.watch([{ $match: { 'ns.db': db.databaseName } }], SOON));
    await using ofDatabase = await opened(db.watch([], SOON));
    await using ofX = await opened(db.collection('x').watch([], SOON));
    await using ofZ = await opened(db.collection('z').watch([], SOON));
    await db.renameCollection('x', 'z');
    await db.renameCollection('z', 'y', { dropTarget: true });
    await db.collection('y').drop();
    await db.collection('w').insertOne({});
    await db.dropDatabase();

    const shapes = (events: Document[]): unknown[] =>
      events.map(({ operationType, ns, to }) =>
        [operationType, ns?.coll, to?.coll].filter((part) => part !== undefined),
      );
    const expected = [
      ['rename', 'x', 'z'],
      ['rename', 'z', 'y'],
      ['drop', 'y'],
      ['insert', 'w'],
      ['drop', 'w'],
      ['dropDatabase'],
    ];
    expect(shapes(await take(all, 6))).toEqual(expected);
    expect(shapes(await take(ofDatabase, 7))).toEqual([...expected, ['invalidate']]);
    expect(shapes(await take(ofX, 2))).toEqual([['rename', 'x', 'z'], ['invalidate']]);
    expect(shapes(await take(ofZ, 2))).toEqual([['rename', 'x', 'z'], ['invalidate']]);
    await expect(ofX.next()).rejects.toThrow();
    expect(ofX.closed).toBe(true);
  });

  it('look up updated documents as they are now', async () => {
    const rows = fresh();
    await rows.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    await using stream = await watching(rows, [], { fullDocument: 'updateLookup' });
    for (const id of [1, 2]) await rows.updateOne({ _id: id }, { $set: { n: 1 } });
    await rows.updateOne({ _id: 1 }, { $set: { n: 2 } });
    await rows.deleteOne({ _id: 2 });
    const events = await take(stream, 4);
    expect(events.map(({ fullDocument }) => fullDocument)).toEqual([
      { _id: 1, n: 2 },
      null,
      { _id: 1, n: 2 },
      undefined,
    ]);
    await rows.updateOne({ _id: 3 }, { $set: { n: 3 } });
    await rows.rename(`${rows.collectionName}_renamed`);
    expect((await stream.next()) as Document).toMatchObject({ fullDocument: { _id: 3, n: 3 } });
  });

  it('tell documents before and after a change where the collection keeps them', async () => {
    const images = { changeStreamPreAndPostImages: { enabled: true } };
    const rows = await server.db.createCollection<Row>(`c${next++}`, images);
    await using stream = await watching(rows, [], { fullDocument: 'required', fullDocumentBeforeChange: 'required' });
    await rows.insertOne({ _id: 1, n: 0 });
    for (let n = 1; n <= 2; n++) await rows.updateOne({ _id: 1 }, { $set: { n } });
    await rows.replaceOne({ _id: 1 }, { other: 1 });
    await rows.deleteOne({ _id: 1 });
    const pairs = (await take(stream, 5)).map((event) => [event['fullDocumentBeforeChange'], event['fullDocument']]);
    expect(pairs).toEqual([
      [undefined, { _id: 1, n: 0 }],
      [
        { _id: 1, n: 0 },
        { _id: 1, n: 1 },
      ],
      [
        { _id: 1, n: 1 },
        { _id: 1, n: 2 },
      ],
      [
        { _id: 1, n: 2 },
        { _id: 1, other: 1 },
      ],
      [{ _id: 1, other: 1 }, undefined],
    ]);
    await rows.insertOne({ _id: 2 });
    await take(stream, 1);
    await server.db.command({ collMod: rows.collectionName, changeStreamPreAndPostImages: { enabled: false } });
    await using lenient = await watching(rows, [], {
      fullDocument: 'whenAvailable',
      fullDocumentBeforeChange: 'whenAvailable',
    });
    await rows.updateOne({ _id: 2 }, { $set: { n: 1 } });
    expect(await lenient.next()).toMatchObject({ fullDocument: null, fullDocumentBeforeChange: null });
    expect(await codeOf(stream.next())).toBe(47);
    expect(
      await codeOf(server.db.createCollection('bad', { changeStreamPreAndPostImages: {} as { enabled: boolean } })),
    ).toBe(40414);
  });

  it('tell all events to those who ask for them', async () => {
    const name = `c${next++}`;
    await using stream = await opened(
      server.db.watch([{ $match: { 'ns.coll': name } }], { ...SOON, showExpandedEvents: true }),
    );
    const rows = await server.db.createCollection<Row>(name);
    await rows.createIndex({ a: 1 });
    await rows.insertOne({ _id: 1, list: { 0: 'x' } });
    await rows.updateOne({ _id: 1 }, { $set: { 'list.0': 'y' } });
    await server.db.command({ collMod: name, validationLevel: 'moderate' });
    await rows.dropIndex('a_1');
    await rows.drop();
    const events = await take(stream, 7);
    expect(events.map(({ operationType }) => operationType)).toEqual([
      'create',
      'createIndexes',
      'insert',
      'update',
      'modify',
      'dropIndexes',
      'drop',
    ]);
    const index = { v: 2, key: { a: 1 }, name: 'a_1' };
    expect(events[0]?.['operationDescription']).toEqual({ idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } });
    expect(events[1]?.['operationDescription']).toEqual({ indexes: [index] });
    expect(events[3]?.['updateDescription'].disambiguatedPaths).toEqual({ 'list.0': ['list', '0'] });
    expect(events[4]?.['operationDescription']).toEqual({ validationLevel: 'moderate' });
    expect(events[5]?.['operationDescription']).toEqual({ indexes: [index] });
    for (const event of events) expect(String(event['collectionUUID'])).toBe(String(events[0]?.['collectionUUID']));
  });

  it('go to several watchers at once, each at its own pace', async () => {
    const rows = fresh();
    const streams = await Promise.all(Array.from({ length: 12 }, () => watching(rows)));
    const slow = await watching(rows, [], { batchSize: 1 });
    const waiting = streams.map((stream) => take(stream, 200));
    await Promise.all(Array.from({ length: 200 }, (_, i) => rows.insertOne({ _id: i })));
    const [first, ...others] = (await Promise.all(waiting)).map(inShort);
    expect(new Set(first).size).toBe(200);
    for (const other of others) expect(other).toEqual(first);
    expect(inShort(await take(slow, 200))).toEqual(first);
    await Promise.all([...streams, slow].map((stream) => stream.close()));
  });

  it('refuse stages and options as MongoDB does', async () => {
    const rows = fresh();
    const refusal = (pipeline: Document[], options: Document = {}): Promise<unknown> =>
      codeOf(rows.watch(pipeline, options as ChangeStreamOptions).tryNext());
    for (const stage of [
      { $group: { _id: 1 } },
      { $sort: { _id: 1 } },
      { $limit: 1 },
      { $out: 'x' },
      { $lookup: {} },
    ]) {
      expect(await refusal([stage]), Object.keys(stage)[0]).toBe(20);
    }
    expect(await refusal([{ $nonsense: 1 }])).toBe(40324);
    expect(await refusal([{ $match: { $bad: 1 } }])).toBe(2);
    expect(await refusal([{ $changeStream: {} }])).toBe(40602);
    expect(await codeOf(rows.aggregate([{ $match: {} }, { $changeStream: {} }]).tryNext())).toBe(40602);
    for (const [outer, code] of [
      ['$lookup', 51047],
      ['$unionWith', 31441],
    ] as const) {
      const inner = {
        pipeline: [{ $changeStream: {} }],
        ...(outer === '$lookup' ? { from: 'x', as: 'y' } : { coll: 'x' }),
      };
      expect(await codeOf(rows.aggregate([{ [outer]: inner }]).tryNext()), outer).toBe(code);
    }
    expect(await refusal([], { fullDocument: 'always' })).toBe(2);
    expect(await refusal([], { fullDocumentBeforeChange: 'default' })).toBe(2);
    expect(await codeOf(rows.aggregate([{ $changeStream: { unknown: 1 } }]).tryNext())).toBe(40415);
    expect(await codeOf(rows.aggregate([{ $changeStream: 1 }]).tryNext())).toBe(50808);
    expect(await codeOf(rows.aggregate([{ $changeStream: {} }]).explain())).toBe(238);
    expect(await refusal([], { resumeAfter: 'text' })).toBe(14);
    expect(await refusal([], { resumeAfter: {} })).toBe(40647);
    expect(await refusal([], { resumeAfter: { _data: 'zz' } })).toBe(9);
    expect(await refusal([], { resumeAfter: { _data: '8263AB' } })).toBe(260);
    expect(await codeOf(rows.aggregate([{ $changeStream: {} }], { readConcern: 'local' }).tryNext())).toBe(72);
    await using good = await watching(rows);
    const token = good.resumeToken as Document;
    const both = { $changeStream: { resumeAfter: token, startAfter: token } };
    expect(await codeOf(rows.aggregate([both]).tryNext())).toBe(50865);
    const time = (await server.db.command({ ping: 1 }))['operationTime'] as Timestamp;
    const twice = { $changeStream: { resumeAfter: token, startAtOperationTime: time } };
    expect(await codeOf(rows.aggregate([twice]).tryNext())).toBe(40674);
    const session = server.client.startSession();
    session.startTransaction();
    expect(await codeOf(rows.aggregate([{ $changeStream: {} }], { session }).tryNext())).toBe(263);
    await session.endSession();
  });

  it('end when the pipeline takes the token from an event', async () => {
    const rows = fresh();
    for (const stage of [{ $project: { _id: 0 } }, { $set: { _id: 'mine' } }, { $unset: '_id' }]) {
      const stream: ChangeStream = await watching(rows, [stage]);
      await rows.insertOne({ _id: `row${next++}` });
      const error = await stream.next().catch((reason: unknown) => reason);
      expect(error, Object.keys(stage)[0]).toMatchObject({ code: 280, codeName: 'ChangeStreamFatalError' });
    }
  });

  it('serve Mongoose models', async () => {
    const connection = await mongoose.createConnection(server.mongo.uri, { dbName: 'models' }).asPromise();
    const Item = connection.model('Item', new Schema({ name: String, stock: Number }));
    await Item.init();
    const stream = Item.watch([{ $match: { operationType: { $in: ['insert', 'update'] } } }], {
      fullDocument: 'updateLookup',
      hydrate: true,
    });
    const events: Document[] = [];
    const ready = new Promise((resolve) => stream.once('ready', resolve));
    stream.on('change', (event: Document) => void events.push(event));
    await ready;
    // The driver asks the server with its first question; what is written before that is not told.
    await expect
      .poll(async () => {
        if (events.length === 0) await Item.create({ name: 'probe', stock: 0 });
        return events.length;
      })
      .toBeGreaterThan(0);
    const item = await Item.create({ name: 'lamp', stock: 3 });
    item.stock = 2;
    await item.save();
    await expect.poll(() => events.at(-1)?.['operationType']).toBe('update');
    const last = events.at(-1);
    expect(last?.['updateDescription'].updatedFields).toEqual({ stock: 2 });
    expect(last?.['fullDocument']).toBeInstanceOf(Item);
    expect(last?.['fullDocument'].name).toBe('lamp');
    await stream.close();
    await connection.close();
  });
});
