import { Long, type Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { createCore } from './storage/core.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';

describe('options of commands', () => {
  let server: EmbeddedServer;
  let client: RawClient;
  beforeAll(async () => {
    server = await createServer({ core: createCore(), port: 0 });
    client = await openRawClient(server.port);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server.close();
  });
  beforeEach(async () => {
    await run({ dropDatabase: 1 });
    await run({ insert: 'rows', documents: [1, 2, 3].map((n) => ({ _id: n, n })) });
  });

  const run = (command: Document): Promise<Document> => client.command({ ...command, $db: command['$db'] ?? 'test' });
  const codeOf = async (command: Document): Promise<unknown> => {
    const { ok, code } = await run(command);
    return ok === 1 ? 'ok' : code;
  };

  it('of create are kept or refused', async () => {
    for (const option of [
      ...[{ capped: true, size: 1000 }, { size: 1000 }, { max: 5 }, { viewOn: 'rows' }, { pipeline: [] }],
      ...[
        { timeseries: { timeField: 't' } },
        { expireAfterSeconds: 5 },
        { clusteredIndex: { key: { _id: 1 }, unique: true } },
      ],
      ...[{ idIndex: { key: { _id: 1 } } }, { storageEngine: { x: {} } }, { temp: true }, { flags: 1 }],
    ]) {
      expect(await codeOf({ create: 'made', ...option }), JSON.stringify(option)).toBe(238);
    }
    expect(await codeOf({ create: 'made', validationLevel: 'sometimes' })).toBe(2);
    expect(await codeOf({ create: 'made', validationAction: 'errorAndLog' })).toBe(2);
    expect(await codeOf({ create: 'made', validator: { $nope: 1 } })).toBe(2);
    expect(await codeOf({ create: 'made', collation: { locale: 'xx' } })).toBe(2);
    expect((await run({ listCollections: 1, filter: { name: 'made' } }))['cursor'].firstBatch).toEqual([]);
    const options = { validator: { n: { $gt: 0 } }, validationLevel: 'moderate', validationAction: 'error' };
    expect(await codeOf({ create: 'made', capped: false, ...options })).toBe('ok');
    // One that is there is told of first.
    expect(await codeOf({ create: 'made', capped: true, size: 100 })).toBe(48);
    expect((await run({ listCollections: 1, filter: { name: 'made' } }))['cursor'].firstBatch).toMatchObject([
      { options },
    ]);
    expect(await codeOf({ create: 'made', ...options })).toBe('ok');
    expect(await codeOf({ create: 'made', validator: { n: 1 } })).toBe(48);
  });

  it('of validators: moderate lets documents be that were wrong before', async () => {
    await run({ insert: 'rows', documents: [{ _id: 9, n: -1 }] });
    const update = (_id: number, n: number): Document => ({
      update: 'rows',
      updates: [{ q: { _id }, u: { $set: { n } } }],
    });
    const failed = { writeErrors: [{ code: 121 }] };
    await run({ collMod: 'rows', validator: { n: { $gt: 0 } }, validationLevel: 'moderate' });
    expect(await run(update(9, -2))).toMatchObject({ nModified: 1 });
    expect(await run(update(1, -2))).toMatchObject(failed);
    expect(await run({ insert: 'rows', documents: [{ n: -3 }] })).toMatchObject(failed);
    await run({ collMod: 'rows', validationLevel: 'strict' });
    expect(await run(update(9, -3))).toMatchObject(failed);
    expect(await run({ ...update(9, -3), bypassDocumentValidation: 1 })).toMatchObject({ nModified: 1 });
    await run({ collMod: 'rows', validationAction: 'warn' });
    expect(await run(update(1, -2))).toMatchObject({ nModified: 1 });
  });

  it('of collMod change what they name and leave the rest', async () => {
    const indexes = [
      { key: { n: 1 }, name: 'n_1' },
      { key: { n: 1 }, name: 'sparse', sparse: true },
    ];
    await run({ createIndexes: 'rows', indexes });
    const change = (index: Document, more: Document = {}): Document => ({ collMod: 'rows', index, ...more });
    const refused: [Document, number][] = [
      [change({ name: 'n_1' }), 72],
      [change({ hidden: true }), 72],
      [change({ name: 'n_1', keyPattern: { n: 1 }, hidden: true }), 72],
      [change({ name: 'n_1', unique: true }), 238],
      [change({ name: 'n_1', hidden: true, sparse: true }), 40415],
      [change({ name: '_id_', hidden: true }), 2],
      [change({ name: '_id_', expireAfterSeconds: 5 }), 72],
      [change({ name: 'nope', hidden: true }, { validationLevel: 'off' }), 27],
      [change({ name: 'n_1', expireAfterSeconds: -1 }), 72],
      [change({ keyPattern: { n: 1 }, hidden: true }), 181],
      [change({ name: 'n_1', expireAfterSeconds: null }), 72],
      [{ collMod: 'rows', validationLevel: 'x' }, 2],
      [{ collMod: 'rows', validator: { $nope: 1 } }, 2],
      [{ collMod: 'rows', expireAfterSeconds: 5 }, 40415],
    ];
    for (const [command, code] of refused) expect(await codeOf(command), JSON.stringify(command)).toBe(code);
    expect((await run({ listCollections: 1 }))['cursor'].firstBatch[0].options).toEqual({});
    expect(await run(change({ name: 'n_1', expireAfterSeconds: 5 }))).toMatchObject({ expireAfterSeconds_new: 5 });
    expect(await run(change({ name: 'n_1', expireAfterSeconds: 7 }))).toMatchObject({
      expireAfterSeconds_old: 5,
      expireAfterSeconds_new: 7,
    });
    expect(await run(change({ name: 'n_1', expireAfterSeconds: 7 }))).not.toHaveProperty('expireAfterSeconds_new');
    expect(await run(change({ name: 'n_1', hidden: true }))).toMatchObject({ hidden_old: false, hidden_new: true });
    expect(await run(change({ name: 'n_1', hidden: true }))).not.toHaveProperty('hidden_new');
  });

  it('of createIndexes, cursors and writes are honoured or refused', async () => {
    const indexes = [{ key: { n: 1 }, name: 'n_1' }];
    for (const [command, code] of [
      [{ createIndexes: 'rows', indexes, commitQuorum: 2 }, 2],
      [{ createIndexes: 'rows', indexes, commitQuorum: 'x' }, 2],
      [{ createIndexes: 'rows', indexes, ignoreUnknownIndexOptions: true }, 238],
      [{ createIndexes: 'rows', indexes, commitQuorum: 'majority' }, 'ok'],
      [{ aggregate: 'rows', pipeline: [], cursor: { batchSize: 1, more: 1 } }, 40415],
      [{ aggregate: 'rows', pipeline: [], cursor: {}, isMapReduceCommand: true }, 40415],
      [{ aggregate: 'rows', pipeline: [], cursor: {}, allowDiskUse: 'x' }, 14],
      [{ listIndexes: 'rows', cursor: { more: 1 } }, 40415],
      [{ find: 'rows', allowPartialResults: 'x' }, 14],
      [{ find: 'rows', showRecordId: true }, 238],
      [{ find: 'rows', term: 1 }, 40415],
      [{ insert: 'rows', documents: [{}], isTimeseriesNamespace: true }, 40415],
      [{ insert: 'rows', documents: [{}], stmtId: 1, stmtIds: [1] }, 72],
      [{ update: 'rows', updates: [{ q: {}, u: { $set: { a: 1 } }, upsertSupplied: true }] }, 40415],
      [{ getMore: Long.ONE, collection: 'rows', term: 1 }, 40415],
      [{ collStats: 'rows', verbose: true }, 40415],
    ] as [Document, unknown][]) {
      expect(await codeOf(command), JSON.stringify(command)).toBe(code);
    }
    const constants = { update: 'rows', updates: [{ q: {}, u: { $set: { a: 1 } }, c: { x: 1 } }] };
    expect(await run(constants)).toMatchObject({ writeErrors: [{ code: 51198 }] });
  });

  it('of explain are those of what is explained', async () => {
    const explain = (inner: Document, verbosity = 'queryPlanner'): Promise<unknown> =>
      codeOf({ explain: inner, verbosity });
    expect(await explain({ find: 'rows', nope: 1 })).toBe(40415);
    expect(await explain({ find: 'rows', maxTimeMS: -1 })).toBe(2);
    expect(await explain({ find: 'rows' }, 'everything')).toBe(9);
    expect(await explain({ insert: 'rows', documents: [{}] })).toBe(59);
    expect(
      await explain({
        update: 'rows',
        updates: [
          { q: {}, u: {} },
          { q: {}, u: {} },
        ],
      }),
    ).toBe(72);
    expect(await explain({ delete: 'rows', deletes: [{ q: { n: 1 }, limit: 1 }] })).toBe('ok');
    expect(await explain({ aggregate: 'rows', pipeline: [{ $match: {} }, { $nope: {} }], cursor: {} })).toBe(40324);
    expect(await explain({ aggregate: 'rows', pipeline: [{ $out: 'others' }], cursor: {} })).toBe('ok');
    expect(await explain({ count: 'rows', skip: -1 })).toBe(51024);
  });

  it('of statistics choose and scale them', async () => {
    const [plain, scaled] = [await run({ collStats: 'rows' }), await run({ collStats: 'rows', scale: 10 })];
    expect(scaled).toMatchObject({ size: Math.floor(plain['size'] / 10), scaleFactor: 10 });
    expect(await codeOf({ collStats: 'rows', scale: 0 })).toBe(51024);
    expect(await codeOf({ collStats: 'rows', scale: 1e308 })).toBe(2);
    const db = await run({ dbStats: 1, scale: 4, freeStorage: 1 });
    expect(db).toMatchObject({ dataSize: plain['size'] / 4, freeStorageSize: 0 });
    expect(await run({ serverStatus: 1 })).toHaveProperty('repl');
    expect(await run({ serverStatus: 1, repl: 0 })).not.toHaveProperty('repl');
    const stage = async (spec: unknown): Promise<Document> =>
      run({ aggregate: 'rows', pipeline: [{ $collStats: spec }], cursor: {} });
    const { firstBatch } = (await stage({ count: {}, storageStats: { scale: 10 } }))['cursor'];
    expect(firstBatch).toMatchObject([{ count: 3, storageStats: { size: Math.floor(plain['size'] / 10) } }]);
    expect((await stage({}))['cursor'].firstBatch[0]).not.toHaveProperty('count');
    expect([(await stage({ latencyStats: {} }))['code'], (await stage({ nope: 1 }))['code']]).toEqual([238, 40415]);
  });

  it('of cursors are checked before anything is written', async () => {
    const out = (cursor: Document): Document => ({ aggregate: 'rows', pipeline: [{ $out: 'elsewhere' }], cursor });
    expect(await codeOf(out({ nope: 1 }))).toBe(40415);
    expect(await codeOf(out({ batchSize: -1 }))).toBe(51024);
    expect((await run({ count: 'elsewhere' }))['n']).toBe(0);
  });

  it('of order take the natural one forwards or backwards, and nothing beside it', async () => {
    const ids = async (options: Document): Promise<unknown> => {
      const { code, cursor } = await run({ find: 'rows', ...options });
      return code ?? cursor.firstBatch.map(({ _id }: Document) => _id);
    };
    for (const name of ['sort', 'hint']) {
      expect(await ids({ [name]: { $natural: -1 } })).toEqual([3, 2, 1]);
      expect(await ids({ [name]: { $natural: Long.fromNumber(-1) } })).toEqual([3, 2, 1]);
      for (const wrong of [{ $natural: 2 }, { $natural: 'x' }, { $natural: 1, n: 1 }, { n: 1, $natural: 1 }]) {
        expect(await ids({ [name]: wrong }), JSON.stringify(wrong)).toBe(2);
      }
    }
    const update = { q: {}, u: { $set: { n: 9 } }, sort: { $natural: -1, n: 1 } };
    expect(await run({ update: 'rows', updates: [update] })).toMatchObject({ writeErrors: [{ code: 2 }] });
  });

  it('of time end what takes longer, whatever makes it long', async () => {
    const many = { $range: [0, 100_000] };
    const endless = [{ $project: { a: many } }, { $unwind: '$a' }, { $project: { b: many } }, { $unwind: '$b' }];
    const slow = (more: Document[]): Document => ({
      aggregate: 'rows',
      pipeline: [...endless, ...more],
      cursor: {},
      maxTimeMS: 100,
    });
    expect(await codeOf(slow([{ $group: { _id: null, n: { $sum: 1 } } }]))).toBe(50);
    expect(await codeOf(slow([{ $sort: { b: 1 } }]))).toBe(50);
    expect(await codeOf(slow([{ $out: 'elsewhere' }]))).toBe(50);
    expect((await run({ count: 'elsewhere' }))['n']).toBe(0);
    const documents = Array.from({ length: 20_000 }, (_, i) => ({ _id: `x${i}` }));
    expect(await codeOf({ insert: 'long', documents, maxTimeMS: 1 })).toBe(50);
    expect((await run({ count: 'long' }))['n']).toBeLessThan(documents.length);
  });
});
