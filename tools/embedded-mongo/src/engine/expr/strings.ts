import { isDecimal, isNumber, isRegExp, isTimestamp, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileRegex } from '../filter/regex.ts';
import { formatValue } from '../format.ts';
import { integralOf } from '../numbers.ts';
import { binary, expression, nullish, parseArguments, unary, variadic } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { isoDate } from './date-parts.ts';
import { compileNamed, namedArguments } from './named.ts';
import { numberText } from './number-text.ts';

/** Text of a value for the string operators that take more than strings; null is the empty string. */
export function coerceToString(value: MaybeValue): string {
  if (typeof value === 'string') return value;
  if (nullish(value)) return '';
  if (isNumber(value)) return isDecimal(value) ? value.toString() : numberText(value);
  if (value instanceof Date) return isoDate(value);
  if (isTimestamp(value)) return `Timestamp(${value.t}, ${value.i})`;
  throw new MongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

const concat: Compiler = (argument, scope, operator) => {
  const parts = parseArguments(argument, scope, operator, 0, Infinity);
  return expression(parts, scope, () => {
    let text = '';
    for (const part of parts) {
      const value = part.run();
      if (nullish(value)) return null;
      if (typeof value !== 'string')
        throw new MongoError(16702, `$concat only supports strings, not ${typeName(value)}`);
      text += value;
    }
    return text;
  });
};

// Only ASCII letters change, as MongoDB has it.
const toUpper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());
const toLower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());

function int32(value: MaybeValue, fail: (reason: 'type' | 'range', value: MaybeValue) => MongoError): number {
  if (!isNumber(value)) throw fail('type', value);
  const whole = integralOf(value);
  if (whole === undefined || whole < -2147483648n || whole > 2147483647n) throw fail('range', value);
  return Number(whole);
}

function substrCP(value: MaybeValue, start: MaybeValue, length: MaybeValue): MaybeValue {
  const text = coerceToString(value);
  const from = int32(start, (reason, bad) =>
    reason === 'type'
      ? new MongoError(34450, `$substrCP: starting index must be a numeric type (is BSON type ${typeName(bad)})`)
      : new MongoError(
          34451,
          `$substrCP: starting index cannot be represented as a 32-bit integral value: ${formatValue(bad)}`,
        ),
  );
  const count = int32(length, (reason, bad) =>
    reason === 'type'
      ? new MongoError(34452, `$substrCP: length must be a numeric type (is BSON type ${typeName(bad)})`)
      : new MongoError(
          34453,
          `$substrCP: length cannot be represented as a 32-bit integral value: ${formatValue(bad)}`,
        ),
  );
  if (count < 0) throw new MongoError(34454, '$substrCP: length must be a nonnegative integer.');
  if (from < 0) throw new MongoError(34455, '$substrCP: the starting index must be nonnegative integer.');
  return [...text].slice(from, from + count).join('');
}

function substrBytes(value: MaybeValue, start: MaybeValue, length: MaybeValue): MaybeValue {
  const bytes = Buffer.from(coerceToString(value));
  if (!isNumber(start)) {
    throw new MongoError(
      16034,
      `$substrBytes:  starting index must be a numeric type (is BSON type ${typeName(start)})`,
    );
  }
  if (!isNumber(length))
    throw new MongoError(16035, `$substrBytes:  length must be a numeric type (is BSON type ${typeName(length)})`);
  const from = Number(integralOf(start) ?? 0n);
  const count = Number(integralOf(length) ?? 0n);
  if (from < 0) throw new MongoError(50752, `$substrBytes:  starting index must be non-negative (got: ${from})`);
  if (from >= bytes.length) return '';
  const end = count < 0 ? bytes.length : Math.min(bytes.length, from + count);
  const continues = (at: number): boolean => (bytes[at]! & 0xc0) === 0x80;
  if (continues(from)) {
    throw new MongoError(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.');
  }
  if (end < bytes.length && continues(end)) {
    throw new MongoError(28657, '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.');
  }
  return bytes.toString('utf8', from, end);
}

function length(operator: string, code: number, measure: (text: string) => number): Compiler {
  return unary((value) => {
    if (typeof value === 'string') return measure(value);
    throw new MongoError(code, `${operator} requires a string argument, found: ${typeName(value)}`);
  });
}

function split(value: MaybeValue, separator: MaybeValue): MaybeValue {
  if (nullish(value) || nullish(separator)) return null;
  if (typeof value !== 'string') {
    throw new MongoError(
      40085,
      `$split requires an expression that evaluates to a string as a first argument, found: ${typeName(value)}`,
    );
  }
  if (isRegExp(separator))
    return value.split(compileRegex(separator.pattern, separator.options)).map((part) => part ?? '');
  if (typeof separator !== 'string') {
    throw new MongoError(
      40086,
      `$split requires an expression that evaluates to a string or regular expression as a second argument, found: ${typeName(separator)}`,
    );
  }
  if (separator === '') throw new MongoError(40087, '$split requires a non-empty separator');
  return value.split(separator);
}

/** `$indexOfCP` and `$indexOfBytes`, which differ in the units they count. */
function indexOf(
  operator: string,
  codes: readonly [number, number],
  toUnits: (text: string) => readonly (string | number)[],
): Compiler {
  return variadic(2, 4, ([value, search, start, end]) => {
    if (nullish(value)) return null;
    if (typeof value !== 'string') {
      throw new MongoError(codes[0], `${operator} requires a string as the first argument, found: ${typeName(value)}`);
    }
    if (typeof search !== 'string') {
      throw new MongoError(
        codes[1],
        `${operator} requires a string as the second argument, found: ${typeName(search)}`,
      );
    }
    const units = toUnits(value);
    const wanted = toUnits(search);
    const from = bound(operator, 'starting', start, 0);
    const to = Math.min(bound(operator, 'ending', end, units.length), units.length);
    for (let i = from; i + wanted.length <= to; i++) if (wanted.every((unit, j) => units[i + j] === unit)) return i;
    return -1;
  });
}

function bound(operator: string, which: string, value: MaybeValue, fallback: number): number {
  if (value === undefined) return fallback;
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined) {
    throw new MongoError(
      40096,
      `${operator}requires an integral ${which} index, found a value of type: ${typeName(value)}, with value: ${formatValue(value)}`,
    );
  }
  if (whole < 0n) throw new MongoError(40097, `${operator} requires a nonnegative ${which} index, found: ${whole}`);
  return Number(whole);
}

const BLANK = new Set('\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a');

function trim(operator: string, left: boolean, right: boolean): Compiler {
  return (argument, scope) => {
    const given = namedArguments(argument, {
      operator,
      required: { input: [50695, `${operator} requires an 'input' field`] },
      optional: ['chars'],
      notObject: (found) => [50696, `${operator} only supports an object as an argument, found ${typeName(found)}`],
      unknown: (name) => [50694, `${operator} found an unknown argument: ${name}`],
    });
    const { input, chars } = compileNamed(given, ['input', 'chars'], scope);
    return expression([input!, ...(chars ? [chars] : [])], scope, () => {
      const value = input!.run();
      if (nullish(value)) return null;
      if (typeof value !== 'string') {
        throw new MongoError(
          50699,
          `${operator} requires its input to be a string, got ${formatValue(value)} (of type ${typeName(value)}) instead.`,
        );
      }
      const set = chars?.run();
      if (chars && nullish(set)) return null;
      if (chars && typeof set !== 'string') {
        throw new MongoError(
          50700,
          `${operator} requires 'chars' to be a string, got ${formatValue(set)} (of type ${typeName(set)}) instead.`,
        );
      }
      return trimmed([...value], typeof set === 'string' ? new Set(set) : BLANK, left, right);
    });
  };
}

function trimmed(chars: readonly string[], set: ReadonlySet<string>, left: boolean, right: boolean): string {
  let from = 0;
  let to = chars.length;
  if (left) while (from < to && set.has(chars[from]!)) from++;
  if (right) while (to > from && set.has(chars[to - 1]!)) to--;
  return chars.slice(from, to).join('');
}

function replace(operator: string, all: boolean): Compiler {
  return (argument, scope) => {
    const given = namedArguments(argument, {
      operator,
      required: {
        input: [51749, `${operator} requires 'input' to be specified`],
        find: [51748, `${operator} requires 'find' to be specified`],
        replacement: [51747, `${operator} requires 'replacement' to be specified`],
      },
      notObject: (found) => [51751, `${operator} requires an object as an argument, found: ${typeName(found)}`],
      unknown: (name) => [51750, `${operator} found an unknown argument: ${name}`],
    });
    const parts = compileNamed(given, ['input', 'find', 'replacement'], scope) as Record<
      'input' | 'find' | 'replacement',
      Expr
    >;
    const { input, find, replacement } = parts;
    return expression([input, find, replacement], scope, () => {
      const text = input.run();
      const wanted = find.run();
      const by = replacement.run();
      if (!nullish(text) && typeof text !== 'string') throw notText(operator, 10503904, 'input', 'a string', text);
      if (!nullish(wanted) && typeof wanted !== 'string' && !isRegExp(wanted)) {
        throw notText(operator, 10503903, 'find', 'a string or regular expression', wanted);
      }
      if (!nullish(by) && typeof by !== 'string') throw notText(operator, 10503902, 'replacement', 'a string', by);
      if (nullish(text) || nullish(wanted) || nullish(by)) return null;
      const pattern =
        typeof wanted === 'string' ? wanted : compileRegex(wanted.pattern, wanted.options, operator, all ? 'g' : '');
      return all ? text.replaceAll(pattern, () => by) : text.replace(pattern, () => by);
    });
  };
}

function notText(operator: string, code: number, name: string, wanted: string, value: Value): MongoError {
  return new MongoError(code, `${operator} requires that '${name}' be ${wanted}, found: ${formatValue(value)}`);
}

function strcasecmp(a: MaybeValue, b: MaybeValue): MaybeValue {
  const x = toUpper(coerceToString(a));
  const y = toUpper(coerceToString(b));
  return Math.sign(Buffer.compare(Buffer.from(x), Buffer.from(y)));
}

const toBytes = (text: string): number[] => [...Buffer.from(text)];
const toChars = (text: string): string[] => [...text];

const substr: Compiler = variadic(3, 3, ([value, start, count]) => substrBytes(value, start, count));

export const strings: Compilers = {
  $concat: concat,
  $toUpper: unary((value) => toUpper(coerceToString(value))),
  $toLower: unary((value) => toLower(coerceToString(value))),
  $substrCP: variadic(3, 3, ([value, start, count]) => substrCP(value, start, count)),
  $substrBytes: substr,
  $substr: substr,
  $strLenCP: length('$strLenCP', 34471, (text) => [...text].length),
  $strLenBytes: length('$strLenBytes', 34473, (text) => Buffer.byteLength(text)),
  $split: binary(split),
  $indexOfCP: indexOf('$indexOfCP', [40093, 40094], toChars),
  $indexOfBytes: indexOf('$indexOfBytes', [40091, 40092], toBytes),
  $trim: trim('$trim', true, true),
  $ltrim: trim('$ltrim', true, false),
  $rtrim: trim('$rtrim', false, true),
  $replaceOne: replace('$replaceOne', false),
  $replaceAll: replace('$replaceAll', true),
  $strcasecmp: binary(strcasecmp),
};
