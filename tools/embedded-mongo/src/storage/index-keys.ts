import { Doc, type MaybeValue, type Value } from '../bson/index.ts';
import { encodeKey, fieldPath, MongoError, tokenize, valuesAtPath, type TextFields } from '../engine/index.ts';
import { encodeEmptyArray, encodeField } from './key-encoding.ts';
import type { IndexField, IndexSpec } from './index-spec.ts';

/** The encoded keys of one document in one index, without repetition. */
export interface KeySet {
  readonly keys: readonly string[];
  /** Per key field whether an array stands on its path; null when none does. */
  readonly multikey: readonly boolean[] | null;
}

const NO_KEYS: KeySet = { keys: [], multikey: null };
const NUMERIC = /^(0|[1-9]\d*)$/;

/** Where a key field has got to while its path is followed through a document. */
interface Cursor {
  readonly value: MaybeValue;
  readonly at: number;
  /** An element of an array on which the path ended: taken as it is, even when it is an array itself. */
  readonly settled: boolean;
}

/**
 * Computes the keys under which a document stands in an index.
 * @throws MongoError 171 when two fields of the key hold arrays that are not the same.
 */
export function extractKeys(spec: IndexSpec, doc: Doc): KeySet {
  if (spec.includes !== null && !spec.includes(doc)) return NO_KEYS;
  if (spec.text !== null) return textKeys(spec.text, doc);
  const { fields } = spec;
  let key = '';
  let missing = 0;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as IndexField;
    let value: MaybeValue = doc;
    for (const part of field.parts) {
      if (value instanceof Doc) value = value.get(part);
      else if (Array.isArray(value)) return extractMultikey(spec, doc);
      else value = undefined;
    }
    if (Array.isArray(value)) return extractMultikey(spec, doc);
    if (value === undefined) missing += 1;
    key += encodeField(value, field.descending, spec.collation);
  }
  if (spec.sparse && missing === fields.length) return NO_KEYS;
  return { keys: [key], multikey: null };
}

/** One key for each different word stem; as several words lead to one document, the index counts as multikey. */
function textKeys(text: TextFields, doc: Doc): KeySet {
  const keys = new Set<string>();
  for (const path of text.weights.keys()) {
    for (const value of valuesAtPath(doc, fieldPath(path))) {
      if (typeof value !== 'string') continue;
      for (const token of tokenize(value, text.defaultLanguage)) keys.add(encodeKey(token));
    }
  }
  return { keys: [...keys], multikey: [true] };
}

function extractMultikey(spec: IndexSpec, doc: Doc): KeySet {
  const keys = new Set<string>();
  const multikey = expandAll(spec, doc, (key) => keys.add(key));
  // In order, so that of several keys that are taken the first is told.
  return { keys: [...keys].sort(), multikey };
}

/** The values behind one key of the document, for messages about it; null when it does not have that key. */
export function valuesOfKey(spec: IndexSpec, doc: Doc, key: string): readonly Value[] | null {
  let found: readonly Value[] | null = null;
  expandAll(spec, doc, (candidate, values) => {
    if (candidate === key) found ??= values;
  });
  return found;
}

type Emit = (key: string, values: readonly Value[]) => void;

function expandAll(spec: IndexSpec, doc: Doc, emit: Emit): boolean[] {
  const multikey = spec.fields.map(() => false);
  const start = spec.fields.map(() => ({ value: doc, at: 0, settled: false }));
  expand(start, spec, multikey, emit);
  return multikey;
}

function expand(cursors: readonly Cursor[], spec: IndexSpec, multikey: boolean[], emit: Emit): void {
  const { fields } = spec;
  const moved = cursors.map((cursor, i) => advance(cursor, (fields[i] as IndexField).parts));
  let array: readonly Value[] | null = null;
  let arrayField = '';
  moved.forEach((cursor, i) => {
    if (cursor.settled || !Array.isArray(cursor.value)) return;
    const { path } = fields[i] as IndexField;
    if (array !== null && array !== cursor.value) {
      throw new MongoError(171, `cannot index parallel arrays [${path}] [${arrayField}]`);
    }
    array = cursor.value;
    arrayField = path;
    multikey[i] = true;
  });
  const elements: readonly Value[] = array ?? [];
  if (elements.length === 0) {
    emitKey(moved, spec, emit);
    return;
  }
  for (const element of elements) {
    const next = moved.map((cursor, i) => {
      if (cursor.settled || cursor.value !== elements) return cursor;
      if (cursor.at === (fields[i] as IndexField).parts.length) return { value: element, at: cursor.at, settled: true };
      return { value: element instanceof Doc ? element : undefined, at: cursor.at, settled: false };
    });
    expand(next, spec, multikey, emit);
  }
}

/** Follows the path until it ends or meets an array that has to be expanded. */
function advance(cursor: Cursor, parts: readonly string[]): Cursor {
  if (cursor.settled) return cursor;
  let { value, at } = cursor;
  while (at < parts.length) {
    const part = parts[at] as string;
    if (value instanceof Doc) value = value.get(part);
    else if (Array.isArray(value)) {
      if (!NUMERIC.test(part)) break;
      value = value[Number(part)];
    } else value = undefined;
    at += 1;
  }
  return { value, at, settled: false };
}

function emitKey(cursors: readonly Cursor[], spec: IndexSpec, emit: Emit): void {
  let key = '';
  let missing = 0;
  const values = cursors.map((cursor, i): Value => {
    const { descending, parts } = spec.fields[i] as IndexField;
    if (!cursor.settled && Array.isArray(cursor.value)) {
      // An empty array: its own key when the path ends there, a missing value when it goes on.
      if (cursor.at === parts.length) key += encodeEmptyArray(descending);
      else key += encodeField(undefined, descending, spec.collation);
      return null;
    }
    if (cursor.value === undefined) missing += 1;
    key += encodeField(cursor.value, descending, spec.collation);
    return cursor.value ?? null;
  });
  if (spec.sparse && missing === cursors.length) return;
  emit(key, values);
}
