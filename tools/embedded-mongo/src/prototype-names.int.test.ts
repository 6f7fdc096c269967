import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { createCore } from './storage/core.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';

/** Names that mean something to JavaScript's objects, and nothing to a database. */
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'length'];

/** An object with its own field of that name, whatever the name is. */
const field = (name: string, value: unknown): Document => {
  const doc: Document = {};
  return Object.defineProperty(doc, name, { value, enumerable: true, configurable: true, writable: true });
};
const fields = (...entries: [string, unknown][]): Document =>
  entries.reduce<Document>((doc, [name, value]) => {
    Object.defineProperty(doc, name, { value, enumerable: true, configurable: true, writable: true });
    return doc;
  }, {});

describe('names that JavaScript gives a meaning', () => {
  // In this process, so that a changed prototype would be seen.
  let server: EmbeddedServer;
  let client: RawClient;
  const before = Object.getOwnPropertyNames(Object.prototype).sort();

  beforeAll(async () => {
    server = await createServer({ core: createCore(), port: 0 });
    client = await openRawClient(server.port);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server.close();
  });

  const run = (command: Document): Promise<Document> => client.command({ ...command, $db: 'test' });
  const ok = async (command: Document): Promise<Document> => {
    const answer = await run(command);
    expect(answer, JSON.stringify(command)).toMatchObject({ ok: 1 });
    expect(answer['writeErrors']).toBeUndefined();
    return answer;
  };
  const rowsOf = async (command: Document): Promise<Document[]> => (await ok(command))['cursor'].firstBatch;
  const aggregate = (rows: string, ...pipeline: Document[]): Promise<Document[]> =>
    rowsOf({ aggregate: rows, pipeline, cursor: {} });

  describe.each(NAMES)('%s', (name) => {
    const rows = `rows_${NAMES.indexOf(name)}`;
    const path = `${name}.x`;
    const stored = (): Promise<Document[]> => rowsOf({ find: rows, sort: { _id: 1 } });

    it('is the name of a field like any other', async () => {
      await ok({ insert: rows, documents: [fields(['_id', 1], [name, { x: 1 }]), { _id: 2 }] });
      expect(await rowsOf({ find: rows, filter: field(path, 1) })).toEqual([fields(['_id', 1], [name, { x: 1 }])]);
      expect(await rowsOf({ find: rows, filter: field(name, { $exists: false }) })).toEqual([{ _id: 2 }]);
      expect(await rowsOf({ find: rows, filter: field(name, null), projection: { _id: 1 } })).toEqual([{ _id: 2 }]);
      expect(await rowsOf({ find: rows, filter: { _id: 1 }, projection: fields(['_id', 0], [path, 1]) })).toEqual([
        field(name, { x: 1 }),
      ]);
      expect(await rowsOf({ find: rows, sort: field(path, -1), projection: { _id: 1 } })).toEqual([
        { _id: 1 },
        { _id: 2 },
      ]);
      expect((await ok({ distinct: rows, key: path }))['values']).toEqual([1]);
    });

    it('is updated like any other', async () => {
      const update = (u: unknown, q: Document = { _id: 2 }, more: Document = {}): Promise<Document> =>
        ok({ update: rows, updates: [{ q, u, ...more }] });
      await update({ $set: field(path, 5) });
      await update({ $inc: field(path, 1), $push: field(`list.${name}`, 1) });
      expect((await stored())[1]).toEqual(fields(['_id', 2], [name, { x: 6 }], ['list', field(name, [1])]));
      await update({ $set: field(name, field(name, field(name, 1))) });
      expect((await stored())[1]).toEqual(
        fields(['_id', 2], [name, field(name, field(name, 1))], ['list', field(name, [1])]),
      );
      await update({ $rename: field(name, `moved.${name}`) });
      await update({ $unset: field(`list.${name}`, 1) });
      expect((await stored())[1]).toEqual(
        fields(['_id', 2], ['list', {}], ['moved', field(name, field(name, field(name, 1)))]),
      );
      await update([{ $set: field(path, 7) }, { $unset: ['moved', 'list'] }]);
      expect((await stored())[1]).toEqual(fields(['_id', 2], [name, { x: 7 }]));
      await update(field(name, { x: 8 }), field(name, 'nobody'), { upsert: true });
      await ok({ delete: rows, deletes: [{ q: field(path, 8), limit: 1 }] });
      expect(await stored()).toHaveLength(2);
    });

    it('is indexed like any other', async () => {
      await ok({ createIndexes: rows, indexes: [{ key: field(path, 1), name: 'index', unique: true }] });
      const plan = await ok({ explain: { find: rows, filter: field(path, 7) } });
      expect(JSON.stringify(plan['queryPlanner'].winningPlan)).toContain('IXSCAN');
      expect(await rowsOf({ find: rows, filter: field(path, 7), projection: { _id: 1 } })).toEqual([{ _id: 2 }]);
      const again = await run({ insert: rows, documents: [fields(['_id', 9], [name, { x: 7 }])] });
      expect(again['writeErrors']).toMatchObject([{ code: 11000 }]);
      expect(again['writeErrors'][0].keyValue).toEqual(field(path, 7));
      await ok({ dropIndexes: rows, index: 'index' });
    });

    it('is computed with like any other', async () => {
      const grouped = await aggregate(rows, { $sort: { _id: 1 } }, { $group: { _id: `$${path}`, n: { $sum: 1 } } });
      expect(grouped.map(({ _id }) => _id).sort()).toEqual([1, 7]);
      expect(
        await aggregate(rows, { $match: { _id: 1 } }, { $addFields: field(name, { x: { $add: [`$${path}`, 1] } }) }),
      ).toEqual([fields(['_id', 1], [name, { x: 2 }])]);
      expect(
        await aggregate(rows, { $match: { _id: 1 } }, { $project: fields(['_id', 0], [name, { y: '$_id' }]) }),
      ).toEqual([field(name, { y: 1 })]);
      expect(await aggregate(rows, { $facet: field(name, [{ $count: 'n' }]) })).toEqual([field(name, [{ n: 2 }])]);
      const lookup = { from: rows, localField: path, foreignField: path, as: name };
      expect(await aggregate(rows, { $match: { _id: 1 } }, { $lookup: lookup })).toEqual([
        fields(['_id', 1], [name, [fields(['_id', 1], [name, { x: 1 }])]]),
      ]);
      expect(await aggregate(rows, { $unionWith: rows }, { $count: name })).toEqual([field(name, 4)]);
      expect(await aggregate(rows, { $match: { _id: 1 } }, { $unwind: `$${path}` })).toHaveLength(1);
      expect(
        await aggregate(
          rows,
          { $match: { _id: 1 } },
          { $replaceWith: { $arrayToObject: [[[name, { $literal: field(name, 1) }]]] } },
        ),
      ).toEqual([field(name, field(name, 1))]);
      expect(
        await aggregate(
          rows,
          { $match: { _id: 1 } },
          { $replaceWith: { $setField: { field: name, input: {}, value: { $getField: name } } } },
        ),
      ).toEqual([field(name, { x: 1 })]);
      expect(
        await aggregate(
          rows,
          { $match: { _id: 1 } },
          { $replaceWith: { $mergeObjects: [field(name, 1), field(name, 2)] } },
        ),
      ).toEqual([field(name, 2)]);
      await aggregate(rows, { $merge: { into: `merged_${rows}`, whenMatched: 'merge' } });
      await aggregate(
        rows,
        { $set: field(name, { y: 1 }) },
        { $merge: { into: `merged_${rows}`, whenMatched: 'merge' } },
      );
      expect(await rowsOf({ find: `merged_${rows}`, filter: { _id: 1 } })).toEqual([
        fields(['_id', 1], [name, { x: 1, y: 1 }]),
      ]);
    });

    it('names collections and indexes like any other', async () => {
      await ok({ insert: name, documents: [{ _id: 1 }] });
      await ok({ createIndexes: name, indexes: [{ key: { a: 1 }, name }] });
      const { firstBatch } = (await ok({ listCollections: 1, filter: { name } }))['cursor'];
      expect(firstBatch).toHaveLength(1);
      expect(await aggregate('nobody', { $unionWith: name })).toEqual([{ _id: 1 }]);
      expect(await rowsOf({ find: name, hint: name })).toEqual([{ _id: 1 }]);
      await ok({ drop: name });
    });

    it('is no operator, option, type or unit', async () => {
      const refused: Document[] = [
        { find: rows, filter: { a: field(`$${name}`, 1) } },
        { find: rows, filter: field(`$${name}`, 1) },
        { find: rows, filter: { a: { $type: name } } },
        { find: rows, filter: { $jsonSchema: field(name, 1) } },
        { find: rows, collation: { locale: name } },
        { find: rows, collation: fields(['locale', 'en'], [name, 1]) },
        { find: rows, hint: name },
        { find: rows, sort: { a: field(`$${name}`, 1) } },
        { update: rows, updates: [{ q: {}, u: field(`$${name}`, { a: 1 }) }] },
        { update: rows, updates: [fields(['q', {}], ['u', {}], [name, 1])] },
        { update: rows, updates: [{ q: { _id: 1 }, u: { $bit: { a: field(name, 1) } } }] },
        { update: rows, updates: [{ q: { _id: 1 }, u: { $push: { a: fields(['$each', [1]], [`$${name}`, 1]) } } }] },
        { update: rows, updates: [{ q: { _id: 1 }, u: { $currentDate: { a: { $type: name } } } }] },
        { update: rows, updates: [{ q: { _id: 1 }, u: { $currentDate: { a: field(name, 1) } } }] },
        { aggregate: rows, pipeline: [field(name, {})], cursor: {} },
        { aggregate: rows, pipeline: [{ $group: { _id: null, a: field(name, 1) } }], cursor: {} },
        { aggregate: rows, pipeline: [{ $setWindowFields: { output: { a: field(name, 1) } } }], cursor: {} },
        { aggregate: rows, pipeline: [field(`$${name}`, {})], cursor: {} },
        { aggregate: rows, pipeline: [{ $group: { _id: null, a: field(`$${name}`, 1) } }], cursor: {} },
        { aggregate: rows, pipeline: [{ $setWindowFields: { output: { a: field(`$${name}`, 1) } } }], cursor: {} },
        { aggregate: rows, pipeline: [{ $lookup: fields(['from', 'a'], ['as', 'b'], [name, 1]) }], cursor: {} },
        { aggregate: rows, pipeline: [{ $merge: { into: 'x', whenMatched: name } }], cursor: {} },
        { createIndexes: rows, indexes: [{ key: { a: name }, name: 'a' }] },
        { createIndexes: rows, indexes: [fields(['key', { a: 1 }], ['name', 'a'], [name, 1])] },
        fields(['find', rows], [name, 1]),
        fields([name, rows]),
        { configureFailPoint: name, mode: 'alwaysOn' },
        ...[
          { $dateAdd: { startDate: '$$NOW', unit: name, amount: 1 } },
          { $dateTrunc: { date: '$$NOW', unit: name } },
          { $dateDiff: { startDate: '$$NOW', endDate: '$$NOW', unit: name } },
          { $dateToString: { date: '$$NOW', timezone: name } },
          { $dateToString: fields(['date', '$$NOW'], [name, 1]) },
          { $convert: { input: 1, to: name } },
          { $convert: fields(['input', 1], ['to', 'int'], [name, 1]) },
        ].map((a) => ({ aggregate: rows, pipeline: [{ $project: { a } }], cursor: {} })),
        // The one that is an operator of MongoDB as well.
        ...(name === 'toString' ? [] : [{ find: rows, projection: { a: field(`$${name}`, 1) } }]),
      ];
      const schema = { $jsonSchema: { properties: { a: { type: name } } } };
      expect(await run({ find: rows, filter: schema })).toMatchObject({ code: 2 });
      for (const command of refused) {
        const answer = await run(command);
        const shown = `${JSON.stringify(command)} answered ${JSON.stringify(answer)}`;
        const error = answer['ok'] === 0 ? answer : answer['writeErrors']?.[0];
        expect(error?.code, shown).toBeGreaterThan(1);
        // 8 is what the server answers to a mistake of its own.
        expect(error?.code, shown).not.toBe(8);
      }
    });
  });

  it('change nothing for other objects', () => {
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Document)['x']).toBeUndefined();
  });
});
