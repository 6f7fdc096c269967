import { Doc, isDecimal, isLong, isNumber, typeOf } from '../bson/index.ts';
import type { MaybeValue } from '../bson/index.ts';
import { compareValues } from './compare.ts';
import { numberOf } from './numbers.ts';

/** Whether two values are the same down to their types and bytes: 1 and 1.0 differ here. */
export function identicalValues(a: MaybeValue, b: MaybeValue): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (typeOf(a) !== typeOf(b)) return false;
  if (a instanceof Doc && b instanceof Doc) {
    return (
      a.size === b.size && a.keys.every((key, i) => key === b.keys[i] && identicalValues(a.values[i], b.values[i]))
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => identicalValues(item, b[i]));
  }
  if (isDecimal(a) && isDecimal(b)) return Buffer.compare(a.bytes, b.bytes) === 0;
  if (isLong(a) || !isNumber(a)) return compareValues(a, b) === 0;
  return Object.is(numberOf(a), numberOf(b as typeof a));
}
