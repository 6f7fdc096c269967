import { Doc, isNumber, isRegExp, BSONRegExp, type Value } from '../bson/index.ts';
import { encodeKey, numberOf, type Collation } from '../engine/index.ts';
import { regexPrefix } from '../engine/filter/regex.ts';
import { encodeEmptyArray } from '../storage/key-encoding.ts';
import {
  ABOVE,
  EVERYTHING,
  intersectionOf,
  isPoint,
  NOTHING,
  pointAt,
  startingWith,
  unionOf,
  type Interval,
  type IntervalSet,
} from './intervals.ts';

/** One condition of a filter on one path, as the keys that can satisfy it. */
export interface Bound {
  readonly path: string;
  readonly keys: IntervalSet;
  /** The keys tell everything about the condition: on values that are no arrays, nothing else has to be tested. */
  readonly exact: boolean;
}

/** What a filter says about index keys: all bounds hold, and of each list in `alternatives` at least one member. */
export interface FilterBounds {
  readonly bounds: readonly Bound[];
  readonly alternatives: readonly (readonly Doc[])[];
  /** The filter says nothing beyond its bounds. */
  readonly complete: boolean;
}

const NULL_KEY = encodeKey(null);
const isOperatorDoc = (value: Value): value is Doc =>
  value instanceof Doc &&
  value.size > 0 &&
  (value.keys[0] as string).startsWith('$') &&
  !['$ref', '$id', '$db'].includes(value.keys[0] as string);

/** Reads the conditions of a filter that an index can serve. The filter is known to be valid. */
export function filterBounds(filter: Doc, collation: Collation | undefined): FilterBounds {
  const bounds: Bound[] = [];
  const alternatives: (readonly Doc[])[] = [];
  let complete = true;
  const visit = (doc: Doc, prefix: string): void => {
    for (let i = 0; i < doc.keys.length; i++) {
      const key = doc.keys[i] as string;
      const value = doc.values[i] as Value;
      if (key === '$comment') continue;
      if (key === '$and' && Array.isArray(value)) {
        for (const clause of value) if (clause instanceof Doc) visit(clause, prefix);
      } else if (key === '$or' && Array.isArray(value) && prefix === '') {
        alternatives.push(value.filter((clause) => clause instanceof Doc));
        complete = false;
      } else if (key.startsWith('$')) {
        complete = false;
      } else {
        visitField(prefix + key, value);
      }
    }
  };
  const visitField = (path: string, value: Value): void => {
    if (!isOperatorDoc(value)) {
      bounds.push({ path, ...equality(value, collation) });
      return;
    }
    for (let i = 0; i < value.keys.length; i++) {
      const operator = value.keys[i] as string;
      const argument = value.values[i] as Value;
      if (operator === '$elemMatch' && argument instanceof Doc) {
        complete = false;
        if (isOperatorDoc(argument)) visitField(path, argument);
        else visit(argument, `${path}.`);
      } else if (operator === '$all' && Array.isArray(argument)) {
        complete = false;
        for (const item of argument) if (!isOperatorDoc(item)) bounds.push({ path, ...equality(item, collation) });
      } else {
        const bound = operatorBound(operator, argument, value, collation);
        if (bound === null) complete = false;
        else bounds.push({ path, ...bound });
      }
    }
  };
  visit(filter, '');
  return { bounds, alternatives, complete };
}

type Keys = Omit<Bound, 'path'>;

function equality(value: Value, collation: Collation | undefined): Keys {
  if (isRegExp(value)) return regexKeys(value, collation);
  if (Array.isArray(value)) {
    // An array is indexed by its elements; one that is an element itself stands as a whole.
    const first = value.length === 0 ? encodeEmptyArray(false) : encodeKey(value[0], collation);
    return { keys: unionOf([pointAt(first), pointAt(encodeKey(value, collation))]), exact: false };
  }
  return { keys: [pointAt(encodeKey(value, collation))], exact: value !== null };
}

function regexKeys(regex: BSONRegExp, collation: Collation | undefined): Keys {
  const prefix = collation === undefined ? regexPrefix(regex.pattern, regex.options) : undefined;
  const type = encodeKey('').slice(0, 1);
  const text = prefix === undefined || prefix.includes('\0') ? '' : Buffer.from(prefix, 'utf8').toString('latin1');
  return { keys: unionOf([startingWith(type + text), pointAt(encodeKey(regex))]), exact: false };
}

function operatorBound(operator: string, argument: Value, all: Doc, collation: Collation | undefined): Keys | null {
  switch (operator) {
    case '$eq':
      return isRegExp(argument)
        ? { keys: [pointAt(encodeKey(argument))], exact: false }
        : equality(argument, collation);
    case '$in': {
      if (!Array.isArray(argument)) return null;
      const parts = argument.map((item) => equality(item, collation));
      return { keys: unionOf(parts.flatMap((part) => part.keys)), exact: parts.every((part) => part.exact) };
    }
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return inequality(operator, argument, collation);
    case '$exists': {
      const wanted = isNumber(argument) ? numberOf(argument) !== 0 : argument !== false && argument !== null;
      return wanted ? null : { keys: [pointAt(NULL_KEY)], exact: false };
    }
    case '$regex': {
      const options = all.get('$options');
      if (isRegExp(argument)) return regexKeys(argument, collation);
      if (typeof argument !== 'string') return null;
      return regexKeys(new BSONRegExp(argument, typeof options === 'string' ? options : ''), collation);
    }
    default:
      return null;
  }
}

/** A comparison matches values of the argument's own kind only. */
function inequality(operator: string, argument: Value, collation: Collation | undefined): Keys | null {
  if (argument === null) {
    return { keys: operator === '$gte' || operator === '$lte' ? [pointAt(NULL_KEY)] : NOTHING, exact: false };
  }
  if (Array.isArray(argument) || isRegExp(argument)) return null;
  const key = encodeKey(argument, collation);
  const type = key.slice(0, 1);
  const first = encodeKey(null).slice(0, 1);
  // MinKey and MaxKey compare with every type, NaN with nothing but itself.
  if (type < first || type === encodeMaxType()) return null;
  if (isNumber(argument) && Number.isNaN(numberOf(argument))) return null;
  // NaN stands below all other numbers in the index, and no range of numbers matches it.
  const lowest = isNumber(argument) ? encodeKey(-Infinity) : type;
  const bracket: Interval = { from: lowest, to: type + ABOVE };
  const range: Interval =
    operator === '$gt'
      ? { from: key + ABOVE, to: bracket.to }
      : operator === '$gte'
        ? { from: key, to: bracket.to }
        : operator === '$lt'
          ? { from: bracket.from, to: key }
          : { from: bracket.from, to: key + ABOVE };
  return { keys: unionOf([range]), exact: true };
}

const encodeMaxType = (): string => '\x7f';

/** The keys of a path that satisfy all bounds on it; with arrays on the path, those of the narrowest bound alone. */
export function keysOfPath(
  bounds: readonly Bound[],
  path: string,
  multikey: boolean,
): { keys: IntervalSet; exact: boolean } {
  let keys: IntervalSet = EVERYTHING;
  let exact = !multikey;
  let narrowest: IntervalSet | null = null;
  for (const bound of bounds) {
    if (bound.path !== path) continue;
    exact &&= bound.exact;
    keys = intersectionOf(keys, bound.keys);
    if (narrowest === null || rank(bound.keys) < rank(narrowest)) narrowest = bound.keys;
  }
  return { keys: multikey ? (narrowest ?? EVERYTHING) : keys, exact };
}

/** Points before short ranges before open ones. */
function rank(set: IntervalSet): number {
  if (set.length === 0) return 0;
  return set.every(isPoint) ? set.length : 1000 + set.length;
}
