import { decimal, double, isDecimal, isLong, Long } from '../bson/index.ts';
import type { Decimal, Double, NumberValue } from '../bson/index.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Whether a 64-bit value fits the 53 bits that a JavaScript number holds exactly. */
export function isSafeLong(value: Long): boolean {
  return value.high >= -0x200000 && value.high < 0x200000;
}

/** The value as a JavaScript number; 64-bit and decimal values may lose precision. */
export function numberOf(value: NumberValue): number {
  if (typeof value === 'number') return value;
  if (isLong(value)) return value.high * 4294967296 + (value.low >>> 0);
  if (isDecimal(value)) return decimal.toDouble(decimal.fromDecimal128(value));
  return value.value;
}

export function bigintOfLong(value: Long): bigint {
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}

export function longOfBigint(value: bigint): Long {
  return Long.fromBits(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

export function fitsInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** The exact decimal value; for comparing. */
export function exactDecimal(value: NumberValue): Decimal {
  if (isDecimal(value)) return decimal.fromDecimal128(value);
  if (isLong(value)) return decimal.finite(bigintOfLong(value), 0);
  return decimal.fromDouble(typeof value === 'number' ? value : value.value);
}

/** The decimal that arithmetic uses: doubles become 15 significant digits, as MongoDB does it. */
export function arithmeticDecimal(value: NumberValue): Decimal {
  if (isDecimal(value)) return decimal.fromDecimal128(value);
  if (isLong(value)) return decimal.finite(bigintOfLong(value), 0);
  if (typeof value === 'number') {
    return Number.isInteger(value) ? decimal.finite(BigInt(value), 0) : decimal.fromDoubleRounded(value);
  }
  return decimal.fromDoubleRounded(value.value);
}

export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

export function kindOf(value: NumberValue): NumberKind {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (isLong(value)) return 'long';
  return isDecimal(value) ? 'decimal' : 'double';
}

/** Compares two numbers of any type exactly; NaN is below all others and equal to itself. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (isDecimal(a) || isDecimal(b)) return decimal.compareDecimals(exactDecimal(a), exactDecimal(b));
  if (isLong(a)) return isLong(b) ? a.compare(b) : compareLongToDouble(a, plain(b));
  return isLong(b) ? -compareLongToDouble(b, plain(a)) : compareDoubles(plain(a), plain(b));
}

const plain = (value: number | Double): number => (typeof value === 'number' ? value : value.value);

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  const nanA = Number.isNaN(a);
  return nanA === Number.isNaN(b) ? 0 : nanA ? -1 : 1;
}

function compareLongToDouble(a: Long, b: number): number {
  if (Number.isNaN(b)) return 1;
  if (isSafeLong(a)) return compareDoubles(numberOf(a), b);
  if (b >= 9223372036854775808) return -1;
  if (b < -9223372036854775808) return 1;
  const x = bigintOfLong(a);
  const y = BigInt(Math.trunc(b));
  return x < y ? -1 : x > y ? 1 : 0;
}

/** An int32 when the integer fits, otherwise a 64-bit value; for results of int arithmetic. */
export function intOrLong(value: bigint): number | Long {
  return value >= -2147483648n && value <= 2147483647n ? Number(value) : longOfBigint(value);
}

/** The integer value of any number that is integral and within 64 bits; otherwise undefined. */
export function integralOf(value: NumberValue): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (isLong(value)) return bigintOfLong(value);
  const exact = exactDecimal(value);
  if (exact.kind !== 'finite' || exact.exponent > 40) return undefined;
  const whole = decimal.roundToExponent(exact, 0, 'truncate');
  if (decimal.compareDecimals(whole, exact) !== 0) return undefined;
  const integer = whole.negative ? -whole.coefficient : whole.coefficient;
  return fitsInt64(integer) ? integer : undefined;
}

/** The result of double arithmetic in the agreed representation. */
export const asDouble = double;
