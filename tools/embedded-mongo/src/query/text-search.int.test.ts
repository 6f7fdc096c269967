import type { Collection, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

interface Row extends Document {
  _id: number;
  title: string;
}

describe('text search', () => {
  let server: TestServer;
  let rows: Collection<Row>;
  const score = { $meta: 'textScore' };

  beforeAll(async () => {
    server = await openTestServer();
    rows = server.db.collection<Row>('texts');
    await rows.createIndex({ title: 'text' });
    await rows.insertMany([
      { _id: 1, title: 'red shirt' },
      { _id: 2, title: 'a red shirt of red cotton with many other words in it' },
      { _id: 3, title: 'shirt of cotton, red' },
      { _id: 4, title: 'blue hat', tags: ['a', 'b'] },
    ]);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const search = async (words: string, language?: string): Promise<number[]> => {
    const condition = { $search: words, ...(language === undefined ? {} : { $language: language }) };
    const found = await rows.find({ $text: condition }).sort({ _id: 1 }).toArray();
    return found.map(({ _id }) => _id);
  };

  it('leaves out what holds an excluded phrase', async () => {
    expect(await search('shirt')).toEqual([1, 2, 3]);
    expect(await search('shirt -"red shirt"')).toEqual([3]);
    expect(await search('"red shirt" -cotton')).toEqual([1]);
    expect(await search('hat -"red shirt"')).toEqual([4]);
    // A minus within a word is none.
    expect(await search('t-shirt')).toEqual([1, 2, 3]);
  });

  it('takes a minus within a phrase for none', async () => {
    expect(await search('"-red shirt"')).toEqual([]);
    expect(await search('"shirt" "red shirt of"')).toEqual([2]);
    await rows.insertOne({ _id: 5, title: 'sleeves -short- and wide' });
    expect(await search('"sleeves -short"')).toEqual([5]);
    await rows.deleteOne({ _id: 5 });
  });

  it('refuses what it does not know, or what has the wrong type', async () => {
    const code = (condition: object): Promise<unknown> =>
      rows
        .find({ $text: condition } as object)
        .toArray()
        .then(
          () => 'ok',
          (error: { code: number }) => error.code,
        );
    expect(await code({ $search: 'red', $caseSensitive: false, $diacriticSensitive: false })).toBe('ok');
    expect(await code({ $search: 'red', $caseSensitive: true })).toBe(238);
    expect(await code({ $search: 'red', $caseSensitive: 1 })).toBe(14);
    expect(await code({ $search: 'red', $language: 1 })).toBe(14);
    expect(await code({ $search: 5 })).toBe(14);
    expect(await code({})).toBe(4);
    expect(await code({ $search: 'red', $fuzzy: true })).toBe(2);
  });

  it('refuses languages whose stems it does not know', async () => {
    expect(await search('shirts', 'en')).toEqual([1, 2, 3]);
    expect(await search('shirts', 'none')).toEqual([]);
    await expect(search('shirts', 'german')).rejects.toMatchObject({ code: 238 });
  });

  it('begins a pipeline by the index, and its score goes through the stages', async () => {
    const search = { $match: { $text: { $search: 'cotton hat' } } };
    const explained = await rows.aggregate([search]).explain('executionStats');
    expect(JSON.stringify(explained)).toMatch(/"totalDocsExamined":3\b/);
    const found = await rows
      .aggregate([
        search,
        { $addFields: { more: 1 } },
        { $lookup: { from: 'nobody', localField: '_id', foreignField: '_id', as: 'other' } },
        { $unset: 'other' },
        { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } },
        { $sort: { score: score as never, tags: 1 } },
        { $project: { tags: 1, score } },
      ])
      .toArray();
    expect(found.map(({ _id, tags }) => [_id, tags])).toEqual([
      [4, 'a'],
      [4, 'b'],
      [3, undefined],
      [2, undefined],
    ]);
    for (const row of found) expect(row['score']).toBeGreaterThan(0);
  });

  it('stands in the first $match alone', async () => {
    const later = [{ $sort: { _id: 1 } }, { $match: { $and: [{ $text: { $search: 'hat' } }] } }];
    await expect(rows.aggregate(later).toArray()).rejects.toMatchObject({ code: 17313 });
    const facet = [{ $facet: { a: [{ $match: { $text: { $search: 'hat' } } }] } }];
    await expect(rows.aggregate(facet).toArray()).rejects.toMatchObject({ code: 17313 });
  });

  it('keeps the scores of one cursor, whatever is searched for beside it and however much it finds', async () => {
    const many = server.db.collection<Row>('many');
    await many.createIndex({ title: 'text' });
    const filler = 'x'.repeat(4000);
    // More than the cache of decoded documents holds.
    await many.insertMany(Array.from({ length: 2500 }, (_, _id) => ({ _id, title: 'lamp lamp', filler })));
    const projection = { score };
    const cursor = many.find({ $text: { $search: 'lamp' } }, { projection, batchSize: 10 }).sort({ _id: 1 });
    const first = (await cursor.next()) as Document;
    await many.find({ $text: { $search: 'lamp' } }, { projection: { _id: 1 } }).toArray();
    const other = many.find({ $text: { $search: 'lamp -x lamp "lamp lamp" shade' } }, { projection }).limit(50);
    expect(await other.toArray()).toHaveLength(50);
    const rest = await cursor.toArray();
    expect(rest).toHaveLength(2499);
    expect(new Set(rest.map((row) => row['score'] as number))).toEqual(new Set([first['score'] as number]));
  }, 60_000);
});
