import { isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value, Doc } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { shift } from '../expr/date-arithmetic.ts';
import { add } from '../expr/math.ts';
import { UTC } from '../expr/timezone.ts';
import { formatValue } from '../format.ts';
import { integralOf, numberOf } from '../numbers.ts';
import type { Sort } from '../sort.ts';

/** Which documents of a sorted partition belong to the window of each: from (inclusive) to (exclusive). */
export interface Bounds {
  rangesOf(docs: readonly Doc[]): (index: number) => readonly [from: number, to: number];
  /** The unit of a range by time. */
  readonly unit: Unit | undefined;
}

export type Unit = 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'month' | 'quarter' | 'year';

type Bound = 'unbounded' | 'current' | NumberValue;

const WHOLE: Bounds = { rangesOf: (docs) => () => [0, docs.length], unit: undefined };

/** Reads a window; without one, the whole partition. */
export function parseBounds(window: Doc | undefined, sort: Sort | undefined): Bounds {
  if (!window || window.size === 0) return WHOLE;
  for (const key of window.keys) {
    if (!['documents', 'range', 'unit'].includes(key)) {
      throw new MongoError(9, `'window' field that contains an unknown option: ${key}`);
    }
  }
  const documents = window.get('documents');
  const range = window.get('range');
  const unit = window.get('unit');
  if (documents !== undefined && range !== undefined) {
    throw new MongoError(9, "Window bounds can specify either 'documents' or 'range', not both.");
  }
  if (documents !== undefined) {
    if (unit !== undefined) throw new MongoError(9, "Window bounds can only specify 'unit' with range-based bounds.");
    return documentBounds(boundsOf(documents, 'documents'), sort);
  }
  if (range === undefined) return { ...WHOLE, unit: unitOf(unit) };
  return rangeBounds(boundsOf(range, 'range'), unitOf(unit), sort);
}

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

export function unitOf(value: MaybeValue): Unit | undefined {
  if (value === undefined) return undefined;
  const unit = UNITS.find((name) => name === value);
  if (unit) return unit;
  throw new MongoError(9, `unknown time unit value: ${typeof value === 'string' ? value : formatValue(value)}`);
}

function boundsOf(value: Value, kind: string): readonly [Bound, Bound] {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new MongoError(9, `Window bounds must be a 2-element array: ${kind}: ${formatValue(value)}`);
  }
  const [low, high] = value.map(boundOf) as [Bound, Bound];
  return [low, high];
}

function boundOf(value: Value): Bound {
  if (value === 'unbounded' || value === 'current' || isNumber(value)) return value;
  throw new MongoError(9, "Window bounds must be 'unbounded', 'current', or a number.");
}

function documentBounds([low, high]: readonly [Bound, Bound], sort: Sort | undefined): Bounds {
  const offset = (bound: Bound, open: number): number => {
    if (bound === 'unbounded') return open;
    if (bound === 'current') return 0;
    const whole = integralOf(bound);
    if (whole === undefined) throw new MongoError(9, `Numeric document-based bounds must be an integer`);
    return Number(whole);
  };
  const from = offset(low, -Infinity);
  const to = offset(high, Infinity);
  if (from > to) throw new MongoError(5339900, `Lower bound must not exceed upper bound: [${from}, ${to}]`);
  if (!sort && (from !== -Infinity || to !== Infinity))
    throw new MongoError(5339901, 'Document-based bounds require a sortBy');
  return {
    unit: undefined,
    rangesOf: (docs) => (index) => {
      const first = Math.min(Math.max(0, index + from), docs.length);
      return [first, Math.max(first, Math.min(docs.length, index + to + 1))];
    },
  };
}

function rangeBounds([low, high]: readonly [Bound, Bound], unit: Unit | undefined, sort: Sort | undefined): Bounds {
  const field = sort?.fields[0];
  if (!sort || !field || sort.fields.length !== 1) {
    throw new MongoError(5339902, 'Range-based bounds require sortBy a single field');
  }
  if (field.direction !== 1) throw new MongoError(8947401, 'Range-based bounds require a non-descending sortBy');
  return {
    unit,
    rangesOf: (docs) => {
      const values = docs.map((doc) => sort.keysOf(doc)[0]);
      for (const value of values) checkRangeValue(value, unit);
      return (index) => {
        const from = low === 'unbounded' ? 0 : lowerIndex(values, limit(values[index], low, unit), false);
        const to = high === 'unbounded' ? values.length : lowerIndex(values, limit(values[index], high, unit), true);
        return [from, Math.max(from, to)];
      };
    },
  };
}

function checkRangeValue(value: MaybeValue, unit: Unit | undefined): void {
  if (unit === undefined) {
    if (!isNumber(value)) {
      throw new MongoError(
        5429414,
        `PartitionIterator: Invalid range: Expected the sortBy field to be a number, but it was ${typeName(value)}`,
      );
    }
  } else if (!(value instanceof Date)) {
    throw new MongoError(
      5429513,
      `PartitionIterator: Invalid range: Expected the sortBy field to be a Date, but it was ${typeName(value)}`,
    );
  }
}

function limit(value: MaybeValue, bound: Bound, unit: Unit | undefined): MaybeValue {
  if (!isNumber(bound)) return value;
  if (value instanceof Date) return new Date(shift(value.getTime(), unit!, numberOf(bound), UTC));
  return add(value as NumberValue, bound);
}

/** The first index whose value is not below the limit (or, with `after`, is above it). */
function lowerIndex(values: readonly MaybeValue[], wanted: MaybeValue, after: boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(values[middle], wanted);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
