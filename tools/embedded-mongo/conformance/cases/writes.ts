import { Long, type Document } from 'mongodb';
import { C, commands, double, findAndModify, group, SESSION, update } from '../case.ts';

const DOCS = [
  { a: 1, t: 'x' },
  { a: 2, t: 'y' },
  { a: 3, t: 'z' },
];
const after = { then: 'documents' } as const;
const writing = (name: string, ...list: Document[]) => commands(name, DOCS, list, after);
const wrong = { q: { a: 2 }, u: { $inc: { t: 1 } } };

const updates = (...list: Document[]) => ({ update: C, updates: list });

export const batches = group('batches', [
  writing('inserts, ordered, the second fails', { insert: C, documents: [{ _id: 4 }, { _id: 1 }, { _id: 5 }] }),
  writing('inserts, unordered, the second fails', {
    insert: C,
    documents: [{ _id: 4 }, { _id: 1 }, { _id: 5 }],
    ordered: false,
  }),
  writing('inserts, unordered, several fail', {
    insert: C,
    documents: [{ _id: 1 }, { _id: 4 }, { _id: 2 }, { _id: 4 }],
    ordered: false,
  }),
  writing('inserts nothing', { insert: C, documents: [] }),
  writing('inserts what is no document', { insert: C, documents: ['x'] }),
  writing('inserts without documents', { insert: C }),
  writing('inserts an _id that is an array', { insert: C, documents: [{ _id: [1] }] }),
  writing('inserts an _id that is a pattern', { insert: C, documents: [{ _id: /x/ }] }),
  writing('inserts an _id with a dollar within', { insert: C, documents: [{ _id: { $a: 1 } }] }),
  writing('inserts an _id that is null', { insert: C, documents: [{ _id: null }, { _id: null }] }),
  writing('inserts an _id in the middle', { insert: C, documents: [{ b: 1, _id: 9, c: 1 }] }),
  writing('inserts names with dollars and dots', {
    insert: C,
    documents: [
      { _id: 7, 'a.b': 1, c: { $d: 1 } },
      { _id: 8, $e: 1 },
    ],
  }),
  writing(
    'updates, ordered, the second fails',
    updates({ q: { a: 1 }, u: { $set: { n: 1 } } }, wrong, { q: { a: 3 }, u: { $set: { n: 1 } } }),
  ),
  writing('updates, unordered, the second fails', {
    ...updates({ q: { a: 1 }, u: { $set: { n: 1 } } }, wrong, { q: { a: 3 }, u: { $set: { n: 1 } } }),
    ordered: false,
  }),
  writing(
    'updates, an upsert before the failure',
    updates({ q: { a: 9 }, u: { $set: { n: 1 } }, upsert: true }, wrong),
  ),
  writing(
    'updates with two upserts',
    updates(
      { q: { _id: 8 }, u: { $set: { n: 1 } }, upsert: true },
      { q: { a: 1 }, u: { $set: { n: 1 } } },
      { q: { _id: 9 }, u: { b: 1 }, upsert: true },
    ),
  ),
  writing('updates many, one of them fails', updates({ q: {}, u: { $inc: { v: 1, 't.x': 1 } }, multi: true })),
  writing(
    'updates that change nothing',
    updates({ q: { a: 1 }, u: { $set: { a: 1 } } }, { q: { a: 2 }, u: { $set: { a: double(2) } } }),
  ),
  writing('updates nothing at all', updates()),
  writing('an update without q', updates({ u: { $set: { a: 1 } } })),
  writing('an update without u', updates({ q: {} })),
  writing('an update with a field nobody knows', updates({ q: {}, u: { $set: { a: 1 } }, colour: 1 })),
  writing('an update with an operator nobody knows', updates({ q: {}, u: { $paint: { a: 1 } } })),
  writing('an update of operators and fields', updates({ q: {}, u: { $set: { a: 1 }, b: 1 } })),
  writing('a replacement of many', updates({ q: {}, u: { b: 1 }, multi: true })),
  writing('a replacement with another _id', updates({ q: { a: 1 }, u: { _id: 9, b: 1 } })),
  writing('an update of _id', updates({ q: { a: 1 }, u: { $set: { _id: 9 } } })),
  writing('an empty update', updates({ q: { a: 1 }, u: {} })),
  writing('an update with empty operators', updates({ q: { a: 1 }, u: { $set: {} } })),
  writing(
    'an update by a hint',
    updates({ q: { a: 1 }, u: { $set: { n: 1 } }, hint: '_id_' }, { q: { a: 1 }, u: { $set: { n: 1 } }, hint: 'nope' }),
  ),
  writing('an update of the first in an order', updates({ q: {}, u: { $set: { first: true } }, sort: { a: -1 } })),
  writing(
    'an update of many in an order',
    updates({ q: {}, u: { $set: { first: true } }, sort: { a: -1 }, multi: true }),
  ),
  writing('deletes one, many and none', {
    delete: C,
    deletes: [
      { q: { a: 1 }, limit: 1 },
      { q: { a: { $gt: 1 } }, limit: 0 },
      { q: { a: 9 }, limit: 1 },
    ],
  }),
  writing('deletes with a wrong filter, unordered', {
    delete: C,
    deletes: [
      { q: { a: { $wat: 1 } }, limit: 0 },
      { q: { a: 1 }, limit: 1 },
    ],
    ordered: false,
  }),
  writing('deletes with a wrong filter, ordered', {
    delete: C,
    deletes: [
      { q: { a: { $wat: 1 } }, limit: 0 },
      { q: { a: 1 }, limit: 1 },
    ],
  }),
  writing('deletes with a limit of 2', { delete: C, deletes: [{ q: {}, limit: 2 }] }),
  writing('deletes without a limit', { delete: C, deletes: [{ q: {} }] }),
  writing('deletes nothing at all', { delete: C, deletes: [] }),
  writing('deletes by a hint', { delete: C, deletes: [{ q: { a: 1 }, limit: 1, hint: { _id: 1 } }] }),
  writing('writes in a collection of the server', { insert: 'system.nope', documents: [{ a: 1 }] }),
  writing('writes in a name with a dollar', { insert: 'a$b', documents: [{ a: 1 }] }),
  writing('writes in an empty name', { insert: '', documents: [{ a: 1 }] }),
  writing('a write concern of no nodes there are', {
    insert: C,
    documents: [{ _id: 8 }],
    writeConcern: { w: 'nobody' },
  }),
  writing('a write concern that is a text', { insert: C, documents: [{ _id: 8 }], writeConcern: 'x' }),
]);

const retried = (name: string, command: Document) =>
  commands(
    name,
    DOCS,
    [
      { ...command, lsid: SESSION, txnNumber: Long.ONE },
      { ...command, lsid: SESSION, txnNumber: Long.ONE },
    ],
    {
      ...after,
      needs: 'sessions',
    },
  );

export const retries = group('retried', [
  retried('an insert', { insert: C, documents: [{ _id: 9 }] }),
  retried('an update', { update: C, updates: [{ q: { a: 1 }, u: { $inc: { n: 1 } } }] }),
  retried('an upsert', { update: C, updates: [{ q: { _id: 9 }, u: { $inc: { n: 1 } }, upsert: true }] }),
  retried('a delete', { delete: C, deletes: [{ q: { a: { $gt: 0 } }, limit: 1 }] }),
  retried('a findAndModify', { findAndModify: C, query: { a: 1 }, update: { $inc: { n: 1 } }, new: true }),
  retried('an update of many', { update: C, updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] }),
  retried('a delete of many', { delete: C, deletes: [{ q: {}, limit: 0 }] }),
  retried('a batch whose second fails', { insert: C, documents: [{ _id: 8 }, { _id: 1 }, { _id: 9 }] }),
]);

const modify = (name: string, command: Document) => findAndModify(name, DOCS, command);

export const findAndModifies = group('findAndModify', [
  modify('the old one', { query: { a: 2 }, update: { $set: { n: 1 } } }),
  modify('the new one', { query: { a: 2 }, update: { $set: { n: 1 } }, new: true }),
  modify('the first of an order', { query: {}, sort: { a: -1 }, update: { $set: { n: 1 } }, new: true }),
  modify('with some fields', { query: { a: 2 }, update: { $set: { n: 1 } }, new: true, fields: { n: 1, _id: 0 } }),
  modify('with wrong fields', { query: { a: 2 }, update: { $set: { n: 1 } }, fields: { n: 1, t: 0 } }),
  modify('removes', { query: { a: 2 }, remove: true }),
  modify('removes the last of an order, with some fields', { sort: { a: -1 }, remove: true, fields: { a: 1 } }),
  modify('removes nothing', { query: { a: 9 }, remove: true }),
  modify('finds nothing', { query: { a: 9 }, update: { $set: { n: 1 } } }),
  modify('upserts, the old one', { query: { _id: 9, a: 9 }, update: { $set: { n: 1 } }, upsert: true }),
  modify('upserts, the new one', { query: { _id: 9, a: 9 }, update: { $set: { n: 1 } }, upsert: true, new: true }),
  modify('upserts with $setOnInsert', {
    query: { _id: 9 },
    update: { $setOnInsert: { c: 1 }, $inc: { n: 5 } },
    upsert: true,
    new: true,
  }),
  modify('upserts what is there', {
    query: { a: 1 },
    update: { $setOnInsert: { c: 1 }, $inc: { n: 5 } },
    upsert: true,
    new: true,
  }),
  modify('replaces', { query: { a: 1 }, update: { b: 1 }, new: true }),
  modify('replaces with another _id', { query: { a: 1 }, update: { _id: 7 }, new: true }),
  modify('by a pipeline', {
    query: { a: 1 },
    update: [{ $set: { sum: { $add: ['$a', 10] } } }, { $unset: 't' }],
    new: true,
  }),
  modify('in arrays', {
    query: { a: 1 },
    update: { $push: { list: { $each: [3, 1, 2], $sort: 1, $slice: 2 } } },
    new: true,
  }),
  modify('with arrayFilters', { query: { a: 1 }, update: { $set: { 'l.$[x]': 1 } }, arrayFilters: [{ x: 1 }] }),
  modify('with arrayFilters nobody uses', { query: { a: 1 }, update: { $set: { b: 1 } }, arrayFilters: [{ x: 1 }] }),
  modify('with a hint', { query: { a: 1 }, update: { $set: { b: 1 } }, hint: '_id_' }),
  modify('with a hint that is missing', { query: { a: 1 }, update: { $set: { b: 1 } }, hint: 'nope' }),
  modify('with a variable', {
    query: { $expr: { $eq: ['$a', '$$w'] } },
    update: [{ $set: { b: '$$w' } }],
    let: { w: 2 },
    new: true,
  }),
  modify('with remove and update', { query: { a: 1 }, remove: true, update: { $set: { b: 1 } } }),
  modify('with remove and new', { query: { a: 1 }, remove: true, new: true }),
  modify('with remove and upsert', { query: { a: 1 }, remove: true, upsert: true }),
  modify('with nothing to do', { query: { a: 1 } }),
  modify('with an update that fails', { query: { a: 1 }, update: { $inc: { t: 1 } } }),
  modify('with a field nobody knows', { query: { a: 1 }, update: { $set: { b: 1 } }, colour: 1 }),
]);

const LISTS = [
  {
    l: [
      { k: 1, q: 1 },
      { k: 2, q: 2 },
      { k: 2, q: 3 },
    ],
    n: [1, 5, 9],
  },
];

export const arrays = group('arrays', [
  update('one element by a filter', LISTS, {}, { $set: { 'l.$[e].q': 9 } }, { arrayFilters: [{ 'e.k': 2 }] }),
  update(
    'two filters',
    LISTS,
    {},
    { $inc: { 'l.$[e].q': 1, 'n.$[m]': 10 } },
    { arrayFilters: [{ 'e.k': { $gte: 2 } }, { m: { $lt: 9 } }] },
  ),
  update(
    'conditions on one element',
    LISTS,
    {},
    { $set: { 'l.$[e].q': 9 } },
    { arrayFilters: [{ 'e.k': 2, 'e.q': { $lt: 3 } }] },
  ),
  update('all elements', LISTS, {}, { $mul: { 'n.$[]': 2 } }),
  update('the first match', LISTS, { 'l.k': 2 }, { $set: { 'l.$.q': 7 } }),
  update('the first match, none in the filter', LISTS, {}, { $set: { 'l.$.q': 7 } }),
  update('a filter nobody uses', LISTS, {}, { $set: { a: 1 } }, { arrayFilters: [{ 'e.k': 1 }] }),
  update('an element without its filter', LISTS, {}, { $set: { 'l.$[e].q': 9 } }),
  update(
    'two filters of one name',
    LISTS,
    {},
    { $set: { 'l.$[e].q': 9 } },
    { arrayFilters: [{ 'e.k': 1 }, { 'e.q': 1 }] },
  ),
  update('a filter with two names', LISTS, {}, { $set: { 'l.$[e].q': 9 } }, { arrayFilters: [{ 'e.k': 1, 'f.q': 1 }] }),
  update('a filter with a wrong name', LISTS, {}, { $set: { 'l.$[E].q': 9 } }, { arrayFilters: [{ 'E.k': 1 }] }),
  update('an empty filter', LISTS, {}, { $set: { 'l.$[e].q': 9 } }, { arrayFilters: [{}] }),
  update('filters of a replacement', LISTS, {}, { a: 1 }, { arrayFilters: [{ 'e.k': 1 }] }),
  update('filters of a pipeline', LISTS, {}, [{ $set: { a: 1 } }], { arrayFilters: [{ 'e.k': 1 }] }),
  update('an element of what is no array', LISTS, {}, { $set: { 'l.0.k.$[e]': 9 } }, { arrayFilters: [{ e: 1 }] }),
  update('$pull by a condition', LISTS, {}, { $pull: { l: { k: 2, q: { $gt: 2 } }, n: { $gte: 5 } } }),
  update('$pull by a value', LISTS, {}, { $pull: { n: 5, l: { k: 1 } } }),
  update('$pullAll', LISTS, {}, { $pullAll: { n: [1, 9, 100] } }),
  update('$addToSet with $each', LISTS, {}, { $addToSet: { n: { $each: [5, 6, 6] } } }),
  update('$pop both ends', LISTS, {}, { $pop: { n: 1, l: -1 } }),
]);
