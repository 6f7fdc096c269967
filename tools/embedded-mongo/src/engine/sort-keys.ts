import { Doc } from '../bson/index.ts';
import type { MaybeValue, Value } from '../bson/index.ts';
import { MongoError } from './errors.ts';
import { isIndex } from './path.ts';

/** The element that an index in a path names, with what the path leads to below it. */
interface Positional {
  readonly value: MaybeValue;
  readonly at: number;
  /** Whether it is an array inside an array; such an array is a value as a whole. */
  readonly nested: boolean;
}

interface Fields {
  readonly paths: readonly (readonly string[])[];
  readonly emit: (keys: MaybeValue[]) => void;
}

/** Marks a field whose value is known. */
const FIXED = -1;

/**
 * Gives every combination of values that a document sorts by: each element of an array in turn, several fields of the
 * same array together. A missing field is null, an empty array less than null.
 * @throws MongoError BadValue when two different arrays are in the way.
 */
export function expandSortKeys(
  doc: Doc,
  paths: readonly (readonly string[])[],
  emit: (keys: MaybeValue[]) => void,
): void {
  const none = paths.map(() => undefined);
  expand(
    { paths, emit },
    doc,
    paths.map(() => 0),
    none,
    none,
  );
}

function expand(
  fields: Fields,
  doc: Doc | undefined,
  at: readonly number[],
  values: readonly MaybeValue[],
  positional: readonly (Positional | undefined)[],
): void {
  const { paths } = fields;
  const nextAt = at.slice();
  const fixed = values.slice();
  const through: number[] = [];
  let array: Value[] | undefined;
  let nested = false;
  for (let i = 0; i < paths.length; i++) {
    if (at[i] === FIXED) continue;
    const found = nextElement(doc, paths[i]!, at[i]!, positional[i]);
    if (Array.isArray(found.value)) {
      if (array !== undefined && array !== found.value) {
        throw new MongoError(2, 'cannot sort with keys that are parallel arrays');
      }
      array = found.value;
      nested ||= found.nested;
      through.push(i);
      nextAt[i] = found.at;
    } else {
      fixed[i] = found.value ?? null;
      nextAt[i] = FIXED;
    }
  }
  if (array === undefined) fields.emit(fixed);
  else if (array.length === 0)
    expandElement(
      fields,
      undefined,
      nextAt,
      fixed,
      through,
      paths.map(() => undefined),
    );
  else expandArray(fields, array, nested, nextAt, fixed, through);
}

function expandArray(
  fields: Fields,
  array: Value[],
  nested: boolean,
  at: readonly number[],
  values: readonly MaybeValue[],
  through: readonly number[],
): void {
  const positional = fields.paths.map((parts, i): Positional | undefined => {
    const position = at[i]!;
    if (position === FIXED || position === parts.length) return undefined;
    const part = parts[position]!;
    if (!isIndex(part) || Number(part) >= array.length) return undefined;
    const item = array[Number(part)];
    return follow(item, parts, position + 1, Array.isArray(item));
  });
  for (const item of array) expandElement(fields, item, at, values, through, positional, nested ? array : item);
}

function expandElement(
  fields: Fields,
  item: MaybeValue,
  at: readonly number[],
  values: readonly MaybeValue[],
  through: readonly number[],
  positional: readonly (Positional | undefined)[],
  key: MaybeValue = item,
): void {
  const nextAt = at.slice();
  const fixed = values.slice();
  for (const i of through) {
    if (at[i] !== fields.paths[i]!.length) continue;
    fixed[i] = key;
    nextAt[i] = FIXED;
  }
  expand(fields, item instanceof Doc ? item : undefined, nextAt, fixed, positional);
}

function nextElement(
  doc: Doc | undefined,
  parts: readonly string[],
  at: number,
  positional: Positional | undefined,
): Positional {
  if (doc?.has(parts[at]!)) {
    if (!positional) return follow(doc, parts, at);
    throw new MongoError(
      16746,
      'Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: ' +
        `'${parts.slice(at).join('.')}'`,
    );
  }
  return positional ?? { value: undefined, at: parts.length, nested: false };
}

/** Follows a path through documents, up to its end or the first array. */
function follow(start: MaybeValue, parts: readonly string[], from: number, nested = false): Positional {
  let value = start;
  let at = from;
  while (at < parts.length) {
    if (Array.isArray(value)) return { value, at, nested };
    value = value instanceof Doc ? value.get(parts[at]!) : undefined;
    at++;
  }
  return { value, at, nested };
}
