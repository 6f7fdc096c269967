import { FarDate, millisecondsOf, typeOf } from '../bson/index.ts';
import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  MaybeValue,
  NumberValue,
  ObjectId,
  Timestamp,
  Value,
  Doc,
  DbPointer,
} from '../bson/index.ts';
import type { Collation } from './collation.ts';
import { compareNumbers } from './numbers.ts';

/** Where each BSON type stands in MongoDB's comparison order; no value stands between MinKey and null. */
const ORDER: Record<number, number> = {
  255: 2,
  6: 3,
  10: 5,
  1: 10,
  16: 10,
  18: 10,
  19: 10,
  2: 15,
  14: 15,
  3: 20,
  4: 25,
  5: 30,
  7: 35,
  8: 40,
  9: 45,
  17: 47,
  11: 50,
  12: 55,
  13: 60,
  15: 65,
  127: 127,
};

/** The place of the value's type in the comparison order; numbers of all types share one. */
export function orderOf(value: MaybeValue): number {
  switch (typeof value) {
    case 'number':
      return 10;
    case 'string':
      return 15;
    case 'undefined':
      return 3;
    default:
      return ORDER[typeOf(value)]!;
  }
}

/** Compares two values in MongoDB's order: negative, zero or positive. */
export function compareValues(a: MaybeValue, b: MaybeValue, collation?: Collation): number {
  if (typeof a === 'number' && typeof b === 'number')
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b, collation);
  const x = orderOf(a);
  const y = orderOf(b);
  return x === y ? compareSameOrder(a as Value, b as Value, x, collation) : x - y;
}

/** Whether two values are the same for queries: numbers by value over all types, documents field by field in order. */
export function equalValues(a: MaybeValue, b: MaybeValue, collation?: Collation): boolean {
  return a === b || compareValues(a, b, collation) === 0;
}

function compareStrings(a: string, b: string, collation: Collation | undefined): number {
  if (a === b) return 0;
  if (collation) return collation.compare(a, b);
  return compareCodePoints(a, b);
}

// UTF-16 order differs from UTF-8 byte order only where a surrogate meets a character above the surrogates.
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      const highX = x >= 0xd800 && x <= 0xdfff;
      const highY = y >= 0xd800 && y <= 0xdfff;
      return highX === highY ? x - y : highX ? 1 : -1;
    }
  }
  return a.length - b.length;
}

function compareSameOrder(a: Value, b: Value, order: number, collation: Collation | undefined): number {
  switch (order) {
    case 10:
      return compareNumbers(a as NumberValue, b as NumberValue);
    case 15:
      return compareStrings(textOf(a), textOf(b), collation);
    case 20:
      return compareDocs(a as Doc, b as Doc, collation);
    case 25:
      return compareArrays(a as Value[], b as Value[], collation);
    case 30:
      return compareBinaries(a as Binary, b as Binary);
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return compareDates(a as Date, b as Date);
    case 47:
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case 50: {
      const x = a as BSONRegExp;
      const y = b as BSONRegExp;
      return compareCodePoints(x.pattern, y.pattern) || compareCodePoints(x.options, y.options);
    }
    case 55:
      return comparePointers(a as DbPointer, b as DbPointer);
    case 60:
    case 65:
      return compareCodePoints((a as Code).code, (b as Code).code);
    default:
      return 0;
  }
}

const textOf = (value: Value): string => (typeof value === 'string' ? value : (value as BSONSymbol).value);

function compareDocs(a: Doc, b: Doc, collation: Collation | undefined): number {
  if (a === b) return 0;
  const length = Math.min(a.values.length, b.values.length);
  for (let i = 0; i < length; i++) {
    const x = a.values[i]!;
    const y = b.values[i]!;
    const types = orderOf(x) - orderOf(y);
    if (types !== 0) return types;
    const names = compareCodePoints(a.keys[i]!, b.keys[i]!);
    if (names !== 0) return names;
    const result = compareValues(x, y, collation);
    if (result !== 0) return result;
  }
  return a.values.length - b.values.length;
}

function compareArrays(a: readonly Value[], b: readonly Value[], collation: Collation | undefined): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const result = compareValues(a[i]!, b[i]!, collation);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  if (a.position !== b.position) return a.position - b.position;
  if (a.sub_type !== b.sub_type) return a.sub_type - b.sub_type;
  return Buffer.compare(a.buffer.subarray(0, a.position), b.buffer.subarray(0, b.position));
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.t - b.t || a.i - b.i;
}

function comparePointers(a: DbPointer, b: DbPointer): number {
  return compareCodePoints(a.namespace, b.namespace) || Buffer.compare(a.id.id, b.id.id);
}

function compareDates(a: Date, b: Date): number {
  if (!(a instanceof FarDate) && !(b instanceof FarDate)) return a.getTime() - b.getTime();
  const [x, y] = [millisecondsOf(a), millisecondsOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
