import { describe, expect, it } from 'vitest';
import { BSONRegExp, Doc, encodeDoc, type Value } from '../bson/index.ts';
import { idIndexSpec, readIndexSpec } from '../commands/index-definition.ts';
import { compileSort, parseCollation } from '../engine/index.ts';
import { formatDoc } from '../engine/index.ts';
import { createCore } from '../storage/core.ts';
import { documentOf } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { createLiveWriter } from '../storage/writer.ts';
import { prepareQuery, type RecordQuery } from './find-records.ts';

/** Small reproducible random numbers (mulberry32). */
function randomOf(seed: number) {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
type Random = ReturnType<typeof randomOf>;

const PATHS = ['a', 'b', 'c', 'o.x', 'o.y', 'l.x', 'l.y'];

function scalar({ pick }: Random): Value {
  return pick<Value>([0, 1, 2, 3, 1.5, NaN, 'a', 'ab', 'abc', 'b', 'B', 'A', '', null, true, new Date(5), new Date(9)]);
}

function value(random: Random): Value {
  const kind = random.below(8);
  if (kind === 0) return Array.from({ length: random.below(4) }, () => scalar(random));
  if (kind === 1) return Doc.of(['x', scalar(random)]);
  return scalar(random);
}

function document(random: Random, id: number): Doc {
  const doc = Doc.of(['_id', id]);
  for (const key of ['a', 'b', 'c'])
    if (random.below(5) > 0) doc.append(key, key === 'b' ? value(random) : scalar(random));
  if (random.below(4) > 0) doc.append('o', Doc.of(['x', scalar(random)], ['y', random.below(4)]));
  const line = (): Doc =>
    random.below(5) === 0 ? Doc.of(['y', scalar(random)]) : Doc.of(['x', scalar(random)], ['y', random.below(4)]);
  if (random.below(4) > 0)
    doc.append('l', random.below(6) === 0 ? line() : Array.from({ length: random.below(4) }, line));
  return doc;
}

function condition(random: Random, depth = 1): Value {
  const v = scalar(random);
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return v;
    case 3:
      return value(random);
    case 4:
      return Doc.of(['$in', Array.from({ length: random.below(4) }, () => scalar(random))]);
    case 5:
      return Doc.of([random.pick(['$gt', '$gte', '$lt', '$lte', '$ne']), v]);
    case 6:
      return Doc.of(['$gte', v], ['$lt', scalar(random)]);
    case 7:
      return Doc.of(['$exists', random.below(2) === 0]);
    case 8:
      return new BSONRegExp(random.pick(['^a', '^ab', 'b', '^', '^b|a']), random.pick(['', 'i']));
    case 9:
      return Doc.of(['$not', Doc.of(['$gt', v])]);
    case 10:
      return Doc.of(['$all', [scalar(random), scalar(random)]]);
    default:
      return depth > 0
        ? Doc.of(['$elemMatch', random.below(2) ? Doc.of(['x', v], ['y', random.below(4)]) : Doc.of(['$gte', v])])
        : v;
  }
}

function filterOf(random: Random, depth = 1): Doc {
  const filter = new Doc();
  for (let i = random.below(4); i > 0; i--) filter.set(random.pick(PATHS), condition(random));
  if (depth > 0 && random.below(5) === 0) {
    filter.set(random.pick(['$or', '$and']), [
      filterOf(random, 0).set('a', scalar(random)),
      filterOf(random, 0).set('c', scalar(random)),
    ]);
  }
  return filter;
}

function specOf(random: Random, name: string): Doc {
  const key = new Doc();
  for (let i = 1 + random.below(3); i > 0; i--) key.set(random.pick(PATHS), random.below(2) ? 1 : -1);
  const spec = Doc.of(['key', key], ['name', name]);
  if (random.below(5) === 0) spec.append('sparse', true);
  else if (random.below(5) === 0) {
    spec.append(
      'partialFilterExpression',
      Doc.of([
        random.pick(PATHS),
        random.pick<Value>([
          Doc.of(['$gt', 0]),
          Doc.of(['$lt', 2]),
          Doc.of(['$exists', true]),
          Doc.of(['$type', 'string']),
          Doc.of(['$in', ['a', 1, null]]),
          1,
          'a',
          null,
          [1, 'a'],
        ]),
      ]),
    );
  }
  return spec;
}

const IGNORE_CASE = Doc.of(['locale', 'en'], ['strength', 2]);

function build(random: Random, collation?: Doc): CollectionState {
  const core = createCore();
  const writer = createLiveWriter(core);
  const ns = 'd.c';
  writer.change({ kind: 'create', cid: 1, db: 'd', name: 'c', uuid: new Uint8Array(16), options: new Doc() }, [ns]);
  writer.change({ kind: 'createIndex', ns, cid: 1, spec: idIndexSpec(undefined) }, [ns]);
  const early = random.below(2);
  const indexes = Array.from({ length: 3 }, (_, i) => readIndexSpec(specOf(random, `i${i}`), collation));
  const state = (): CollectionState => core.live.catalog.get(ns) as CollectionState;
  const fill = (from: number, to: number): void => {
    for (let id = from; id < to; id++) {
      const doc = document(random, id);
      try {
        writer.insert(state(), doc, encodeDoc(doc));
      } catch (error) {
        if (!(error instanceof Error) || !error.message.includes('parallel arrays')) throw error;
      }
    }
  };
  // Half of the documents meet the indexes, half are there before them.
  if (early === 0) fill(0, 40);
  for (const spec of indexes) {
    try {
      writer.change({ kind: 'createIndex', ns, cid: 1, spec }, [ns]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('parallel arrays')) throw error;
    }
  }
  fill(40, 80);
  // Some move, some go.
  for (const record of [...state().records.values()]) {
    if (random.below(4) === 0) writer.remove(state(), record);
  }
  return state();
}

const ask = (
  filter: Doc,
  sort: Doc | null,
  hint: RecordQuery['hint'],
  limit = Infinity,
  collation?: Doc,
): RecordQuery => ({
  filter,
  sort,
  hint,
  collation: parseCollation(collation),
  limit,
  let: undefined,
  now: new Date(0),
  deadline: Infinity,
});

describe('plans', () => {
  it.each([
    [1, undefined],
    [2, undefined],
    [3, undefined],
    [4, undefined],
    [7, IGNORE_CASE],
    [8, IGNORE_CASE],
  ])('find what a scan of the whole collection finds (seed %i, collation %o)', (seed, collation) => {
    const random = randomOf(seed);
    let indexed = 0;
    for (let round = 0; round < 20; round++) {
      const state = build(random, collation);
      for (let i = 0; i < 60; i++) {
        const filter = filterOf(random);
        const planned = prepareQuery(state, ask(filter, null, null, Infinity, collation));
        const scanned = prepareQuery(state, ask(filter, null, 'natural', Infinity, collation));
        const ids = (query: typeof planned): Value[] =>
          [...query.records()].map((record) => documentOf(record).get('_id') ?? null);
        const context = `${formatDoc(filter)} by ${planned.plan.kind === 'index' ? formatDoc(planned.plan.index.spec.definition) : planned.plan.kind}`;
        if (planned.plan.kind !== 'collection') indexed += 1;
        expect(
          ids(planned)
            .map(Number)
            .sort((a, b) => a - b),
          context,
        ).toEqual(
          ids(scanned)
            .map(Number)
            .sort((a, b) => a - b),
        );
      }
    }
    expect(indexed).toBeGreaterThan(200);
  });

  it.each([5, 6])('deliver the order that was asked for (seed %i)', (seed) => {
    const random = randomOf(seed);
    let served = 0;
    for (let round = 0; round < 20; round++) {
      const state = build(random);
      for (let i = 0; i < 40; i++) {
        const filter = filterOf(random);
        const paths = [random.pick(['a', 'c', 'o.x', 'o.y', 'b']), random.pick(['a', 'c', 'o.y'])];
        const sort = new Doc();
        for (const path of paths) sort.set(path, random.below(2) ? 1 : -1);
        const { compareKeys, keysOf } = compileSort(sort);
        const planned = prepareQuery(state, ask(filter, sort, null, 10));
        const scanned = prepareQuery(state, ask(filter, sort, 'natural', 10));
        const keys = (query: typeof planned) =>
          [...query.records()].slice(0, 10).map((record) => keysOf(documentOf(record)));
        const [found, wanted] = [keys(planned), keys(scanned)];
        if (planned.ordered) served += 1;
        expect(found.length, formatDoc(filter)).toBe(wanted.length);
        found.forEach((key, at) =>
          expect(compareKeys(key, wanted[at] ?? []), `${formatDoc(filter)} ${formatDoc(sort)}`).toBe(0),
        );
      }
    }
    expect(served).toBeGreaterThan(20);
  });
});
