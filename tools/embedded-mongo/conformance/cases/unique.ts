import { Decimal128, Long } from 'mongodb';
import { C, commands, day, double, findAndModify, group } from '../case.ts';

const unique = (key: object, options: object = {}) => ({
  createIndexes: C,
  indexes: [{ key, name: 'u', unique: true, ...options }],
});
const DOCS = [
  { a: 1, b: 'x' },
  { a: 2, b: 'y' },
];
const SEEN = { messages: true } as const;
const after = { then: 'documents' } as const;

/** Values that stand in messages about a key that is there already. */
const SHOWN = [
  'text',
  'with "quotes" and \n lines',
  5,
  new Long(7),
  double(1.5),
  double(3),
  Decimal128.fromString('1.50'),
  true,
  null,
  day('2026-01-02'),
  { x: 1, y: 'z' },
  ['q', 1],
  [],
  /^a/i,
  Buffer.from('ab'),
];

export const uniqueIndexes = group('unique', [
  ...SHOWN.map((value, at) =>
    commands(
      `tells of the value ${at}`,
      [{ a: value }],
      [unique({ a: 1 }), { insert: C, documents: [{ _id: 'x', a: value }] }],
    ),
  ),
  commands('over equal values', [{ a: 1 }, { a: 1 }], [unique({ a: 1 })], { ...SEEN, then: 'indexes' }),
  commands('over equal values of other numbers', [{ a: 1 }, { a: double(1) }], [unique({ a: 1 })]),
  commands('over missing and null', [{}, { a: null }], [unique({ a: 1 })]),
  commands('over two missing', [{}, {}], [unique({ a: 1 })]),
  commands('over two missing, sparse', [{}, {}], [unique({ a: 1 }, { sparse: true })]),
  commands('over missing and null, sparse', [{}, { a: null }], [unique({ a: 1 }, { sparse: true })]),
  commands('over arrays that share an element', [{ a: [1, 2] }, { a: [2, 3] }], [unique({ a: 1 })]),
  commands('over an array with a value twice', [{ a: [1, 1] }], [unique({ a: 1 })]),
  commands('over two empty arrays', [{ a: [] }, { a: [] }], [unique({ a: 1 })]),
  commands(
    'over two fields',
    [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ],
    [unique({ a: 1, b: 1 }), { insert: C, documents: [{ a: 1, b: 2 }] }],
  ),
  commands(
    'over two fields, sparse, one missing',
    [{ a: 1 }],
    [unique({ a: 1, b: 1 }, { sparse: true }), { insert: C, documents: [{ a: 1 }] }],
  ),
  commands(
    'in documents within',
    [{ o: { k: 1 } }],
    [unique({ 'o.k': 1 }), { insert: C, documents: [{ o: { k: 1, z: 2 } }] }],
  ),
  commands('downwards', [{ a: 1 }], [unique({ a: -1 }), { insert: C, documents: [{ a: 1 }] }]),
  commands(
    'with a collation',
    [{ a: 'Straße' }],
    [
      unique({ a: 1 }, { collation: { locale: 'de', strength: 1 } }),
      { insert: C, documents: [{ _id: 'x', a: 'other' }] },
    ],
    after,
  ),
  commands(
    'with a collation, equal but for case',
    [{ a: 'Ann' }],
    [
      unique({ a: 1 }, { collation: { locale: 'en', strength: 2 } }),
      { insert: C, documents: [{ _id: 'x', a: 'ANN' }] },
    ],
    after,
  ),
  commands(
    'partial: only what it holds',
    [{ a: 1, live: false }],
    [
      unique({ a: 1 }, { partialFilterExpression: { live: true } }),
      {
        insert: C,
        documents: [
          { _id: 'x', a: 1, live: true },
          { _id: 'y', a: 1, live: false },
        ],
      },
      { insert: C, documents: [{ _id: 'z', a: 1, live: true }] },
      { update: C, updates: [{ q: { _id: 'y' }, u: { $set: { live: true } } }] },
    ],
    after,
  ),
  commands(
    'on _id',
    [{ _id: 1 }],
    [
      { insert: C, documents: [{ _id: 1, a: 5 }] },
      { insert: C, documents: [{ _id: double(1) }] },
    ],
    after,
  ),
  commands(
    'on _id of documents',
    [{ _id: { a: 1, b: 2 } }],
    [
      { insert: C, documents: [{ _id: { a: 1, b: 2 } }] },
      { insert: C, documents: [{ _id: { b: 2, a: 1 } }] },
    ],
    after,
  ),
  commands(
    'by an update',
    DOCS,
    [unique({ a: 1 }), { update: C, updates: [{ q: { a: 2 }, u: { $set: { a: 1 } } }] }],
    after,
  ),
  commands(
    'by an update of many, at the second',
    [...DOCS, { a: 3 }],
    [unique({ a: 1 }), { update: C, updates: [{ q: {}, u: { $set: { a: 9 } }, multi: true }] }],
    after,
  ),
  commands('by a replacement', DOCS, [unique({ a: 1 }), { update: C, updates: [{ q: { a: 2 }, u: { a: 1 } }] }], after),
  commands(
    'by an upsert',
    DOCS,
    [unique({ a: 1 }), { update: C, updates: [{ q: { b: 'none' }, u: { $set: { a: 1 } }, upsert: true }] }],
    after,
  ),
  commands(
    'an update that keeps its own value',
    DOCS,
    [unique({ a: 1 }), { update: C, updates: [{ q: { a: 2 }, u: { $set: { a: 2, b: 'z' } } }] }],
    after,
  ),
  commands(
    'values that change places by way of a third',
    DOCS,
    [
      unique({ a: 1 }),
      {
        update: C,
        updates: [
          { q: { _id: 1 }, u: { a: 0 } },
          { q: { _id: 2 }, u: { a: 1 } },
          { q: { _id: 1 }, u: { a: 2 } },
        ],
      },
    ],
    after,
  ),
  commands(
    'a value free again after a removal',
    DOCS,
    [
      unique({ a: 1 }),
      { delete: C, deletes: [{ q: { a: 1 }, limit: 1 }] },
      { insert: C, documents: [{ _id: 'x', a: 1 }] },
    ],
    after,
  ),
  findAndModify('by findAndModify', [{ _id: 1 }, { _id: 2 }], { query: { _id: 1 }, update: { _id: 2 } }),
  commands(
    'by findAndModify on another field',
    DOCS,
    [unique({ a: 1 }), { findAndModify: C, query: { a: 1 }, update: { $set: { a: 2 } } }],
    after,
  ),
  commands(
    'by $merge',
    [{ _id: 1, k: 5 }],
    [
      { insert: '%c_to', documents: [{ _id: 7, k: 5 }] },
      { createIndexes: '%c_to', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] },
      { aggregate: C, pipeline: [{ $merge: '%c_to' }], cursor: {} },
      { find: '%c_to' },
    ],
  ),
  commands(
    'by $out',
    [
      { _id: 1, k: 5 },
      { _id: 2, k: 5 },
    ],
    [
      { insert: '%c_to', documents: [{ _id: 7, k: 8 }] },
      { createIndexes: '%c_to', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] },
      { aggregate: C, pipeline: [{ $out: '%c_to' }], cursor: {} },
      { find: '%c_to' },
    ],
  ),
  commands('parallel arrays', DOCS, [
    { createIndexes: C, indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }] },
    { insert: C, documents: [{ a: [1, 2], b: [3, 4] }] },
    { insert: C, documents: [{ a: [1, 2], b: 3 }] },
  ]),
  commands(
    'an index over parallel arrays',
    [{ a: [1], b: [2] }],
    [{ createIndexes: C, indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }] }],
  ),
]);
