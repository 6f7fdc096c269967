import { decimal, FarDate, isDecimal, isLong } from '../bson/index.ts';
import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal,
  MaybeValue,
  NumberValue,
  ObjectId,
  Timestamp,
  Value,
  Doc,
  DbPointer,
} from '../bson/index.ts';
import type { Collation } from './collation.ts';
import { orderOf } from './compare.ts';
import { exactDecimal, isSafeLong, numberOf } from './numbers.ts';

// Keys are binary strings (one character per byte) whose plain `<` order is the order of the values, and which are equal
// exactly when the values are. Every encoding is prefix-free, so keys can be joined and each byte can be inverted for
// descending fields. Type bytes are the comparison places, all between 0x02 and 0xfe.
const END = '\x01';
const EXACT = '\x00';
const INEXACT = '\x01';
const NULL_KEY = '\x05';
const ZEROS = '\0\0\0\0\0\0\0\0';
const TYPE = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i));

const scratch = new DataView(new ArrayBuffer(8));

/** Encodes a value; no value encodes like null. */
export function encodeKey(value: MaybeValue, collation?: Collation): string {
  switch (typeof value) {
    case 'string':
      return `\x0f${encodeText(collation ? collation.sortKey(value) : value)}`;
    case 'number':
      return `\x0a${encodeDouble(value)}${EXACT}`;
    case 'undefined':
      return NULL_KEY;
    default:
      return value === null ? NULL_KEY : encodeOther(value, collation);
  }
}

/**
 * Joins the keys of several values, inverting those whose direction is negative, so that the result sorts like the
 * compound order.
 */
export function encodeCompoundKey(
  values: readonly MaybeValue[],
  directions: readonly (1 | -1 | number)[],
  collation?: Collation,
): string {
  let key = '';
  for (let i = 0; i < values.length; i++) {
    const part = encodeKey(values[i], collation);
    key += (directions[i] ?? 1) < 0 ? invertKey(part) : part;
  }
  return key;
}

/** The key with every byte inverted: sorts in the opposite direction. */
export function invertKey(key: string): string {
  let inverted = '';
  for (let i = 0; i < key.length; i++) inverted += String.fromCharCode(255 - key.charCodeAt(i));
  return inverted;
}

function encodeOther(value: Exclude<Value, null | string | number>, collation: Collation | undefined): string {
  const order = orderOf(value);
  const type = TYPE[order]!;
  switch (order) {
    case 10:
      return type + encodeNumber(value as NumberValue);
    case 15: {
      const text = (value as BSONSymbol).value;
      return type + encodeText(collation ? collation.sortKey(text) : text);
    }
    case 20:
      return type + encodeDocKey(value as Doc, collation);
    case 25: {
      let key = type;
      for (const item of value as Value[]) key += encodeKey(item, collation);
      return key + END;
    }
    case 40:
      return value === true ? '\x28\x02' : '\x28\x01';
    case 45:
      return type + encodeDate(value as Date);
    default:
      return type + encodeRare(value, order);
  }
}

function encodeRare(value: Value, order: number): string {
  switch (order) {
    case 30: {
      const binary = value as Binary;
      const bytes = Buffer.from(binary.buffer.subarray(0, binary.position)).toString('latin1');
      return encodeUint32(binary.position) + String.fromCharCode(binary.sub_type) + bytes;
    }
    case 35:
      return Buffer.from((value as ObjectId).id).toString('latin1');
    case 47: {
      const stamp = value as Timestamp;
      return encodeUint32(stamp.t) + encodeUint32(stamp.i);
    }
    case 50: {
      const regex = value as BSONRegExp;
      return encodeText(regex.pattern) + encodeText(regex.options);
    }
    case 55: {
      const pointer = value as DbPointer;
      return encodeText(pointer.namespace) + Buffer.from(pointer.id.id).toString('latin1');
    }
    case 60:
    case 65:
      return encodeText((value as Code).code);
    default:
      return '';
  }
}

function encodeDocKey(doc: Doc, collation: Collation | undefined): string {
  let key = '';
  for (let i = 0; i < doc.keys.length; i++) {
    const part = encodeKey(doc.values[i]!, collation);
    // Documents compare by the type of the field first, then by its name, then by its value.
    key += part[0]! + encodeText(doc.keys[i]!) + part.slice(1);
  }
  return key + END;
}

const PLAIN = /^[\x01-\x7f]*$/;

function encodeText(text: string): string {
  if (PLAIN.test(text)) return `${text}\0\x01`;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return `${bytes.includes('\0') ? bytes.replaceAll('\0', '\0\xff') : bytes}\0\x01`;
}

function encodeUint32(value: number): string {
  return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

// IEEE order made unsigned: positive numbers get the sign bit, negative ones are inverted. NaN is below −Infinity.
/** The 64 bits of milliseconds, the sign turned so that earlier dates come first. */
function encodeDate(date: Date): string {
  if (date instanceof FarDate) {
    return encodeUint32(Number((date.exact >> 32n) + 0x80000000n)) + encodeUint32(Number(date.exact & 0xffffffffn));
  }
  const time = date.getTime();
  const high = Math.floor(time / 0x100000000);
  return encodeUint32(high + 0x80000000) + encodeUint32(time - high * 0x100000000);
}

function encodeDouble(value: number): string {
  if (value !== value) return ZEROS;
  scratch.setFloat64(0, value === 0 ? 0 : value);
  let high = scratch.getInt32(0);
  let low = scratch.getInt32(4);
  if (high < 0) {
    high = ~high;
    low = ~low;
  } else {
    high |= 0x80000000;
  }
  return String.fromCharCode(
    (high >>> 24) & 255,
    (high >>> 16) & 255,
    (high >>> 8) & 255,
    high & 255,
    (low >>> 24) & 255,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  );
}

function encodeNumber(value: NumberValue): string {
  if (isLong(value) ? isSafeLong(value) : !isDecimal(value)) return encodeDouble(numberOf(value)) + EXACT;
  return encodeExact(exactDecimal(value));
}

// The largest double that is not above the value, then what remains of the value above it.
function encodeExact(value: Decimal): string {
  if (value.kind !== 'finite') return encodeDouble(decimal.toDouble(value)) + EXACT;
  let base = decimal.toDouble(value);
  if (base === Infinity) base = Number.MAX_VALUE;
  else if (decimal.compareDecimals(decimal.fromDouble(base), value) > 0) base = nextDown(base);
  if (base === -Infinity)
    return encodeDouble(base) + INEXACT + encodeRest(decimal.finite(value.coefficient, value.exponent), true);
  const exact = decimal.fromDouble(base);
  if (decimal.compareDecimals(exact, value) === 0) return encodeDouble(base) + EXACT;
  return encodeDouble(base) + INEXACT + encodeRest(subtractExactly(value, exact), false);
}

function subtractExactly(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.coefficient * decimal.pow10(a.exponent - exponent) * (a.negative ? -1n : 1n);
  const y = b.coefficient * decimal.pow10(b.exponent - exponent) * (b.negative ? -1n : 1n);
  return decimal.finite(x - y, exponent);
}

function encodeRest(rest: Decimal, inverted: boolean): string {
  const digits = rest.coefficient.toString();
  const key = encodeUint32(digits.length + rest.exponent + 100000) + digits.replace(/0+$/, '') + '\0';
  return inverted ? invertKey(key) : key;
}

function nextDown(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  scratch.setFloat64(0, value);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, value > 0 ? bits - 1n : bits + 1n);
  return scratch.getFloat64(0);
}
