import {
  Binary,
  decimal,
  Doc,
  double,
  isBinary,
  isDecimal,
  isLong,
  isNumber,
  isObjectId,
  isRegExp,
  isTimestamp,
  Long,
  ObjectId,
  dateAt,
  millisecondsOf,
} from '../../bson/index.ts';
import type { BsonType, MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatTightValue } from '../format.ts';
import { arithmeticDecimal, bigintOfLong, fitsInt64, kindOf, longOfBigint, numberOf } from '../numbers.ts';
import { isoDate, objectIdTime } from './date-parts.ts';
import { parseDate } from './date-parse.ts';
import { numberText, roughText } from './number-text.ts';

export type Target = keyof typeof BsonType;

type Convert = (value: Value, format?: MaybeValue) => MaybeValue;

const failure = (message: string): MongoError => new MongoError(241, message);

function parseFailure(text: string, reason: string): MongoError {
  return failure(`Failed to parse number '${text}' in $convert with no onError value: ${reason}`);
}

function overflow(value: NumberValue): MongoError {
  const shown = isLong(value) ? '' : isDecimal(value) ? value.toString() : roughText(numberOf(value));
  return failure(`Conversion would overflow target type in $convert with no onError value: ${shown}`);
}

function truncate(value: NumberValue): bigint {
  if (isLong(value)) return bigintOfLong(value);
  const number = numberOf(value);
  if (Number.isNaN(number))
    throw failure('Attempt to convert NaN value to integer type in $convert with no onError value');
  if (!isDecimal(value)) {
    if (!Number.isFinite(number)) {
      throw failure('Attempt to convert infinity value to integer type in $convert with no onError value');
    }
    return BigInt(Math.trunc(number));
  }
  const exact = decimal.fromDecimal128(value);
  if (exact.kind === 'infinite')
    throw failure('Attempt to convert infinity value to integer type in $convert with no onError value');
  if (exact.exponent > 40 && exact.coefficient !== 0n) throw overflow(value);
  const whole = decimal.roundToExponent(exact, 0, 'truncate');
  return whole.negative ? -whole.coefficient : whole.coefficient;
}

function parseInteger(text: string, bits: 32 | 64): bigint {
  if (/^[+-]?$/.test(text)) throw parseFailure(text, 'No digits');
  if (!/^[+-]?\d+$/.test(text)) throw parseFailure(text, 'Did not consume whole string.');
  const value = BigInt(text.replace(/^\+/, ''));
  if (BigInt.asIntN(bits, value) !== value) throw parseFailure(text, 'Overflow');
  return value;
}

const toInt: Convert = (value) => {
  if (isNumber(value)) {
    const whole = truncate(value);
    if (BigInt.asIntN(32, whole) !== whole) throw overflow(value);
    return Number(whole);
  }
  if (typeof value === 'string') return Number(parseInteger(value, 32));
  return typeof value === 'boolean' ? Number(value) : undefined;
};

const toLong: Convert = (value) => {
  if (isNumber(value)) {
    const whole = truncate(value);
    if (!fitsInt64(whole)) throw overflow(value);
    return longOfBigint(whole);
  }
  if (typeof value === 'string') return longOfBigint(parseInteger(value, 64));
  if (value instanceof Date) return longOfBigint(millisecondsOf(value));
  return typeof value === 'boolean' ? Long.fromNumber(Number(value)) : undefined;
};

const toDouble: Convert = (value) => {
  if (isNumber(value)) {
    const number = numberOf(value);
    if (isDecimal(value) && !Number.isFinite(number) && decimal.fromDecimal128(value).kind === 'finite')
      throw overflow(value);
    return double(number);
  }
  if (typeof value === 'string') return double(parseDouble(value));
  if (value instanceof Date) return double(value.getTime());
  return typeof value === 'boolean' ? double(Number(value)) : undefined;
};

function parseDouble(text: string): number {
  if (text === '') throw parseFailure(text, 'Empty string');
  if (/^\s/.test(text)) throw parseFailure(text, 'Leading whitespace');
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special) return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw parseFailure(text, /^[+-]?(\d|\.\d)/.test(text) ? 'Did not consume whole string' : 'Invalid number');
  }
  const value = Number(text);
  if (!Number.isFinite(value)) throw parseFailure(text, 'Out of range');
  return value;
}

const toDecimal: Convert = (value) => {
  if (isNumber(value)) return isDecimal(value) ? value : decimal.toDecimal128(arithmeticDecimal(value));
  if (typeof value === 'string') {
    const parsed = decimal.parseDecimal(value);
    if (!parsed) throw parseFailure(value, value === '' ? 'Empty string' : 'Failed to parse string to decimal');
    return decimal.toDecimal128(parsed);
  }
  if (value instanceof Date) return decimal.toDecimal128(decimal.finite(millisecondsOf(value), 0));
  return typeof value === 'boolean' ? decimal.toDecimal128(decimal.finite(BigInt(value), 0)) : undefined;
};

const toBool: Convert = (value) => {
  if (typeof value === 'boolean') return value;
  return isNumber(value) ? numberOf(value) !== 0 : true;
};

const toText: Convert = (value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return isDecimal(value) ? value.toString() : numberText(value);
  if (value instanceof Date) return isoDate(value);
  if (isObjectId(value)) return value.toHexString();
  if (isTimestamp(value)) return `Timestamp(${value.t}, ${value.i})`;
  if (isBinary(value)) return binaryText(value);
  if (isRegExp(value)) return `/${value.pattern}/${value.options}`;
  return value instanceof Doc || Array.isArray(value) ? jsonText(value) : undefined;
};

function binaryText(value: Binary): string {
  const bytes = Buffer.from(value.buffer.subarray(0, value.position));
  if (value.sub_type !== 4 || bytes.length !== 16) return bytes.toString('base64');
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Documents and arrays as JSON text. */
function jsonText(value: Value): string {
  if (value === null) return 'null';
  if (value instanceof Doc)
    return `{${value.keys.map((key, i) => `${JSON.stringify(key)}:${jsonText(value.values[i]!)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'boolean' || isNumber(value)) return String(toText(value));
  const text = toText(value);
  return text === undefined ? formatTightValue(value) : JSON.stringify(text);
}

const toDate: Convert = (value) => {
  if (value instanceof Date) return value;
  if (isObjectId(value)) return new Date(objectIdTime(value));
  if (isTimestamp(value)) return new Date(value.t * 1000);
  if (typeof value === 'string') return parseDate(value, undefined);
  if (isNumber(value) && kindOf(value) !== 'int') {
    const time = truncate(value);
    if (!fitsInt64(time)) throw overflow(value);
    return dateAt(time);
  }
  return undefined;
};

const toObjectId: Convert = (value) => {
  if (isObjectId(value)) return value;
  if (typeof value !== 'string') return undefined;
  const reason = /^[0-9a-f]{24}$/i.test(value)
    ? undefined
    : value.length === 24
      ? `Invalid character found in hex string: ${/[^0-9a-f]/i.exec(value)?.[0] ?? ''}`
      : `Invalid string length for parsing to OID, expected 24 but found ${value.length}`;
  if (reason !== undefined)
    throw failure(`Failed to parse objectId '${value}' in $convert with no onError value: ${reason}`);
  return ObjectId.createFromHexString(value);
};

const toBinary: Convert = (value, format) => {
  if (isBinary(value)) return value;
  if (typeof value !== 'string') return undefined;
  const encodings: Record<string, BufferEncoding> = {
    utf8: 'utf8',
    base64: 'base64',
    base64url: 'base64url',
    hex: 'hex',
  };
  const encoding = typeof format === 'string' && Object.hasOwn(encodings, format) ? encodings[format] : undefined;
  return encoding ? new Binary(Buffer.from(value, encoding)) : undefined;
};

/** The conversion to each type; undefined for pairs of types that don't convert. */
export const conversions: Partial<Record<Target, Convert>> = {
  int: toInt,
  long: toLong,
  double: toDouble,
  decimal: toDecimal,
  bool: toBool,
  string: toText,
  date: toDate,
  objectId: toObjectId,
  binData: toBinary,
  array: (value) => (Array.isArray(value) ? value : undefined),
  object: (value) => (value instanceof Doc ? value : undefined),
};
