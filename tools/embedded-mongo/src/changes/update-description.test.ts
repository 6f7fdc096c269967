import { describe, expect, it } from 'vitest';
import { deserialize, serialize, type Document } from 'bson';
import { decodeDoc, encodeDoc, type Doc } from '../bson/index.ts';
import { compileUpdate } from '../engine/index.ts';
import { describeUpdate } from './update-description.ts';

const doc = (value: Document): Doc => decodeDoc(serialize(value));
const plain = (value: Doc): Document => deserialize(encodeDoc(value));

/** What a change stream tells of an update by operators. */
function ofOperators(before: Document, operators: Document, arrayFilters: Document[] = []): Document | null {
  const touched: string[] = [];
  const update = compileUpdate(doc(operators), { arrayFilters: arrayFilters.map(doc) });
  const old = doc(before);
  const after = update.apply(old, { touched });
  const description = describeUpdate(old, after, touched, true);
  return description === null ? null : plain(description);
}

/** What it tells of an update by a pipeline. */
function ofPipeline(before: Document, after: Document): Document | null {
  const description = describeUpdate(doc(before), doc(after), 'pipeline', true);
  return description === null ? null : plain(description);
}

const LONG = 'text '.repeat(40);
const description = (parts: Document): Document => ({
  updatedFields: {},
  removedFields: [],
  truncatedArrays: [],
  disambiguatedPaths: {},
  ...parts,
});

describe('the description of an update by operators', () => {
  it('names the fields that were set, and nothing that was the same before', () => {
    const before = { _id: 1, a: { b: 1, c: 2 }, n: 1, gone: true };
    const operators = { $set: { 'a.b': 5, 'a.c': 2, n: 1 }, $unset: { gone: 1, 'a.none': 1 }, $inc: { count: 2 } };
    expect(ofOperators(before, operators)).toEqual(
      description({ updatedFields: { 'a.b': 5, count: 2 }, removedFields: ['gone'] }),
    );
  });

  it('tells an object that was set as a whole, and one that had to be made from where it begins', () => {
    expect(ofOperators({ _id: 1, a: { b: 1, c: 2 } }, { $set: { a: { b: 1, c: 3 } } })).toMatchObject({
      updatedFields: { a: { b: 1, c: 3 } },
    });
    expect(ofOperators({ _id: 1, a: {} }, { $set: { 'a.b.c.d': 1 } })).toMatchObject({
      updatedFields: { 'a.b': { c: { d: 1 } } },
    });
  });

  it('tells appended elements one by one, and arrays changed otherwise as a whole', () => {
    const before = { _id: 1, list: [1, 2], empty: [] };
    expect(ofOperators(before, { $push: { list: { $each: [3, 4] } } })).toMatchObject({
      updatedFields: { 'list.2': 3, 'list.3': 4 },
    });
    expect(ofOperators(before, { $push: { empty: 1 } })).toMatchObject({ updatedFields: { empty: [1] } });
    expect(ofOperators(before, { $push: { list: { $each: [0], $position: 0 } } })).toMatchObject({
      updatedFields: { list: [0, 1, 2] },
    });
    expect(ofOperators(before, { $pull: { list: 1 } })).toMatchObject({ updatedFields: { list: [2] } });
    expect(ofOperators(before, { $addToSet: { list: { $each: [2, 9] } } })).toMatchObject({
      updatedFields: { 'list.2': 9 },
    });
    expect(ofOperators(before, { $unset: { 'list.0': 1 } })).toMatchObject({ updatedFields: { 'list.0': null } });
  });

  it('tells the one element that a filter met, or the array when it met several', () => {
    const before = {
      _id: 1,
      items: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 1 },
        { sku: 'b', n: 2 },
      ],
    };
    expect(ofOperators(before, { $inc: { 'items.$[x].n': 1 } }, [{ 'x.sku': 'a' }])).toMatchObject({
      updatedFields: { 'items.0.n': 2 },
    });
    expect(ofOperators(before, { $inc: { 'items.$[x].n': 1 } }, [{ 'x.sku': 'b' }])).toMatchObject({
      updatedFields: {
        items: [
          { sku: 'a', n: 1 },
          { sku: 'b', n: 2 },
          { sku: 'b', n: 3 },
        ],
      },
    });
    expect(ofOperators(before, { $set: { 'items.$[].n': 1 } })).toMatchObject({
      updatedFields: { 'items.2': { sku: 'b', n: 1 } },
    });
  });

  it('tells both ends of a rename', () => {
    expect(ofOperators({ _id: 1, old: 7 }, { $rename: { old: 'new' } })).toEqual(
      description({ updatedFields: { new: 7 }, removedFields: ['old'] }),
    );
  });

  it('explains paths that could be read in two ways', () => {
    expect(ofOperators({ _id: 1, a: { 0: 'x' }, list: [{ n: 1 }] }, { $set: { 'a.0': 'y', 'list.0.n': 2 } })).toEqual(
      description({ updatedFields: { 'a.0': 'y', 'list.0.n': 2 }, disambiguatedPaths: { 'a.0': ['a', '0'] } }),
    );
  });
});

describe('the description of an update by a pipeline', () => {
  it('is the difference of the documents', () => {
    const before = { _id: 1, LONG, a: { b: 1, c: 1, LONG }, list: [1, LONG, 3, 4], gone: 1 };
    const after = { _id: 1, LONG, a: { b: 2, c: 1, LONG }, list: [1, LONG, 5], more: { x: 1 } };
    expect(ofPipeline(before, after)).toEqual(
      description({
        updatedFields: { more: { x: 1 }, 'a.b': 2, 'list.2': 5 },
        removedFields: ['gone'],
        truncatedArrays: [{ field: 'list', newSize: 3 }],
      }),
    );
  });

  it('tells a part as a whole when its difference takes more room', () => {
    expect(ofPipeline({ _id: 1, LONG, small: { a: 1, b: 2 } }, { _id: 1, LONG, small: { a: 3, b: 4 } })).toMatchObject({
      updatedFields: { small: { a: 3, b: 4 } },
    });
  });

  it('is a replacement when the difference takes as much room as the document', () => {
    expect(ofPipeline({ _id: 1, a: 1 }, { _id: 1, b: 2 })).toBeNull();
  });
});
