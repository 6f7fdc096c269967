import { Decimal128, Double, Long, MaxKey, MinKey } from 'bson';
import { describe, expect, it } from 'vitest';
import { createCollation, parseCollation } from '../collation.ts';
import { MongoError } from '../errors.ts';
import { docOf, docsOf } from '../test-values.ts';
import { compileFilter } from './compile.ts';
import { regexPrefix } from './regex.ts';

const docs = docsOf(
  { _id: 0, a: 1 },
  { _id: 1, a: null },
  { _id: 2 },
  { _id: 3, a: [] },
  { _id: 4, a: [null] },
  { _id: 5, a: [1, 2, 3] },
  { _id: 6, a: { b: 1 } },
  { _id: 7, a: [{ b: 1 }, { b: 2 }] },
  { _id: 8, a: [{ b: 1, c: 1 }, { b: 2, c: 2 }, {}] },
  { _id: 9, a: [[1, 2], [3]] },
  { _id: 10, a: { b: [1, 5] } },
  { _id: 11, a: 'text' },
);

const ids = (filter: object): unknown[] => {
  const compiled = compileFilter(docOf(filter));
  return docs.filter((doc) => compiled.matches(doc)).map((doc) => doc.get('_id'));
};

const refusal = (filter: object): [number, string] => {
  try {
    compileFilter(docOf(filter));
  } catch (error) {
    if (error instanceof MongoError) return [error.code, error.message];
  }
  throw new Error('the filter was taken');
};

describe('filters', () => {
  it('tell null, missing and empty arrays apart as MongoDB does', () => {
    expect(ids({ a: null })).toEqual([1, 2, 4]);
    expect(ids({ a: { $exists: false } })).toEqual([2]);
    expect(ids({ 'a.b': null })).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 11]);
    expect(ids({ 'a.b': { $exists: true } })).toEqual([6, 7, 8, 10]);
    expect(ids({ a: [] })).toEqual([3]);
    expect(ids({ a: { $in: [null, 'text'] } })).toEqual([1, 2, 4, 11]);
  });

  it('look into arrays, one level each', () => {
    expect(ids({ a: 1 })).toEqual([0, 5]);
    expect(ids({ 'a.0': 1 })).toEqual([5]);
    expect(ids({ a: [1, 2] })).toEqual([9]);
    expect(ids({ 'a.b': { $gt: 1 } })).toEqual([7, 8, 10]);
    expect(ids({ a: { $gt: 1, $lt: 2 } })).toEqual([5]);
    expect(ids({ a: { $elemMatch: { $gt: 1, $lt: 2 } } })).toEqual([]);
    expect(ids({ a: { $elemMatch: { b: 1, c: 1 } } })).toEqual([8]);
    expect(ids({ a: { $size: 2 } })).toEqual([7, 9]);
    expect(ids({ 'a.b': { $all: [1, 2] } })).toEqual([7, 8]);
  });

  it('negate over all values of a path', () => {
    expect(ids({ a: { $ne: 1 } })).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    expect(ids({ 'a.b': { $nin: [1] } })).toEqual([0, 1, 2, 3, 4, 5, 9, 11]);
    expect(ids({ a: { $not: { $gt: 0 } } })).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    expect(ids({ $nor: [{ a: 1 }, { 'a.b': 1 }] })).toEqual([1, 2, 3, 4, 9, 11]);
  });

  it('compare numbers of all types by value and refuse to compare across kinds', () => {
    const numbers = docsOf(
      { n: 5 },
      { n: new Double(5) },
      { n: Long.fromNumber(5) },
      { n: Decimal128.fromString('5.0') },
      { n: '5' },
    );
    const count = (filter: object): number => numbers.filter((doc) => compileFilter(docOf(filter)).matches(doc)).length;
    expect(count({ n: 5 })).toBe(4);
    expect(count({ n: { $gte: Decimal128.fromString('4.99') } })).toBe(4);
    expect(count({ n: { $lt: 'x' } })).toBe(1);
    expect(count({ n: { $gt: new MinKey() } })).toBe(5);
    expect(count({ n: { $gt: new MaxKey() } })).toBe(0);
    expect(count({ n: NaN })).toBe(0);
  });

  it('match regular expressions with their options', () => {
    expect(ids({ a: /^TE/i })).toEqual([11]);
    expect(ids({ a: { $regex: '^ t e x t # comment', $options: 'x' } })).toEqual([11]);
    expect(ids({ a: { $in: [/^t/, 1] } })).toEqual([0, 5, 11]);
    expect(regexPrefix('^abc.*d', '')).toBe('abc');
    expect(regexPrefix('^abc?', '')).toBe('ab');
    expect(regexPrefix('^a|b', '')).toBeUndefined();
    expect(regexPrefix('^a', 'i')).toBeUndefined();
  });

  it('evaluate expressions, schemas and collations', () => {
    expect(ids({ $expr: { $eq: ['$a', 1] } })).toEqual([0]);
    expect(ids({ $jsonSchema: { required: ['a'], properties: { a: { bsonType: ['int', 'string'] } } } })).toEqual([
      0, 11,
    ]);
    const collated = compileFilter(docOf({ a: 'TÉXT' }), { collation: createCollation('en', 1) });
    expect(docs.filter((doc) => collated.matches(doc)).map((doc) => doc.get('_id'))).toEqual([11]);
    expect(() => parseCollation(docOf({ locale: 'en', alternate: 'shifted' }))).toThrow(MongoError);
  });

  it('tell where in an array they matched', () => {
    const index = (filter: object, id: number): number | undefined =>
      compileFilter(docOf(filter)).matchPosition(docs[id]!)?.index;
    expect(index({ 'a.b': 2 }, 7)).toBe(1);
    expect(index({ 'a.b': 1, 'a.c': 2 }, 8)).toBe(1);
    expect(index({ a: { $gte: 2 } }, 5)).toBe(1);
    expect(index({ a: { $gt: 1, $lt: 3 } }, 5)).toBe(1);
    expect(index({ _id: 5 }, 5)).toBe(-1);
    expect(index({ a: 9 }, 5)).toBeUndefined();
  });

  it('refuse what they do not know, with MongoDB’s code and words', () => {
    expect(refusal({ $foo: 1 })[0]).toBe(2);
    expect(refusal({ a: { $foo: 1 } })).toEqual([2, 'unknown operator: $foo']);
    expect(refusal({ a: { $gt: 1, b: 1 } })).toEqual([2, 'unknown operator: b']);
    expect(refusal({ a: { $in: 1 } })).toEqual([2, '$in needs an array']);
    expect(refusal({ $or: [] })).toEqual([2, '$or argument must be a non-empty array']);
    expect(refusal({ a: { $regex: '(' } })).toEqual([
      51091,
      'Regular expression is invalid: missing closing parenthesis',
    ]);
    expect(refusal({ $expr: { $foo: 1 } })).toEqual([168, "Unrecognized expression '$foo'"]);
    expect(refusal({ a: { $near: [1, 2] } })[0]).toBe(238);
    expect(refusal({ $text: { $search: 'x' } })).toEqual([27, 'text index required for $text query']);
  });

  it('search texts by stems and phrases', () => {
    const texts = docsOf({ t: 'Blue cotton shirts' }, { t: 'red shirt' }, { t: 'shoes' });
    const found = (search: string): number[] => {
      const compiled = compileFilter(docOf({ $text: { $search: search } }), { text: { weights: new Map([['t', 1]]) } });
      return texts.flatMap((doc, i) => (compiled.matches(doc) ? [i] : []));
    };
    expect(found('shirt')).toEqual([0, 1]);
    expect(found('shirt -red')).toEqual([0]);
    expect(found('"cotton shirts"')).toEqual([0]);
    expect(found('shoe')).toEqual([2]);
  });
});
