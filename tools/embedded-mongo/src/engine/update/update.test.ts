import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { MongoError } from '../errors.ts';
import { docOf, plain, valuesOf } from '../test-values.ts';
import { compileUpdate } from './index.ts';
import type { UpdateOptions } from './index.ts';

const apply = (
  doc: object,
  update: object,
  options: UpdateOptions & { position?: number } = {},
): Record<string, unknown> => {
  const compiled = compileUpdate(Array.isArray(update) ? valuesOf(update) : docOf(update), options);
  return plain(compiled.apply(docOf(doc), { position: options.position }));
};

const refusal = (doc: object, update: object, options: UpdateOptions = {}): [number, string] => {
  try {
    apply(doc, update, options);
  } catch (error) {
    if (error instanceof MongoError) return [error.code, error.message];
    throw error;
  }
  throw new Error('the update was taken');
};

describe('updates', () => {
  it('set fields along paths, in the order of their names', () => {
    expect(apply({ _id: 1 }, { $set: { zz: 1, 'o.10': 1, 'o.9': 2, aa: 3 } })).toEqual({
      _id: 1,
      aa: 3,
      o: { 9: 2, 10: 1 },
      zz: 1,
    });
    expect(Object.keys(apply({ _id: 1 }, { $set: { zz: 1, aa: 3 } }))).toEqual(['_id', 'aa', 'zz']);
    expect(apply({ a: [1, 2] }, { $set: { 'a.4': 5 } })).toEqual({ a: [1, 2, null, null, 5] });
    expect(apply({ a: [1, 2] }, { $unset: { 'a.0': 1, b: 1 } })).toEqual({ a: [null, 2] });
  });

  it('answer with the same document when nothing changes', () => {
    const doc = docOf({ _id: 1, n: 1, a: [1] });
    expect(compileUpdate(docOf({ $set: { n: 1 } })).apply(doc)).toBe(doc);
    expect(compileUpdate(docOf({ $inc: { n: 0 }, $addToSet: { a: 1 }, $unset: { x: 1 } })).apply(doc)).toBe(doc);
    expect(compileUpdate(docOf({ $set: { n: new Double(1) } })).apply(doc)).not.toBe(doc);
  });

  it('keep the number types of arithmetic', () => {
    expect(apply({ n: 1 }, { $inc: { n: 2147483647 } })).toEqual({ n: Long.fromString('2147483648') });
    expect(apply({ n: 1 }, { $inc: { n: 0.5 } })).toEqual({ n: 1.5 });
    expect(apply({ n: Decimal128.fromString('1.10') }, { $inc: { n: Decimal128.fromString('0.05') } })).toEqual({
      n: Decimal128.fromString('1.15'),
    });
    expect(apply({}, { $mul: { n: 5 } })).toEqual({ n: 0 });
    expect(refusal({ _id: 1, n: Long.fromString('9223372036854775807') }, { $inc: { n: 1 } })[0]).toBe(2);
    expect(refusal({ _id: 1, n: 'x' }, { $inc: { n: 1 } })[0]).toBe(14);
  });

  it('push, pull and keep sets', () => {
    expect(apply({ a: [1, 2] }, { $push: { a: { $each: [9, 0], $sort: -1, $slice: 3 } } })).toEqual({ a: [9, 2, 1] });
    expect(apply({ a: [1, 2] }, { $push: { a: { $each: [7], $position: -1 } } })).toEqual({ a: [1, 7, 2] });
    expect(apply({ a: [{ k: 2 }] }, { $push: { a: { $each: [{ k: 1 }], $sort: { k: 1 } } } })).toEqual({
      a: [{ k: 1 }, { k: 2 }],
    });
    expect(apply({ a: [1] }, { $addToSet: { a: { $each: [1, 8, 8, new Double(1)] } } })).toEqual({ a: [1, 8] });
    expect(
      apply(
        {
          a: [
            { k: 1, q: 1 },
            { k: 2, q: 2 },
          ],
        },
        { $pull: { a: { k: 2 } } },
      ),
    ).toEqual({ a: [{ k: 1, q: 1 }] });
    expect(apply({ a: [1, 2, 3] }, { $pull: { a: { $gte: 2 } } })).toEqual({ a: [1] });
    expect(apply({ a: [1, 2, 3] }, { $pop: { a: -1 } })).toEqual({ a: [2, 3] });
  });

  it('move and limit values', () => {
    expect(apply({ a: 1, o: { x: 2 } }, { $rename: { a: 'b', 'o.x': 'o.y' } })).toEqual({ o: { y: 2 }, b: 1 });
    expect(apply({ a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 9 } })).toEqual({ a: 3, b: 9 });
    expect(apply({ a: 6 }, { $bit: { a: { and: 3 } } })).toEqual({ a: 2 });
    const now = new Date('2024-01-01');
    expect(apply({}, { $currentDate: { at: true } }, { now })).toEqual({ at: now });
  });

  it('reach array elements by position, all and filter', () => {
    const items = {
      items: [
        { k: 1, q: 1 },
        { k: 2, q: 2 },
      ],
    };
    expect(apply(items, { $set: { 'items.$.q': 9 } }, { position: 1 })).toEqual({
      items: [
        { k: 1, q: 1 },
        { k: 2, q: 9 },
      ],
    });
    expect(apply(items, { $inc: { 'items.$[].q': 1 } })).toEqual({
      items: [
        { k: 1, q: 2 },
        { k: 2, q: 3 },
      ],
    });
    expect(apply(items, { $set: { 'items.$[i].q': 0 } }, { arrayFilters: valuesOf([{ 'i.k': 2 }]) })).toEqual({
      items: [
        { k: 1, q: 1 },
        { k: 2, q: 0 },
      ],
    });
    expect(refusal(items, { $set: { 'items.$.q': 9 } })[1]).toBe(
      'The positional operator did not find the match needed from the query.',
    );
    expect(refusal(items, { $set: { 'items.$[i].q': 0 } })).toEqual([
      2,
      "No array filter found for identifier 'i' in path 'items.$[i].q'",
    ]);
  });

  it('replace documents and run pipelines, keeping _id', () => {
    expect(apply({ _id: 1, a: 1 }, { b: 2 })).toEqual({ _id: 1, b: 2 });
    expect(apply({ _id: 1, n: 1 }, [{ $set: { n: { $add: ['$n', 1] } } }, { $unset: 'x' }])).toEqual({ _id: 1, n: 2 });
    expect(refusal({ _id: 1 }, { _id: 2, b: 2 })[0]).toBe(66);
    expect(refusal({ _id: 1 }, { $set: { _id: 2 } })[0]).toBe(66);
    expect(refusal({ _id: 1 }, [{ $match: {} }])).toEqual([72, '$match is not allowed to be used within an update']);
    expect(refusal({ _id: 1 }, { b: 1 }, { multi: true })[0]).toBe(9);
  });

  it('refuse conflicts and what they do not know', () => {
    expect(refusal({}, { $set: { n: 1 }, $inc: { n: 1 } })).toEqual([
      40,
      "Updating the path 'n' would create a conflict at 'n'",
    ]);
    expect(refusal({}, { $set: { o: 1, 'o.a': 1 } })).toEqual([
      40,
      "Updating the path 'o.a' would create a conflict at 'o'",
    ]);
    expect(refusal({}, { $foo: { a: 1 } })[0]).toBe(9);
    expect(refusal({}, { $set: { 'a..b': 1 } })[0]).toBe(56);
    expect(refusal({ n: 1 }, { $set: { 'n.x': 1 } })).toEqual([28, "Cannot create field 'x' in element {n: 1}"]);
  });

  it('build the document of an upsert from the filter', () => {
    const upsert = (filter: object, update: object): Record<string, unknown> =>
      plain(compileUpdate(docOf(update)).upsert(docOf(filter), () => 'new'));
    expect(
      upsert({ a: 1, 'b.c': { $eq: 2 }, d: { $gt: 1 }, $and: [{ e: 3 }] }, { $set: { f: 4 }, $setOnInsert: { g: 5 } }),
    ).toEqual({
      _id: 'new',
      a: 1,
      b: { c: 2 },
      e: 3,
      f: 4,
      g: 5,
    });
    expect(upsert({ _id: 5, a: 1 }, { b: 1 })).toEqual({ _id: 5, b: 1 });
    expect(Object.keys(upsert({ a: 1 }, { $set: { _id: 7 } }))).toEqual(['_id', 'a']);
  });

  it('treats names that objects know specially as plain fields', () => {
    const doc = compileUpdate(docOf({ $set: { 'a.constructor': 1 } })).apply(docOf({ _id: 1 }));
    expect(doc.get('a')).toMatchObject({ keys: ['constructor'], values: [1] });
  });
});
