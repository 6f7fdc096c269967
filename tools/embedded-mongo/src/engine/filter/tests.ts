import { BsonType, Doc, isBinary, isDecimal, isNumber, isRegExp, typeNameOfCode, typeOf } from '../../bson/index.ts';
import type { BSONRegExp, BSONSymbol, MaybeValue, Value } from '../../bson/index.ts';
import type { Collation } from '../collation.ts';
import { compareValues, equalValues, orderOf } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { formatElement } from '../format.ts';
import { encodeKey } from '../keys.ts';
import { bigintOfLong, compareNumbers, integralOf, numberOf } from '../numbers.ts';
import type { ValueTest } from '../path.ts';
import { compileRegex } from './regex.ts';

/** Equality with a value; null also equals a missing field. */
export function equalTest(wanted: Value, collation: Collation | undefined): ValueTest {
  if (wanted === null) return (value) => value === null || value === undefined;
  if (typeof wanted === 'string' && !collation)
    return (value) => value === wanted || (isSymbol(value) && value.value === wanted);
  if (typeof wanted === 'number' && !Number.isNaN(wanted)) {
    return (value) =>
      typeof value === 'number' ? value === wanted : isNumber(value) && compareNumbers(value, wanted) === 0;
  }
  const order = orderOf(wanted);
  return (value) => value !== undefined && orderOf(value) === order && compareValues(value, wanted, collation) === 0;
}

const isSymbol = (value: MaybeValue): value is BSONSymbol =>
  typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'BSONSymbol';

export type Inequality = '$gt' | '$gte' | '$lt' | '$lte';

const ACCEPTS: Record<Inequality, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

/** An inequality: only values of the same kind compare, except with MinKey and MaxKey. */
export function inequalityTest(operator: Inequality, bound: Value, collation: Collation | undefined): ValueTest {
  const accepts = ACCEPTS[operator];
  if (bound === null) return operator === '$gte' || operator === '$lte' ? equalTest(null, collation) : () => false;
  const order = orderOf(bound);
  if (order === 2 || order === 127) return (value) => accepts(compareValues(value ?? null, bound));
  if (isNumber(bound)) {
    const limit = numberOf(bound);
    if (Number.isNaN(limit)) {
      return accepts(0) ? (value) => isNumber(value) && Number.isNaN(numberOf(value)) : () => false;
    }
    if (typeof bound === 'number') return numberInequality(operator, bound);
    return (value) => isNumber(value) && !Number.isNaN(numberOf(value)) && accepts(compareNumbers(value, bound));
  }
  return (value) => value !== undefined && orderOf(value) === order && accepts(compareValues(value, bound, collation));
}

function numberInequality(operator: Inequality, limit: number): ValueTest {
  const accepts = ACCEPTS[operator];
  const other = (value: MaybeValue): boolean =>
    isNumber(value) && !Number.isNaN(numberOf(value)) && accepts(compareNumbers(value, limit));
  switch (operator) {
    case '$gt':
      return (value) => (typeof value === 'number' ? value > limit : other(value));
    case '$gte':
      return (value) => (typeof value === 'number' ? value >= limit : other(value));
    case '$lt':
      return (value) => (typeof value === 'number' ? value < limit : other(value));
    default:
      return (value) => (typeof value === 'number' ? value <= limit : other(value));
  }
}

/** A regular expression matches strings, and the same regular expression as a value. */
export function regexTest(regex: BSONRegExp): ValueTest {
  const compiled = compileRegex(regex.pattern, regex.options);
  return (value) =>
    typeof value === 'string'
      ? compiled.test(value)
      : isSymbol(value)
        ? compiled.test(value.value)
        : isRegExp(value) && equalValues(value, regex);
}

/** `$in`: any of the values; regular expressions among them match strings. */
export function inTest(values: readonly Value[], collation: Collation | undefined): ValueTest {
  const patterns: ValueTest[] = [];
  const plain: Value[] = [];
  for (const value of values) {
    if (isRegExp(value)) patterns.push(regexTest(value));
    else plain.push(value);
  }
  const base =
    plain.length <= 4 ? anyTest(plain.map((value) => equalTest(value, collation))) : keyTest(plain, collation);
  return patterns.length === 0 ? base : anyTest([base, ...patterns]);
}

function anyTest(tests: readonly ValueTest[]): ValueTest {
  if (tests.length === 1) return tests[0]!;
  return (value, details) => tests.some((test) => test(value, details));
}

function keyTest(values: readonly Value[], collation: Collation | undefined): ValueTest {
  if (!collation && values.every((value) => typeof value === 'string')) {
    const strings = new Set<MaybeValue>(values);
    return (value) => strings.has(isSymbol(value) ? value.value : value);
  }
  const keys = new Set(values.map((value) => encodeKey(value, collation)));
  return (value) => keys.has(encodeKey(value, collation));
}

/** `$mod: [divisor, remainder]` on the integral part of numbers. */
export function modTest(argument: Value): ValueTest {
  if (!Array.isArray(argument)) throw new MongoError(2, 'malformed mod, needs to be an array');
  if (argument.length < 2) throw new MongoError(2, 'malformed mod, not enough elements');
  if (argument.length > 2) throw new MongoError(2, 'malformed mod, too many elements');
  const [divisor, remainder] = argument as [Value, Value];
  if (!isNumber(divisor)) throw new MongoError(2, 'malformed mod, divisor not a number');
  if (!isNumber(remainder)) throw new MongoError(2, 'malformed mod, remainder not a number');
  const by = truncated(divisor);
  const rest = truncated(remainder);
  if (by === undefined || rest === undefined) throw new MongoError(2, 'malformed mod, divisor value is invalid');
  if (by === 0n) throw new MongoError(2, 'divisor cannot be 0');
  return (value) => {
    if (!isNumber(value)) return false;
    if (typeof value === 'number' && Number.isInteger(value)) return value % Number(by) === Number(rest);
    const whole = truncated(value);
    return whole !== undefined && whole % by === rest;
  };
}

function truncated(value: Value): bigint | undefined {
  if (!isNumber(value)) return undefined;
  if (typeof value === 'object' && value._bsontype === 'Long') return bigintOfLong(value);
  const number = numberOf(value);
  if (!Number.isFinite(number) || Math.abs(number) >= 2 ** 63) return undefined;
  return integralOf(value) ?? BigInt(Math.trunc(number));
}

const TYPE_ALIASES = new Map<string, number>(Object.entries(BsonType));

/** `$type` with names, numbers or a list of both. */
export function typeTest(argument: Value, field: string): ValueTest {
  const codes = new Set<number>();
  const list = Array.isArray(argument) ? argument : [argument];
  if (list.length === 0) throw new MongoError(9, `${field} must match at least one type`);
  for (const item of list) for (const code of typeCodes(item)) codes.add(code);
  return (value) => value !== undefined && codes.has(typeOf(value));
}

function typeCodes(type: Value): number[] {
  if (type === 'number') return [1, 16, 18, 19];
  if (typeof type === 'string') {
    const code = TYPE_ALIASES.get(type);
    if (code === undefined) throw new MongoError(2, `Unknown type name alias: ${type}`);
    return [code];
  }
  if (!isNumber(type)) throw new MongoError(14, 'type must be represented as a number or a string');
  const code = numberOf(type);
  if (code === -1) return [255];
  if (typeNameOfCode(code) === 'unknown')
    throw new MongoError(2, `Invalid numerical type code: ${formatElement('', type).slice(2)}`);
  return [code];
}

/** A whole number that an operator's argument must be. */
export function wholeNumber(operator: string, value: Value, negativeAllowed = false): number {
  const shown = formatElement(operator, value);
  if (!isNumber(value)) throw new MongoError(2, `Failed to parse ${operator}. Expected a number in: ${shown}`);
  const whole = integralOf(value);
  if (whole === undefined) throw new MongoError(2, `Failed to parse ${operator}. Expected an integer: ${shown}`);
  if (whole < 0n && !negativeAllowed) {
    throw new MongoError(2, `Failed to parse ${operator}. Expected a non-negative number in: ${shown}`);
  }
  return Number(whole);
}

export type BitOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear';

/** The bit tests on integers and binary data. */
export function bitTest(operator: BitOperator, argument: Value, field: string): ValueTest {
  const positions = bitPositions(operator, argument, field);
  const set = operator.endsWith('Set');
  const all = operator.includes('All');
  return (value) => {
    const bits = bitsOf(value);
    if (bits === undefined) return false;
    return all ? positions.every((p) => bits(p) === set) : positions.some((p) => bits(p) === set);
  };
}

function bitsOf(value: MaybeValue): ((position: number) => boolean) | undefined {
  if (isBinary(value)) {
    const bytes = value.buffer.subarray(0, value.position);
    return (position) => ((bytes[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  }
  if (!isNumber(value) || isDecimal(value)) return undefined;
  const whole = integralOf(value);
  return whole === undefined ? undefined : (position) => ((whole >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}

function bitPositions(operator: string, argument: Value, field: string): number[] {
  if (Array.isArray(argument)) return argument.map((item) => wholeNumber(operator, item));
  if (!isBinary(argument) && !isNumber(argument)) {
    throw new MongoError(
      2,
      `${field} takes an Array, a number, or a BinData but received: ${formatElement(operator, argument)}`,
    );
  }
  if (isNumber(argument) && numberOf(argument) < 0) {
    throw new MongoError(9, `Expected a non-negative number in: ${formatElement(operator, argument)}`);
  }
  if (isNumber(argument)) wholeNumber(operator, argument);
  const bits = bitsOf(argument)!;
  const count = isBinary(argument) ? argument.position * 8 : 63;
  return Array.from({ length: count }, (_, i) => i).filter(bits);
}

/** An array as a document whose field names are the indexes; how queries see arrays inside `$elemMatch`. */
export function arrayAsDoc(array: readonly Value[]): Doc {
  return new Doc(
    array.map((_, i) => String(i)),
    array.slice(),
  );
}
