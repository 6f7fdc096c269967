import { Decimal128, Int32, Long, type Document } from 'mongodb';
import { C, commands, double, group, indexes } from '../case.ts';

const DOCS = [
  { a: 1, b: 'x' },
  { a: 2, b: 'y' },
  { a: 3, b: ['x', 'z'] },
];
const A = { key: { a: 1 }, name: 'a_1' };
const one = (key: Document, options: Document = {}): Document => ({ key, name: 'n', ...options });

export const indexDefinitions = group('indexes', [
  indexes('one field', DOCS, [A]),
  indexes('several at once', DOCS, [A, { key: { b: -1, a: 1 }, name: 'b' }]),
  indexes('made again, the same', DOCS, [A], [A]),
  indexes('made again in another batch of options', DOCS, [{ ...A, unique: true }], [{ ...A, unique: true }]),
  indexes('the same twice in one command', DOCS, [A, A]),
  indexes('the same key under two names in one command', DOCS, [A, { ...A, name: 'other' }]),
  indexes('the same key under another name', DOCS, [A], [{ ...A, name: 'other' }]),
  indexes('another key under the same name', DOCS, [A], [{ key: { b: 1 }, name: 'a_1' }]),
  indexes('unique under the name of one that is not', DOCS, [A], [{ ...A, unique: true }]),
  indexes('unique under another name', DOCS, [A], [{ ...A, unique: true, name: 'other' }]),
  indexes('not unique under the name of a unique one', DOCS, [{ ...A, unique: true }], [A]),
  indexes('sparse under the name of one that is not', DOCS, [A], [{ ...A, sparse: true }]),
  indexes('sparse under another name', DOCS, [A], [{ ...A, sparse: true, name: 'other' }]),
  indexes('expiring under the name of one that is not', DOCS, [A], [{ ...A, expireAfterSeconds: 5 }]),
  indexes('expiring under another name', DOCS, [A], [{ ...A, expireAfterSeconds: 5, name: 'other' }]),
  indexes(
    'other seconds under the same name',
    DOCS,
    [{ ...A, expireAfterSeconds: 9 }],
    [{ ...A, expireAfterSeconds: 5 }],
  ),
  indexes('partial under the name of a whole one', DOCS, [A], [{ ...A, partialFilterExpression: { b: 'x' } }]),
  indexes('partial under another name', DOCS, [A], [{ ...A, name: 'other', partialFilterExpression: { b: 'x' } }]),
  indexes(
    'two partial ones with the same filter',
    DOCS,
    [{ ...A, partialFilterExpression: { b: 'x' } }],
    [{ ...A, name: 'other', partialFilterExpression: { b: 'x' } }],
  ),
  indexes(
    'two partial ones with different filters',
    DOCS,
    [{ ...A, partialFilterExpression: { b: 'x' } }],
    [{ ...A, name: 'other', partialFilterExpression: { b: 'y' } }],
  ),
  indexes('another collation under the same name', DOCS, [A], [{ ...A, collation: { locale: 'en', strength: 2 } }]),
  indexes(
    'another collation under another name',
    DOCS,
    [A],
    [{ ...A, name: 'o', collation: { locale: 'en', strength: 2 } }],
  ),
  indexes('hidden under the name of a visible one', DOCS, [A], [{ ...A, hidden: true }]),
  indexes('the key the other way round', DOCS, [A], [{ key: { a: -1 }, name: 'down' }]),
  indexes(
    'the same direction in other numbers',
    DOCS,
    [A],
    [{ key: { a: double(1) }, name: 'other' }],
    [{ key: { a: 2 }, name: 'third' }],
  ),
  indexes('directions of all kinds of numbers', DOCS, [
    { key: { a: new Long(-1) }, name: 'l' },
    { key: { b: Decimal128.fromString('1.5') }, name: 'd' },
    { key: { c: double(-0.5) }, name: 'f' },
  ]),
  indexes('on _id', DOCS, [{ key: { _id: 1 }, name: '_id_' }], [{ key: { _id: 1 }, name: 'other' }]),
  indexes('on _id, unique', DOCS, [{ key: { _id: 1 }, name: '_id_', unique: true }]),
  indexes('on _id, downwards', DOCS, [{ key: { _id: -1 }, name: 'down' }]),
  indexes('the name _id_ for another key', DOCS, [{ key: { a: 1 }, name: '_id_' }]),
  indexes('on a collection that is not there', [], [A]),
  indexes('with the long-form of flags', DOCS, [{ ...A, unique: 1, sparse: 0, background: true }]),
  indexes('with version 1', DOCS, [{ ...A, v: 1 }]),
  indexes('with version 2', DOCS, [{ ...A, v: 2 }]),
  indexes('with a version nobody knows', DOCS, [{ ...A, v: 3 }]),
]);

/** What createIndexes refuses. */
const REFUSED: Record<string, Document> = {
  'an empty key': one({}),
  'a direction of 0': one({ a: 0 }),
  'a direction that is no number': one({ a: true }),
  'a direction that is null': one({ a: null }),
  'a direction that is NaN': one({ a: NaN }),
  'a kind nobody knows': one({ a: 'sideways' }),
  'an empty kind': one({ a: '' }),
  'an empty field': one({ '': 1 }),
  'an empty part of a path': one({ 'a..b': 1 }),
  'a path that ends in a dot': one({ 'a.': 1 }),
  'a field with a dollar': one({ $a: 1 }),
  'a path with a dollar': one({ 'a.$b': 1 }),
  'a key that is no document': one(7 as unknown as Document),
  'no key': { name: 'n' },
  'no name': { key: { a: 1 } },
  'an empty name': { key: { a: 1 }, name: '' },
  'a name that is no text': { key: { a: 1 }, name: 5 },
  'the name of all': { key: { a: 1 }, name: '*' },
  'an option nobody knows': one({ a: 1 }, { colour: 'red' }),
  'a unique that is a text': one({ a: 1 }, { unique: 'yes' }),
  'a sparse that is a text': one({ a: 1 }, { sparse: 'yes' }),
  'sparse and partial': one({ a: 1 }, { sparse: true, partialFilterExpression: { a: 1 } }),
  'a filter that is no document': one({ a: 1 }, { partialFilterExpression: 5 }),
  'a filter with $ne': one({ a: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }),
  'a filter with $not': one({ a: 1 }, { partialFilterExpression: { a: { $not: { $gt: 1 } } } }),
  'a filter with $exists false': one({ a: 1 }, { partialFilterExpression: { a: { $exists: false } } }),
  'a filter with $regex': one({ a: 1 }, { partialFilterExpression: { a: /x/ } }),
  'a filter with $nor': one({ a: 1 }, { partialFilterExpression: { $nor: [{ a: 1 }] } }),
  'a filter with $expr': one({ a: 1 }, { partialFilterExpression: { $expr: true } }),
  'a filter with $size': one({ a: 1 }, { partialFilterExpression: { a: { $size: 1 } } }),
  'a filter with $nin': one({ a: 1 }, { partialFilterExpression: { a: { $nin: [1] } } }),
  'a filter with $elemMatch': one({ a: 1 }, { partialFilterExpression: { a: { $elemMatch: { b: 1 } } } }),
  'a filter that is wrong': one({ a: 1 }, { partialFilterExpression: { a: { $gt: 1, $wat: 2 } } }),
  'seconds that are a text': one({ a: 1 }, { expireAfterSeconds: 'soon' }),
  'seconds below 0': one({ a: 1 }, { expireAfterSeconds: -1 }),
  'seconds beyond all bounds': one({ a: 1 }, { expireAfterSeconds: 99999999999 }),
  'seconds on two fields': one({ a: 1, b: 1 }, { expireAfterSeconds: 1 }),
  'seconds on _id': one({ _id: 1 }, { expireAfterSeconds: 1 }),
  'a sparse _id': one({ _id: 1 }, { sparse: true }),
  'a partial _id': one({ _id: 1 }, { partialFilterExpression: { a: 1 } }),
  'a collation without a locale': one({ a: 1 }, { collation: { strength: 2 } }),
  'a collation nobody knows': one({ a: 1 }, { collation: { locale: 'xx_nowhere' } }),
  'a strength out of range': one({ a: 1 }, { collation: { locale: 'en', strength: 9 } }),
  'a collation that is a text': one({ a: 1 }, { collation: 'en' }),
  'weights beside other kinds': one({ a: 1 }, { weights: { a: 2 } }),
};

const ACCEPTED: Record<string, Document> = {
  'a filter with $in': one({ a: 1 }, { partialFilterExpression: { a: { $in: [1, 2] } } }),
  'a filter with $or': one({ a: 1 }, { partialFilterExpression: { $or: [{ a: 1 }, { b: 'x' }] } }),
  'a filter with $and': one(
    { a: 1 },
    { partialFilterExpression: { $and: [{ a: { $gte: 1 } }, { b: { $type: 'string' } }] } },
  ),
  'a filter with $exists true': one({ a: 1 }, { partialFilterExpression: { b: { $exists: true } } }),
  'an empty filter': one({ a: 1 }, { partialFilterExpression: {} }),
  'a collation of strength 1': one({ a: 1 }, { collation: { locale: 'de', strength: 1 } }),
  'the collation simple': one({ a: 1 }, { collation: { locale: 'simple' } }),
  'seconds of 0': one({ a: 1 }, { expireAfterSeconds: 0 }),
  'seconds with a fraction': one({ a: 1 }, { expireAfterSeconds: 1.5 }),
  'seconds that are NaN': one({ a: 1 }, { expireAfterSeconds: NaN }),
  'paths of numbers': one({ 'a.0': 1, 'b.1.c': -1 }),
};

const refusedOrNot = (specs: Record<string, Document>) =>
  Object.entries(specs).map(([name, spec]) => indexes(name, DOCS, [spec]));

export const indexSpecs = group('index specifications', [
  ...refusedOrNot(REFUSED),
  ...refusedOrNot(ACCEPTED),
  commands('no index at all', DOCS, [{ createIndexes: C, indexes: [] }]),
  commands('a list that is none', DOCS, [{ createIndexes: C, indexes: { a: 1 } }]),
  commands('a list with what is no document', DOCS, [{ createIndexes: C, indexes: [5] }]),
  commands('one of two refused', DOCS, [{ createIndexes: C, indexes: [A, one({ a: 0 })] }], { then: 'indexes' }),
  commands('more than 64', DOCS, [
    {
      createIndexes: C,
      indexes: Array.from({ length: 64 }, (_, at) => ({ key: { [`f${at}`]: new Int32(1) }, name: `f${at}` })),
    },
  ]),
]);

const dropping = (name: string, index: unknown) =>
  commands(
    name,
    DOCS,
    [
      { createIndexes: C, indexes: [A, { key: { b: 1, a: -1 }, name: 'both' }, { key: { a: -1 }, name: 'down' }] },
      { dropIndexes: C, index },
    ],
    { then: 'indexes' },
  );

export const indexRemoval = group('dropping indexes', [
  dropping('by name', 'a_1'),
  dropping('by key', { b: 1, a: -1 }),
  dropping('by a key in other numbers', { b: double(1), a: double(-1) }),
  dropping('by several names', ['a_1', 'both']),
  dropping('all of them', '*'),
  dropping('the one on _id by name', '_id_'),
  dropping('the one on _id by key', { _id: 1 }),
  dropping('the one on _id among others', ['a_1', '_id_']),
  dropping('one that is missing', 'nope'),
  dropping('one that is missing among others', ['a_1', 'nope']),
  dropping('a key that is missing', { c: 1 }),
  dropping('by a number', 5),
  dropping('by nothing', null),
  commands(
    'of a collection that is not there',
    [],
    [
      { dropIndexes: C, index: 'a' },
      { dropIndexes: C, index: '*' },
    ],
  ),
  commands('lists of a collection that is not there', [], [{ listIndexes: C }]),
  commands('lists in batches', DOCS, [
    { createIndexes: C, indexes: [A] },
    { listIndexes: C, cursor: { batchSize: 1 } },
  ]),
]);

export const indexChanges = group(
  'collMod',
  [
    commands(
      'hides and shows an index',
      DOCS,
      [
        { createIndexes: C, indexes: [A] },
        { collMod: C, index: { name: 'a_1', hidden: true } },
        { listIndexes: C },
        { collMod: C, index: { keyPattern: { a: 1 }, hidden: false } },
      ],
      { then: 'indexes' },
    ),
    commands(
      'other seconds',
      DOCS,
      [
        { createIndexes: C, indexes: [{ ...A, expireAfterSeconds: 100 }] },
        { collMod: C, index: { keyPattern: { a: 1 }, expireAfterSeconds: 50 } },
        { collMod: C, index: { name: 'a_1', expireAfterSeconds: 50 } },
      ],
      { then: 'indexes' },
    ),
    commands(
      'seconds for an index that had none',
      DOCS,
      [
        { createIndexes: C, indexes: [A] },
        { collMod: C, index: { name: 'a_1', expireAfterSeconds: 7 } },
      ],
      { then: 'indexes' },
    ),
    commands('an index that is missing', DOCS, [{ collMod: C, index: { name: 'nope', hidden: true } }]),
    commands('an index by name and key', DOCS, [
      { collMod: C, index: { name: '_id_', keyPattern: { _id: 1 }, hidden: true } },
    ]),
    commands('an index with nothing to change', DOCS, [
      { createIndexes: C, indexes: [A] },
      { collMod: C, index: { name: 'a_1' } },
    ]),
    commands('the index on _id', DOCS, [{ collMod: C, index: { name: '_id_', hidden: true } }]),
    commands('seconds that are a text', DOCS, [
      { createIndexes: C, indexes: [A] },
      { collMod: C, index: { name: 'a_1', expireAfterSeconds: 'x' } },
    ]),
    commands('seconds below 0', DOCS, [
      { createIndexes: C, indexes: [{ ...A, expireAfterSeconds: 1 }] },
      { collMod: C, index: { name: 'a_1', expireAfterSeconds: -5 } },
    ]),
    commands('seconds on two fields', DOCS, [
      { createIndexes: C, indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }] },
      { collMod: C, index: { name: 'ab', expireAfterSeconds: 5 } },
    ]),
    commands('a collection that is not there', [], [{ collMod: C, index: { name: 'a', hidden: true } }]),
    commands(
      'a validator',
      DOCS,
      [
        { collMod: C, validator: { a: { $gt: 0 } }, validationLevel: 'moderate' },
        { insert: C, documents: [{ _id: 9, a: -1 }] },
        { insert: C, documents: [{ _id: 10, a: 1 }] },
      ],
      { then: 'documents' },
    ),
  ].map((item) => ({ ...item, needs: 'collMod' as const })),
);
