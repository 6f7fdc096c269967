import { Doc, intern } from '../bson/index.ts';
import type { MaybeValue, Value } from '../bson/index.ts';

/** Where a match was found: the index in the outermost array on the way, −1 when there was none. */
export interface MatchDetails {
  index: number;
}

/** Decides on one value at the end of a path; undefined stands for "no such field". */
export type ValueTest = (value: MaybeValue, details: MatchDetails | null) => boolean;

const INDEX = /^(0|[1-9]\d*)$/;

/** Whether a path component can be an array index. */
export function isIndex(part: string): boolean {
  return INDEX.test(part);
}

/** A dotted path, prepared for following it through documents and arrays as queries do. */
export interface FieldPath {
  readonly text: string;
  readonly parts: readonly string[];
}

export function fieldPath(text: string): FieldPath {
  return { text, parts: text.split('.').map(intern) };
}

/**
 * Whether any value the path leads to passes the test. Arrays on the way are looked into (one level each); an array at
 * the end is tested element by element and then as a whole, unless `expand` is false.
 */
export function anyAtPath(
  doc: Doc,
  path: FieldPath,
  expand: boolean,
  test: ValueTest,
  details: MatchDetails | null,
): boolean {
  const { parts } = path;
  if (parts.length === 1) {
    const value = doc.get(parts[0]!);
    return Array.isArray(value) ? testLeafArray(value, expand, test, details, -1) : test(value, details);
  }
  return walk(doc, parts, 0, expand, test, details, -1);
}

function found(details: MatchDetails | null, index: number): true {
  if (details !== null && index >= 0) details.index = index;
  return true;
}

function testLeafArray(
  array: readonly Value[],
  expand: boolean,
  test: ValueTest,
  details: MatchDetails | null,
  outer: number,
): boolean {
  if (expand) {
    for (let i = 0; i < array.length; i++) {
      if (test(array[i], details)) return found(details, outer >= 0 ? outer : i);
    }
  }
  return test(array as Value[], details) && found(details, outer);
}

function walk(
  start: Doc,
  parts: readonly string[],
  from: number,
  expand: boolean,
  test: ValueTest,
  details: MatchDetails | null,
  outer: number,
): boolean {
  let value: MaybeValue = start;
  let at = from;
  while (at < parts.length) {
    if (value instanceof Doc) {
      value = value.get(parts[at]!);
      at++;
    } else if (Array.isArray(value)) {
      return walkArray(value, parts, at, expand, test, details, outer, false);
    } else {
      return test(undefined, details) && found(details, outer);
    }
  }
  if (Array.isArray(value)) return testLeafArray(value, expand, test, details, outer);
  return test(value, details) && found(details, outer);
}

function walkArray(
  array: readonly Value[],
  parts: readonly string[],
  at: number,
  expand: boolean,
  test: ValueTest,
  details: MatchDetails | null,
  outer: number,
  viaIndex: boolean,
): boolean {
  const part = parts[at]!;
  const numeric = INDEX.test(part);
  const wanted = numeric ? Number(part) : -1;
  let entered = viaIndex;
  for (let i = 0; i < array.length; i++) {
    const item = array[i]!;
    const index = outer >= 0 ? outer : i;
    if (item instanceof Doc) {
      entered = true;
      if (walk(item, parts, at, expand, test, details, index)) return true;
    } else if (!numeric && !Array.isArray(item)) {
      entered = true;
      if (test(undefined, details)) return found(details, index);
    }
    if (i === wanted) {
      entered = true;
      // The index named in the path says nothing for the positional operator.
      if (walkElement(item, parts, at + 1, expand, test, details, outer)) return true;
    }
  }
  // An array that offered nothing to look at counts as one without the field.
  return !entered && test(undefined, details) && found(details, outer);
}

// The element that an index in the path names. At the end of the path it is taken as it is, without looking into it.
function walkElement(
  item: Value,
  parts: readonly string[],
  at: number,
  expand: boolean,
  test: ValueTest,
  details: MatchDetails | null,
  index: number,
): boolean {
  if (at === parts.length) return test(item, details) && found(details, index);
  if (Array.isArray(item)) return walkArray(item, parts, at, expand, test, details, index, true);
  if (item instanceof Doc) return walk(item, parts, at, expand, test, details, index);
  return test(undefined, details) && found(details, index);
}

/** All values at a path as `distinct` sees them: arrays on the way and at the end are opened. */
export function valuesAtPath(doc: Doc, path: FieldPath): Value[] {
  const values: Value[] = [];
  const { parts } = path;
  collect(doc, parts, 0, values);
  return values;
}

function collect(value: MaybeValue, parts: readonly string[], at: number, into: Value[]): void {
  if (value === undefined) return;
  if (at === parts.length) {
    if (Array.isArray(value)) into.push(...value);
    else into.push(value);
  } else if (value instanceof Doc) {
    collect(value.get(parts[at]!), parts, at + 1, into);
  } else if (Array.isArray(value)) {
    const part = parts[at]!;
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!;
      if (item instanceof Doc) collect(item, parts, at, into);
      if (INDEX.test(part) && Number(part) === i) {
        collect(item, parts, at + 1, into);
      }
    }
  }
}
