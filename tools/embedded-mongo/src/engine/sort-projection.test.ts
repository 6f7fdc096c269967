import { describe, expect, it } from 'vitest';
import { MongoError } from './errors.ts';
import { compileFilter } from './filter/compile.ts';
import { compileProjection } from './projection/index.ts';
import { compileSort } from './sort.ts';
import { docOf, docsOf, plain } from './test-values.ts';

describe('sorting', () => {
  const ids = (spec: object, ...docs: object[]): unknown[] =>
    compileSort(docOf(spec))
      .sorted(docsOf(...docs.map((doc, i) => ({ _id: i, ...doc }))))
      .map((doc) => doc.get('_id'));
  const mixed = [{ a: [3, 1] }, { a: [2] }, { a: [] }, { a: 0 }, { a: null }, {}, { a: [0, 10] }, { a: 'x' }];

  it('takes the smallest element ascending and the largest descending', () => {
    expect(ids({ a: 1, _id: 1 }, ...mixed)).toEqual([2, 4, 5, 3, 6, 0, 1, 7]);
    expect(ids({ a: -1, _id: 1 }, ...mixed)).toEqual([7, 6, 0, 1, 3, 4, 5, 2]);
  });

  it('takes fields of one array together and refuses two arrays', () => {
    expect(
      ids(
        { 'a.x': 1, 'a.y': 1 },
        {
          a: [
            { x: 1, y: 5 },
            { x: 2, y: 1 },
          ],
        },
        {
          a: [
            { x: 1, y: 2 },
            { x: 0, y: 9 },
          ],
        },
        { a: { x: 0, y: 3 } },
      ),
    ).toEqual([2, 1, 0]);
    expect(() => ids({ a: 1, b: 1 }, { a: [1], b: [1] })).toThrow(MongoError);
  });

  it('finds the first documents as a whole sort would', () => {
    const docs = docsOf(...Array.from({ length: 500 }, (_, i) => ({ _id: i, v: (i * 7919) % 97 })));
    const sort = compileSort(docOf({ v: -1 }));
    expect(sort.top(docs, 20)).toEqual(sort.sorted(docs).slice(0, 20));
    expect([...docs].sort((a, b) => (sort.encode(a) < sort.encode(b) ? -1 : 1))[0]!.get('v')).toBe(96);
  });
});

describe('projections', () => {
  const doc = {
    _id: 1,
    a: 1,
    b: { c: 2, d: 3 },
    arr: [1, 2, 3],
    items: [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ],
  };
  const project = (spec: object, filter?: object): Record<string, unknown> =>
    plain(compileProjection(docOf(spec), { filter: filter ? compileFilter(docOf(filter)) : undefined })(docOf(doc)));

  it('keep, drop and compute fields', () => {
    expect(project({ 'b.c': 1, _id: 0 })).toEqual({ b: { c: 2 } });
    expect(project({ 'items.x': 0, arr: 0, b: 0 })).toEqual({ _id: 1, a: 1, items: [{ y: 1 }, { y: 2 }] });
    expect(project({ a: 1, sum: { $add: ['$a', '$b.c'] } })).toEqual({ _id: 1, a: 1, sum: 3 });
    expect(Object.keys(project({ items: 1, a: 1 }))).toEqual(['_id', 'a', 'items']);
  });

  it('take parts of arrays', () => {
    expect(project({ arr: { $slice: -2 }, _id: 0, b: 0, items: 0, a: 0 })).toEqual({ arr: [2, 3] });
    expect(project({ items: { $elemMatch: { x: 2 } } })).toEqual({ _id: 1, items: [{ x: 2, y: 2 }] });
    expect(project({ 'items.$': 1 }, { 'items.x': 2 })).toEqual({ _id: 1, items: [{ x: 2, y: 2 }] });
  });

  it('refuse mixtures and collisions', () => {
    expect(() => project({ a: 1, b: 0 })).toThrow('Cannot do exclusion on field b in inclusion projection');
    expect(() => project({ 'b.c': 1, b: 1 })).toThrow('Path collision at b');
    expect(() => project({ a: { $foo: 1 } })).toThrow('Unknown expression $foo');
  });
});
