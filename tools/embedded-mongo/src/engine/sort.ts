import { Doc, isNumber } from '../bson/index.ts';
import type { MaybeValue, Value } from '../bson/index.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';
import { MongoError } from './errors.ts';
import { encodeCompoundKey } from './keys.ts';
import { numberOf } from './numbers.ts';
import { splitFieldPath } from './expr/index.ts';
import { metaOf, readMeta } from './meta.ts';
import type { MetaName } from './meta.ts';
import { expandSortKeys } from './sort-keys.ts';

/** A compiled sort order. */
export interface Sort {
  /** Negative, zero or positive, for sorting documents. */
  compare(a: Doc, b: Doc): number;
  /** The values a document sorts by, one for each field; sort large inputs by these, computed once. */
  keysOf(doc: Doc): MaybeValue[];
  compareKeys(a: readonly MaybeValue[], b: readonly MaybeValue[]): number;
  /** One binary string whose order is the sort order. */
  encode(doc: Doc): string;
  /** Sorts a copy, keeping the order of equal documents. */
  sorted(docs: Iterable<Doc>): Doc[];
  /** The first documents in order, without sorting all of them. */
  top(docs: Iterable<Doc>, count: number): Doc[];
  readonly fields: readonly SortField[];
}

export interface SortField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1;
  /** Sorts by metadata of the document instead of a field. */
  readonly meta: MetaName | undefined;
}

/** Reads a sort document into fields; `$meta` sorts by score. */
export function parseSort(spec: Doc): SortField[] {
  return spec.keys.map((path, i) => {
    const value = spec.values[i]!;
    const parts = splitFieldPath(path);
    const meta = value instanceof Doc ? metaOf(value) : undefined;
    return { path, parts, direction: meta ? -1 : directionOf(path, value), meta };
  });
}

function directionOf(path: string, value: Value): 1 | -1 {
  if (!isNumber(value)) throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${describe(value)}`);
  const direction = numberOf(value);
  if (direction !== 1 && direction !== -1) {
    throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  return direction;
}

const describe = (value: Value): string => (typeof value === 'string' ? `"${value}"` : String(value));

/**
 * Compiles a sort document. Ascending, an array sorts by its smallest element, descending by its largest.
 * @throws MongoError for directions other than 1 and −1.
 */
export function compileSort(spec: Doc, collation?: Collation): Sort {
  const fields = parseSort(spec);
  const directions = fields.map((field) => field.direction);
  const compareKeys = (a: readonly MaybeValue[], b: readonly MaybeValue[]): number => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i], b[i], collation);
      if (order !== 0) return directions[i] === 1 ? order : -order;
    }
    return 0;
  };
  const keysOf = (doc: Doc): MaybeValue[] => plainKeys(doc, fields) ?? bestKeys(doc, fields, compareKeys);
  return {
    fields,
    keysOf,
    compareKeys,
    compare: (a, b) => compareKeys(keysOf(a), keysOf(b)),
    encode: (doc) => encodeCompoundKey(keysOf(doc), directions, collation),
    sorted: (docs) => sortByKeys(docs, keysOf, compareKeys),
    top: (docs, count) => selectTop(docs, count, keysOf, compareKeys),
  };
}

interface Entry {
  readonly doc: Doc;
  readonly keys: readonly MaybeValue[];
  readonly order: number;
}

type CompareKeys = (a: readonly MaybeValue[], b: readonly MaybeValue[]) => number;

function sortByKeys(docs: Iterable<Doc>, keysOf: (doc: Doc) => MaybeValue[], compareKeys: CompareKeys): Doc[] {
  const entries: Entry[] = [];
  for (const doc of docs) entries.push({ doc, keys: keysOf(doc), order: entries.length });
  entries.sort((a, b) => compareKeys(a.keys, b.keys));
  return entries.map((entry) => entry.doc);
}

function selectTop(
  docs: Iterable<Doc>,
  count: number,
  keysOf: (doc: Doc) => MaybeValue[],
  compareKeys: CompareKeys,
): Doc[] {
  if (count <= 0) return [];
  const byKeys = (a: Entry, b: Entry): number => compareKeys(a.keys, b.keys) || a.order - b.order;
  let kept: Entry[] = [];
  let worst: Entry | undefined;
  let order = 0;
  const capacity = count * 2 + 64;
  for (const doc of docs) {
    const entry: Entry = { doc, keys: keysOf(doc), order: order++ };
    if (worst !== undefined && compareKeys(entry.keys, worst.keys) >= 0) continue;
    kept.push(entry);
    if (kept.length >= capacity) {
      kept = kept.sort(byKeys).slice(0, count);
      worst = kept[count - 1];
    }
  }
  return kept
    .sort(byKeys)
    .slice(0, count)
    .map((entry) => entry.doc);
}

/** The sort values of a document without arrays on the way; undefined when there is one. */
function plainKeys(doc: Doc, fields: readonly SortField[]): MaybeValue[] | undefined {
  const keys = new Array<MaybeValue>(fields.length);
  for (let i = 0; i < fields.length; i++) {
    const { parts, meta } = fields[i]!;
    if (meta) {
      keys[i] = readMeta(doc, meta);
      continue;
    }
    let value: MaybeValue = doc;
    for (let j = 0; j < parts.length; j++) {
      if (value instanceof Doc) value = value.get(parts[j]!);
      else if (Array.isArray(value)) return undefined;
      else value = null;
    }
    if (Array.isArray(value)) return undefined;
    keys[i] = value ?? null;
  }
  return keys;
}

function bestKeys(doc: Doc, fields: readonly SortField[], compareKeys: CompareKeys): MaybeValue[] {
  let best: MaybeValue[] | undefined;
  expandSortKeys(
    doc,
    fields.map((field) => field.parts),
    (keys) => {
      if (!best || compareKeys(keys, best) < 0) best = keys;
    },
  );
  return best!;
}
