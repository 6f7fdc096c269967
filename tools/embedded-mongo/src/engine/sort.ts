import { Doc, isNumber } from '../bson/index.ts';
import type { MaybeValue, Value } from '../bson/index.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';
import { MongoError } from './errors.ts';
import { encodeCompoundKey } from './keys.ts';
import { numberOf } from './numbers.ts';
import { isIndex } from './path.ts';

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
}

/** Reads a sort document into fields; `$meta` sorts by score. */
export function parseSort(spec: Doc): SortField[] {
  return spec.keys.map((path, i) => {
    const value = spec.values[i]!;
    if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
    for (const part of path.split('.')) {
      if (part === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
      if (part.startsWith('$')) {
        throw new MongoError(16410, `FieldPath field names may not start with '$', given '${part}'.`);
      }
    }
    return { path, parts: path.split('.'), direction: directionOf(path, value) };
  });
}

function directionOf(path: string, value: Value): 1 | -1 {
  if (value instanceof Doc && value.has('$meta')) return -1;
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
  const keysOf = (doc: Doc): MaybeValue[] => fields.map((field) => sortValue(doc, field, collation));
  const compareKeys = (a: readonly MaybeValue[], b: readonly MaybeValue[]): number => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i], b[i], collation);
      if (order !== 0) return directions[i] === 1 ? order : -order;
    }
    return 0;
  };
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

function selectTop(docs: Iterable<Doc>, count: number, keysOf: (doc: Doc) => MaybeValue[], compareKeys: CompareKeys): Doc[] {
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

function sortValue(doc: Doc, field: SortField, collation: Collation | undefined): MaybeValue {
  const { parts } = field;
  let value: MaybeValue = doc;
  for (let i = 0; i < parts.length; i++) {
    if (value instanceof Doc) value = value.get(parts[i]!);
    else if (Array.isArray(value)) return extreme(doc, field, collation);
    else return null;
  }
  if (Array.isArray(value)) return extreme(doc, field, collation);
  return value ?? null;
}

function extreme(doc: Doc, field: SortField, collation: Collation | undefined): MaybeValue {
  const values: MaybeValue[] = [];
  collectKeys(doc, field.parts, 0, values);
  let best: MaybeValue = values.length === 0 ? null : values[0];
  for (let i = 1; i < values.length; i++) {
    if (compareValues(values[i], best, collation) * field.direction < 0) best = values[i];
  }
  return best;
}

// The values an index on the path would hold; an empty array counts as less than null.
function collectKeys(value: MaybeValue, parts: readonly string[], at: number, into: MaybeValue[]): void {
  if (at === parts.length) {
    if (!Array.isArray(value)) into.push(value ?? null);
    else if (value.length === 0) into.push(undefined);
    else into.push(...value);
    return;
  }
  if (value instanceof Doc) {
    collectKeys(value.get(parts[at]!), parts, at + 1, into);
  } else if (Array.isArray(value)) {
    collectFromArray(value, parts, at, into);
  } else {
    into.push(null);
  }
}

function collectFromArray(array: readonly Value[], parts: readonly string[], at: number, into: MaybeValue[]): void {
  const part = parts[at]!;
  if (isIndex(part) && Number(part) < array.length && !array.some((item) => item instanceof Doc && item.has(part))) {
    const item = array[Number(part)]!;
    if (at + 1 === parts.length) into.push(item);
    else collectKeys(item, parts, at + 1, into);
    return;
  }
  if (array.length === 0) into.push(null);
  for (const item of array) {
    if (item instanceof Doc) collectKeys(item, parts, at, into);
    else into.push(null);
  }
}
