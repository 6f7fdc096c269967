import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { MongoError } from '../errors.ts';
import { docsOf, plain, valuesOf } from '../test-values.ts';
import { runPipeline } from './index.ts';
import type { PipelineEnv } from './index.ts';

const orders = docsOf(
  {
    _id: 1,
    customer: 'a',
    total: Decimal128.fromString('10.50'),
    lines: [
      { sku: 'x', n: 1 },
      { sku: 'y', n: 2 },
    ],
    at: new Date('2024-01-15T10:30:00Z'),
  },
  {
    _id: 2,
    customer: 'b',
    total: Decimal128.fromString('20.00'),
    lines: [{ sku: 'x', n: 4 }],
    at: new Date('2024-01-20T23:30:00Z'),
  },
  { _id: 3, customer: 'a', total: Decimal128.fromString('7.25'), lines: [], at: new Date('2024-02-29T00:00:00Z') },
);
const customers = docsOf({ _id: 'a', name: 'Ann' }, { _id: 'b', name: 'Bob' });

const run = (stages: object[], env: Partial<PipelineEnv> = {}): Record<string, unknown>[] =>
  [
    ...runPipeline(valuesOf(stages), orders, { collection: (name) => (name === 'customers' ? customers : []), ...env }),
  ].map(plain);

const refusal = (stages: object[]): [number, string] => {
  try {
    run(stages, { namespace: 'shop.orders' });
  } catch (error) {
    if (error instanceof MongoError) return [error.code, error.message];
    throw error;
  }
  throw new Error('the pipeline was taken');
};

describe('pipelines', () => {
  it('group with exact sums', () => {
    expect(
      run([{ $group: { _id: '$customer', total: { $sum: '$total' }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }]),
    ).toEqual([
      { _id: 'a', total: Decimal128.fromString('17.75'), n: 2 },
      { _id: 'b', total: Decimal128.fromString('20.00'), n: 1 },
    ]);
    expect(run([{ $group: { _id: null, n: { $sum: 2147483647 } } }])).toEqual([
      { _id: null, n: Long.fromString('6442450941') },
    ]);
    expect(run([{ $match: { nope: 1 } }, { $group: { _id: null, n: { $sum: 1 } } }])).toEqual([]);
  });

  it('unwind, sort by count and count', () => {
    expect(
      run([{ $unwind: '$lines' }, { $group: { _id: '$lines.sku', n: { $sum: '$lines.n' } } }, { $sort: { _id: 1 } }]),
    ).toEqual([
      { _id: 'x', n: 5 },
      { _id: 'y', n: 2 },
    ]);
    expect(run([{ $sortByCount: '$customer' }])).toEqual([
      { _id: 'a', count: 2 },
      { _id: 'b', count: 1 },
    ]);
    expect(run([{ $match: { _id: { $gt: 1 } } }, { $count: 'n' }])).toEqual([{ n: 2 }]);
  });

  it('look documents up by field and by pipeline', () => {
    const byField = run([
      { $lookup: { from: 'customers', localField: 'customer', foreignField: '_id', as: 'c' } },
      { $project: { c: 1 } },
    ]);
    expect(byField[1]).toEqual({ _id: 2, c: [{ _id: 'b', name: 'Bob' }] });
    const byPipeline = run([
      {
        $lookup: {
          from: 'customers',
          let: { id: '$customer' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$id'] } } }, { $project: { _id: 0 } }],
          as: 'c',
        },
      },
      { $project: { c: 1 } },
    ]);
    expect(byPipeline[0]).toEqual({ _id: 1, c: [{ name: 'Ann' }] });
  });

  it('use an index for a lookup when the storage offers one', () => {
    const asked: unknown[] = [];
    const found = run(
      [{ $lookup: { from: 'customers', localField: 'customer', foreignField: '_id', as: 'c' } }, { $limit: 1 }],
      {
        lookupByEquality: (collection, field, value) => {
          asked.push([collection, field, value]);
          return customers;
        },
      },
    );
    expect(asked).toEqual([['customers', '_id', 'a']]);
    expect(found[0]!['c']).toEqual([{ _id: 'a', name: 'Ann' }]);
  });

  it('narrow a joined pipeline by the variable it compares a field with', () => {
    const asked: unknown[] = [];
    const match = { $match: { $expr: { $and: [{ $eq: ['$_id', '$$id'] }, { $ne: ['$name', 'Bob'] }] } } };
    const found = run([{ $lookup: { from: 'customers', let: { id: '$customer' }, pipeline: [match], as: 'c' } }], {
      collection: () => {
        throw new Error('the whole collection was read');
      },
      lookupByEquality: (_collection, field, value) => {
        asked.push([field, value]);
        return customers;
      },
    });
    expect(asked).toEqual([
      ['_id', 'a'],
      ['_id', 'b'],
      ['_id', 'a'],
    ]);
    expect(found.map((doc) => (doc['c'] as unknown[]).length)).toEqual([1, 0, 1]);
  });

  it('run facets, buckets, unions and windows', () => {
    expect(run([{ $facet: { n: [{ $count: 'n' }], first: [{ $limit: 1 }, { $project: { _id: 1 } }] } }])).toEqual([
      { n: [{ n: 3 }], first: [{ _id: 1 }] },
    ]);
    expect(run([{ $bucket: { groupBy: '$_id', boundaries: [0, 2, 9] } }])).toEqual([
      { _id: 0, count: 1 },
      { _id: 2, count: 2 },
    ]);
    expect(run([{ $unionWith: 'customers' }, { $count: 'n' }])).toEqual([{ n: 5 }]);
    const windows = run([
      {
        $setWindowFields: {
          partitionBy: '$customer',
          sortBy: { _id: 1 },
          output: {
            sum: { $sum: '$_id', window: { documents: ['unbounded', 'current'] } },
            n: { $documentNumber: {} },
          },
        },
      },
      { $project: { sum: 1, n: 1 } },
    ]);
    expect(windows).toEqual([
      { _id: 1, sum: 1, n: 1 },
      { _id: 3, sum: 4, n: 2 },
      { _id: 2, sum: 2, n: 1 },
    ]);
  });

  it('shape documents', () => {
    expect(run([{ $limit: 1 }, { $project: { _id: 0, sku: '$lines.sku', 'lines.n': 1 } }])).toEqual([
      { lines: [{ n: 1 }, { n: 2 }], sku: ['x', 'y'] },
    ]);
    expect(run([{ $limit: 1 }, { $set: { 'lines.z': 1 } }, { $project: { lines: 1, _id: 0 } }])).toEqual([
      {
        lines: [
          { sku: 'x', n: 1, z: 1 },
          { sku: 'y', n: 2, z: 1 },
        ],
      },
    ]);
    expect(run([{ $limit: 1 }, { $replaceWith: { id: '$_id', half: { $divide: ['$_id', 2] } } }])).toEqual([
      { id: 1, half: 0.5 },
    ]);
  });

  it('hand results to $out and $merge', () => {
    const out: unknown[] = [];
    run([{ $project: { _id: 1 } }, { $out: 'copy' }], {
      out: (target, docs) => out.push([target.collection, docs.length]),
    });
    run([{ $merge: { into: 'copy', whenMatched: 'replace' } }], {
      merge: (target, docs) => out.push([target.whenMatched, target.on, docs.length]),
    });
    expect(out).toEqual([
      ['copy', 3],
      ['replace', ['_id'], 3],
    ]);
  });

  it('take variables and the time from outside', () => {
    const now = new Date('2024-05-06');
    const env = { now, let: docsOf({ who: 'b' })[0]! };
    expect(run([{ $match: { $expr: { $eq: ['$customer', '$$who'] } } }, { $project: { now: '$$NOW' } }], env)).toEqual([
      { _id: 2, now },
    ]);
  });

  it('refuse what they do not know, and tell where errors of documents happened', () => {
    expect(refusal([{ $foo: {} }])).toEqual([40324, "Unrecognized pipeline stage name: '$foo'"]);
    expect(refusal([{ $group: { _id: null, x: { $foo: 1 } } }])).toEqual([15952, "unknown group operator '$foo'"]);
    expect(refusal([{ $project: { x: { $foo: 1 } } }])).toEqual([
      31325,
      'Invalid $project :: caused by :: Unknown expression $foo',
    ]);
    expect(refusal([{ $out: 'x' }, { $match: {} }])[0]).toBe(40601);
    expect(refusal([{ $facet: { a: [{ $out: 'x' }] } }])[0]).toBe(40600);
    expect(refusal([{ $project: { x: { $divide: [1, 0] } } }])).toEqual([
      2,
      "Failed to optimize pipeline :: caused by :: can't $divide by zero",
    ]);
    expect(refusal([{ $project: { x: { $add: ['$customer', 1] } } }])).toEqual([
      14,
      'Executor error during aggregate command on namespace: shop.orders :: caused by :: $add only supports numeric or date types, not string',
    ]);
  });
});

describe('expressions', () => {
  const value = (expression: unknown): unknown =>
    run([{ $limit: 1 }, { $project: { _id: 0, r: expression } }])[0]?.['r'];

  it.each<[unknown, unknown]>([
    [{ $add: ['$_id', 1] }, 2],
    [{ $add: [1, new Double(1)] }, 2],
    [{ $add: ['$total', 1] }, Decimal128.fromString('11.50')],
    [{ $round: [Decimal128.fromString('10.255'), 2] }, Decimal128.fromString('10.26')],
    [{ $round: [2.5, 0] }, 2],
    [{ $divide: [6, 3] }, 2],
    [{ $mod: [-7, 3] }, -1],
    [{ $subtract: ['$at', new Date('2024-01-15T10:00:00Z')] }, Long.fromNumber(1800000)],
    [{ $concat: ['$customer', '-', 'x'] }, 'a-x'],
    [{ $substrCP: ['ÀéîöU', 1, 2] }, 'éî'],
    [{ $toString: '$total' }, '10.50'],
    [{ $toInt: '10' }, 10],
    [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
    [{ $cond: [{ $gt: ['$total', 10] }, 'high', 'low'] }, 'high'],
    [{ $ifNull: ['$nope', 'none'] }, 'none'],
    [{ $switch: { branches: [{ case: { $eq: ['$customer', 'b'] }, then: 1 }], default: 2 } }, 2],
    [{ $map: { input: '$lines', as: 'line', in: { $multiply: ['$$line.n', 10] } } }, [10, 20]],
    [{ $filter: { input: '$lines.n', cond: { $gt: ['$$this', 1] } } }, [2]],
    [{ $reduce: { input: '$lines.n', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 3],
    [{ $sum: '$lines.n' }, 3],
    [{ $max: ['$_id', 7] }, 7],
    [
      {
        $setUnion: [
          [3, 1],
          [1, 2],
        ],
      },
      [1, 2, 3],
    ],
    [{ $arrayToObject: [[['a', 1]]] }, { a: 1 }],
    [{ $mergeObjects: [{ a: 1 }, null, { b: 2 }] }, { a: 1, b: 2 }],
    [
      { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M %z', timezone: 'Europe/Berlin' } },
      '2024-01-15 11:30 +0100',
    ],
    [{ $dateTrunc: { date: '$at', unit: 'month', timezone: 'America/New_York' } }, new Date('2024-01-01T05:00:00Z')],
    [{ $dateAdd: { startDate: new Date('2024-01-31'), unit: 'month', amount: 1 } }, new Date('2024-02-29')],
    [{ $dateDiff: { startDate: '$at', endDate: new Date('2024-03-01'), unit: 'month' } }, Long.fromNumber(2)],
    [{ $isoWeek: new Date('2021-01-03') }, 53],
    [{ $regexFind: { input: 'Hello', regex: 'l(l)' } }, { match: 'll', idx: 2, captures: ['l'] }],
    [{ $literal: '$_id' }, '$_id'],
    [{ $type: '$nope' }, 'missing'],
    [{ $eq: ['$nope', null] }, false],
  ])('%j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});
