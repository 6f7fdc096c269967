import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection, Document, Filter } from 'mongodb';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

interface Row extends Document {
  _id: number;
}

interface Stats {
  readonly stages: readonly string[];
  readonly index: string | undefined;
  readonly keys: number;
  readonly docs: number;
  readonly returned: number;
}

describe('the planner', () => {
  let server: TestServer;
  let rows: Collection<Row>;

  beforeAll(async () => {
    server = await openTestServer();
    rows = server.db.collection<Row>('rows');
    await rows.insertMany(
      Array.from({ length: 500 }, (_, i) => ({
        _id: i,
        cat: i % 5,
        price: (i * 37) % 500,
        sku: `s${i}`,
        tags: [`t${i % 3}`, `u${i % 7}`],
      })),
    );
    await rows.createIndex({ cat: 1, price: -1 });
    await rows.createIndex({ sku: 1 }, { unique: true });
    await rows.createIndex({ tags: 1 });
    await rows.createIndex({ price: 1 }, { partialFilterExpression: { price: { $gt: 400 } } });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  async function stats(filter: Filter<Row>, sort?: Document, limit = 0): Promise<Stats> {
    const cursor = rows.find(filter).limit(limit);
    if (sort !== undefined) cursor.sort(sort as Record<string, 1 | -1>);
    const explained = await cursor.explain('executionStats');
    const stages: string[] = [];
    let index: string | undefined;
    for (let stage = explained['queryPlanner'].winningPlan; stage !== undefined; stage = stage.inputStage) {
      stages.push(stage.stage);
      index = stage.indexName ?? index;
    }
    const { totalKeysExamined: keys, totalDocsExamined: docs, nReturned: returned } = explained['executionStats'];
    return { stages, index, keys, docs, returned };
  }

  it('finds one document by id or unique key with one key', async () => {
    expect(await stats({ _id: 7 })).toMatchObject({ index: '_id_', keys: 1, docs: 1, returned: 1 });
    expect(await stats({ sku: 's9' })).toMatchObject({ index: 'sku_1', keys: 1, docs: 1, returned: 1 });
  });

  it('tells of an aggregation the order that an index serves, and of a count what it passes over', async () => {
    const explained = async (pipeline: Document[]) =>
      (await rows.aggregate(pipeline).explain('queryPlanner'))['queryPlanner'].winningPlan;
    const served = await explained([{ $match: { cat: 3 } }, { $sort: { price: 1 } }, { $limit: 5 }]);
    expect([served.stage, served.inputStage]).toMatchObject([
      'FETCH',
      { stage: 'IXSCAN', indexName: 'cat_1_price_-1', direction: 'backward' },
    ]);
    expect(await explained([{ $match: { cat: 3 } }, { $sort: { sku: 1 } }])).toMatchObject({
      stage: 'FETCH',
      inputStage: { indexName: 'cat_1_price_-1', direction: 'forward' },
    });
    const count = { count: 'rows', query: { cat: 3 }, skip: 2, limit: 4 };
    const { executionStats, queryPlanner } = await server.db.command({ explain: count });
    expect(queryPlanner.winningPlan).toMatchObject({ stage: 'LIMIT', inputStage: { stage: 'SKIP' } });
    expect(executionStats.nReturned).toBe(4);
  });

  it('serves equality, range and order from one index, reading no more than the limit', async () => {
    const wanted = { cat: 3, price: { $gte: 100, $lt: 400 } };
    expect(await stats(wanted, { price: -1 }, 10)).toEqual({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'cat_1_price_-1',
      keys: 10,
      docs: 10,
      returned: 10,
    });
    expect(await stats(wanted, { price: 1 }, 10)).toMatchObject({ keys: 10, docs: 10 });
    const found = await rows.find(wanted).sort({ price: 1 }).toArray();
    const all = (await rows.find().toArray()).filter(
      (row) => row['cat'] === 3 && row['price'] >= 100 && row['price'] < 400,
    );
    expect(found.map((row) => row['price'])).toEqual(all.map((row) => row['price']).sort((a, b) => a - b));
  });

  it('reads several ranges for $in and the branches of $or', async () => {
    expect(await stats({ cat: { $in: [1, 4] }, price: { $lt: 50 } })).toMatchObject({
      index: 'cat_1_price_-1',
      returned: 20,
      docs: 20,
    });
    const either = await rows.find({ $or: [{ sku: 's1' }, { sku: 's2' }, { _id: 1 }] }).toArray();
    expect(either.map((row) => row['sku']).sort()).toEqual(['s1', 's2']);
  });

  it('gives each document of a multikey index once', async () => {
    const found = await rows.find({ tags: { $in: ['t0', 'u0'] } }).toArray();
    expect(new Set(found.map((row) => String(row._id))).size).toBe(found.length);
    expect(found.length).toBe(
      (await rows.find().toArray()).filter((row) => row['tags'].includes('t0') || row['tags'].includes('u0')).length,
    );
  });

  it('uses a partial index only for what it holds', async () => {
    expect(await stats({ price: { $gt: 450 } })).toMatchObject({ index: 'price_1', returned: 49 });
    expect((await stats({ price: { $gt: 300 } })).stages).toContain('COLLSCAN');
  });

  it('sorts without an index, follows hints and refuses unknown ones', async () => {
    expect((await stats({ cat: 2 }, { sku: 1 }, 5)).stages).toContain('SORT');
    const hinted = await rows.find({ cat: 2 }).hint({ $natural: 1 }).explain();
    expect(hinted['queryPlanner'].winningPlan.stage).toBe('COLLSCAN');
    await expect(rows.find({}).hint('nope').toArray()).rejects.toMatchObject({ code: 2 });
  });

  it('finds words through a text index, which follows changes', async () => {
    const texts = server.db.collection<Row>('texts');
    await texts.createIndex({ title: 'text', 'notes.body': 'text' }, { weights: { title: 5 } });
    await texts.insertMany([
      { _id: 1, title: 'Blue cotton shirts', notes: [{ body: 'washed' }] },
      { _id: 2, title: 'Red shirt' },
      { _id: 3, title: 'Shoes', notes: [{ body: 'go well with a shirt' }] },
      { _id: 4, title: 'Hat' },
    ]);
    const search = async (words: string): Promise<number[]> => {
      const found = await texts
        .find({ $text: { $search: words } }, { projection: { score: { $meta: 'textScore' } } })
        .sort({ score: { $meta: 'textScore' } })
        .toArray();
      return found.map(({ _id }) => _id);
    };
    expect(await search('shirts')).toEqual([2, 1, 3]);
    expect(await search('shirt -red')).toEqual([1, 3]);
    expect(await search('"blue cotton"')).toEqual([1]);
    await texts.updateOne({ _id: 4 }, { $set: { title: 'Shirt with a hat' } });
    await texts.deleteOne({ _id: 2 });
    expect((await search('shirt')).sort()).toEqual([1, 3, 4]);
    const explained = await texts.find({ $text: { $search: 'hat' } }).explain('executionStats');
    expect(explained['executionStats']).toMatchObject({ nReturned: 1, totalDocsExamined: 1 });
    await expect(rows.find({ $text: { $search: 'x' } }).toArray()).rejects.toMatchObject({ code: 27 });
  });

  it('answers the same with and without indexes', async () => {
    const bare = server.db.collection<Row>('bare');
    await bare.insertMany(await rows.find().toArray());
    const filters: Filter<Row>[] = [
      { price: { $gt: 10, $lte: 60 } },
      { cat: { $in: [0, null] } },
      { cat: null },
      { tags: { $gt: 't0', $lt: 't2' } },
      { tags: { $all: ['t1', 'u3'] } },
      { tags: ['t0', 'u0'] },
      { tags: { $elemMatch: { $gt: 'u2', $lt: 'u5' } } },
      { sku: /^s49/ },
      { sku: { $regex: '^S49', $options: 'i' } },
      { cat: { $ne: 3 }, price: { $lt: 20 } },
      { $and: [{ cat: 1 }, { $or: [{ price: { $lt: 30 } }, { sku: 's6' }] }] },
      { cat: { $exists: false } },
      { cat: { $gte: 'a' } },
    ];
    for (const filter of filters) {
      const ids = async (source: Collection<Row>) =>
        (await source.find(filter).toArray()).map((row) => Number(row._id)).sort((a, b) => a - b);
      expect(await ids(rows), JSON.stringify(filter)).toEqual(await ids(bare));
    }
  });
});
