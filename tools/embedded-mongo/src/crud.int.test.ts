import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decimal128, Double, Long, MongoServerError, ObjectId, type Collection, type Document } from 'mongodb';
import { openTestServer, type TestServer } from './testing/test-server.ts';

/** Any fields, ids of any type. */
interface Row {
  _id?: number | string | ObjectId | number[] | undefined;
  [field: string]: unknown;
}

const plus = (n: number): Document => ({ $inc: { count: n } });

describe('CRUD through the official driver', () => {
  let server: TestServer;
  let next = 0;
  const fresh = (): Collection<Row> => server.db.collection<Row>(`c${next++}`);
  const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
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

  it('leaves no collection behind when $out fails, and the old one as it was', async () => {
    const rows = fresh();
    await rows.insertMany([{ _id: 1 }, { _id: 2 }]);
    const twice = (target: string): Promise<unknown> =>
      rows.aggregate([{ $set: { _id: 'same' } }, { $out: target }]).toArray();
    expect(await codeOf(twice('out_of_nothing'))).toBe(11000);
    expect(await server.db.listCollections({ name: /out/ }).toArray()).toEqual([]);
    expect(await codeOf(twice(rows.collectionName))).toBe(11000);
    expect(await rows.countDocuments()).toBe(2);
  });

  it('ends a regular expression that would keep the server busy', async () => {
    const rows = fresh();
    await rows.insertOne({ _id: 1, text: `${'a'.repeat(40)}!` });
    expect(await codeOf(rows.findOne({ text: /(a+)+$/ }))).toBe(51156);
    expect(await codeOf(rows.aggregate([{ $match: { text: { $regex: '(a|aa)+$' } } }]).toArray())).toBe(51156);
    expect(await rows.findOne({ text: /^(a+)+!$/ }, { projection: { _id: 1 } })).toEqual({ _id: 1 });
  });

  it('keeps every BSON type as it was written', async () => {
    const rows = fresh();
    const doc = {
      _id: new ObjectId(),
      i: 1,
      d: new Double(1),
      l: Long.fromString('9007199254740993'),
      m: Decimal128.fromString('10.50'),
      s: 'é\u{1F600}',
      at: new Date('1950-01-01'),
      n: null,
      nested: { z: 1, a: [1, 'x', { b: 2 }] },
      10: 'numeric name after others',
    };
    await rows.insertOne(doc);
    const raw = await rows.findOne({ _id: doc._id }, { promoteValues: false, promoteLongs: false });
    expect(Object.keys(raw ?? {})).toEqual(Object.keys(doc));
    expect(String(raw?.['l'])).toBe('9007199254740993');
    expect(String(raw?.['m'])).toBe('10.50');
    expect(raw?.['d']).toBeInstanceOf(Double);
  });

  it('answers all documents of a limit that do not fit into one message', async () => {
    const rows = fresh();
    const filler = 'x'.repeat(1_000_000);
    await rows.insertMany(Array.from({ length: 40 }, (_, i) => ({ _id: i, filler })));
    expect(await rows.find().limit(30).toArray()).toHaveLength(30);
    expect(await rows.find().limit(-30).toArray()).toHaveLength(16);
  });

  it('counts no time that a client takes between two batches towards its time limit', async () => {
    const rows = fresh();
    await rows.insertMany(Array.from({ length: 3000 }, (_, i) => ({ _id: i })));
    await server.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['getMore'], blockConnection: true, blockTimeMS: 600 },
    });
    expect(await rows.find({ _id: { $gte: 0 } }, { batchSize: 10, maxTimeMS: 500 }).toArray()).toHaveLength(3000);
  });

  it('inserts, updates, replaces, deletes and counts what it did', async () => {
    const rows = fresh();
    await rows.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, count: n, even: n % 2 === 0 })));
    expect(await rows.updateMany({ even: true }, plus(10))).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
    expect(await rows.updateOne({ _id: 1 }, { $set: { count: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await rows.replaceOne({ _id: 3 }, { replaced: true })).toMatchObject({ modifiedCount: 1 });
    expect(await rows.deleteMany({ count: { $gt: 10 } })).toMatchObject({ deletedCount: 2 });
    expect(await rows.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, count: 1, even: false },
      { _id: 3, replaced: true },
    ]);
    expect(await rows.countDocuments({})).toBe(2);
    expect(await rows.estimatedDocumentCount()).toBe(2);
  });

  it('upserts once and tells the new id', async () => {
    const rows = fresh();
    const first = await rows.updateOne(
      { sku: 'a' },
      { $set: { count: 1 }, $setOnInsert: { made: true } },
      { upsert: true },
    );
    expect(first).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    const second = await rows.updateOne({ sku: 'a' }, plus(1), { upsert: true });
    expect(second).toMatchObject({ matchedCount: 1, upsertedCount: 0 });
    expect(await rows.findOne()).toEqual({ _id: first.upsertedId, sku: 'a', count: 2, made: true });
  });

  it('finds and modifies one document', async () => {
    const rows = fresh();
    await rows.insertMany([
      { _id: 1, at: 5 },
      { _id: 2, at: 3 },
    ]);
    const taken = await rows.findOneAndUpdate(
      {},
      { $set: { taken: true } },
      { sort: { at: 1 }, returnDocument: 'after' },
    );
    expect(taken).toEqual({ _id: 2, at: 3, taken: true });
    expect(await rows.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, at: 5 });
    expect(await rows.findOneAndUpdate({ _id: 9 }, { $set: { a: 1 } })).toBeNull();
  });

  it('goes through large results in batches, from the data as it was', async () => {
    const rows = fresh();
    await rows.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i })));
    const cursor = rows.find().batchSize(100);
    const seen: unknown[] = [(await cursor.next())?._id];
    await rows.deleteMany({ _id: { $gte: 500 } });
    for await (const row of cursor) seen.push(row._id);
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(await rows.countDocuments({})).toBe(500);
  });

  it('continues an unordered bulk after errors and stops an ordered one', async () => {
    const rows = fresh();
    await rows.insertOne({ _id: 1 });
    const bulk = async (ordered: boolean) =>
      rows
        .insertMany([{ _id: 2 + Number(ordered) * 10 }, { _id: 1 }, { _id: 3 + Number(ordered) * 10 }], { ordered })
        .catch((e: unknown) => e);
    expect(await bulk(false)).toMatchObject({ code: 11000, insertedCount: 2 });
    expect(await bulk(true)).toMatchObject({ code: 11000, insertedCount: 1 });
    expect((await rows.find().toArray()).map((row) => row._id)).toEqual([1, 2, 3, 12]);
  });

  it('refuses duplicates in unique indexes with the words Mongoose reads, and changes nothing', async () => {
    const rows = fresh();
    await rows.createIndex({ tenant: 1, email: 1 }, { unique: true });
    await rows.insertMany([
      { _id: 1, tenant: 't', email: 'a' },
      { _id: 2, tenant: 't', email: 'b' },
    ]);
    const error = await rows.insertOne({ tenant: 't', email: 'a' }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { tenant: 1, email: 1 },
      keyValue: { tenant: 't', email: 'a' },
    });
    expect((error as Error).message).toBe(
      `E11000 duplicate key error collection: test.${rows.collectionName} index: tenant_1_email_1 dup key: { tenant: "t", email: "a" }`,
    );
    expect(await codeOf(rows.updateOne({ _id: 2 }, { $set: { email: 'a', touched: true } }))).toBe(11000);
    expect(await codeOf(rows.createIndex({ tenant: 1 }, { unique: true }))).toBe(11000);
    expect(await rows.findOne({ _id: 2 })).toEqual({ _id: 2, tenant: 't', email: 'b' });
    expect(await rows.countDocuments({})).toBe(2);
  });

  it('lets sparse and partial unique indexes pass what they do not hold', async () => {
    const rows = fresh();
    await rows.createIndex({ code: 1 }, { unique: true, sparse: true });
    await rows.createIndex({ email: 1 }, { unique: true, partialFilterExpression: { active: true } });
    await rows.insertMany([
      { email: 'a', active: false },
      { email: 'a', active: true },
      { email: 'a', active: false },
    ]);
    expect(await codeOf(rows.insertOne({ email: 'a', active: true }))).toBe(11000);
    await rows.insertOne({ code: 'x' });
    expect(await codeOf(rows.insertOne({ code: 'x' }))).toBe(11000);
  });

  it('reports unknown commands, fields and bad values with their codes', async () => {
    const rows = fresh();
    expect(await codeOf(server.db.command({ fooBar: 1 }))).toBe(59);
    expect(await codeOf(server.db.command({ find: 'x', foo: 1 }))).toBe(40415);
    expect(await codeOf(rows.updateOne({}, { $foo: { a: 1 } }))).toBe(9);
    expect(await codeOf(rows.find({ a: { $foo: 1 } }).toArray())).toBe(2);
    expect(await codeOf(rows.insertOne({ _id: [1] }))).toBe(53);
    expect(await codeOf(rows.insertOne({ text: 'x'.repeat(17 * 1024 * 1024) }))).not.toBe('ok');
  });

  it('validates documents of a collection with a schema', async () => {
    const rows = await server.db.createCollection<Row>('validated', {
      validator: { $jsonSchema: { required: ['n'], properties: { n: { bsonType: 'int', minimum: 0 } } } },
    });
    await rows.insertOne({ n: 1 });
    expect(await codeOf(rows.insertOne({ n: -1 }))).toBe(121);
    expect(await codeOf(rows.updateOne({ n: 1 }, { $set: { n: -1 } }))).toBe(121);
    expect(await rows.countDocuments({ n: 1 })).toBe(1);
  });

  it('removes expired documents within seconds', async () => {
    const rows = fresh();
    await rows.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
    await rows.insertMany([
      { _id: 1, at: new Date(Date.now() - 5000) },
      { _id: 2, at: new Date(Date.now() + 3_600_000) },
      { _id: 3, at: 'text' },
    ]);
    await expect
      .poll(async () => (await rows.find().toArray()).map((row) => row._id), { timeout: 5000 })
      .toEqual([2, 3]);
  });

  it('keeps expired documents while it is told to', async () => {
    const rows = fresh();
    const admin = server.client.db('admin');
    const set = (value: unknown) => admin.command({ setParameter: 1, ttlMonitorEnabled: value });
    expect(await set(false)).toMatchObject({ was: true });
    try {
      await rows.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
      await rows.insertOne({ _id: 1, at: new Date(0) });
      // A round begins every second: more than one has gone by.
      const begun = Date.now();
      await expect.poll(() => Date.now() - begun, { timeout: 5000 }).toBeGreaterThan(2100);
      expect(await rows.countDocuments()).toBe(1);
      expect(await admin.command({ getParameter: 1, ttlMonitorEnabled: 1 })).toMatchObject({
        ttlMonitorEnabled: false,
      });
      expect(await codeOf(admin.command({ setParameter: 1, quiet: true }))).toBe(72);
      expect(await codeOf(admin.command({ setParameter: 1 }))).toBe(72);
      expect(await codeOf(set('no'))).toBe(14);
    } finally {
      expect(await set(1)).toMatchObject({ was: false });
    }
    await expect.poll(() => rows.countDocuments(), { timeout: 5000 }).toBe(0);
  });

  it('fails commands as a failpoint says', async () => {
    const rows = fresh();
    const admin = server.client.db('admin');
    await admin.command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['find'], errorCode: 11600, closeConnection: false },
    });
    const plain = await openTestClient(server, { retryReads: false });
    try {
      expect(await codeOf(plain.db('test').collection(rows.collectionName).findOne({}))).toBe(11600);
      expect(await plain.db('test').collection(rows.collectionName).findOne({})).toBeNull();
    } finally {
      await plain.close();
    }
  });
});

async function openTestClient(server: TestServer, options: { retryReads: boolean }) {
  const { MongoClient } = await import('mongodb');
  return new MongoClient(server.mongo.uri, options);
}
