import { Decimal128 } from 'bson';

/** A decimal number as (−1)^negative · coefficient · 10^exponent, an infinity, or not a number. */
export interface Decimal {
  readonly kind: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

const DIGITS = 34;
const MIN_EXPONENT = -6176;
const MAX_EXPONENT = 6111;
const MASK_113 = (1n << 113n) - 1n;

export const DECIMAL_NAN: Decimal = { kind: 'nan', negative: false, coefficient: 0n, exponent: 0 };

const POWERS: bigint[] = [];

/** 10^n as a BigInt. */
export function pow10(n: number): bigint {
  if (n < 64) return (POWERS[n] ??= 10n ** BigInt(n));
  return 10n ** BigInt(n);
}

export function finite(coefficient: bigint, exponent: number, negative = false): Decimal {
  if (coefficient < 0n) return { kind: 'finite', negative: !negative, coefficient: -coefficient, exponent };
  return { kind: 'finite', negative, coefficient, exponent };
}

export function infinite(negative: boolean): Decimal {
  return { kind: 'infinite', negative, coefficient: 0n, exponent: 0 };
}

/** Reads the 16 bytes (binary integer decimal encoding, little-endian). */
export function fromDecimal128(value: Decimal128): Decimal {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
  const high = view.getBigUint64(8, true);
  const negative = high >> 63n === 1n;
  const top = Number((high >> 58n) & 31n);
  if (top === 31) return DECIMAL_NAN;
  if (top === 30) return infinite(negative);
  if (top >> 3 === 3) {
    // The wide form can only hold coefficients above the maximum; those count as zero.
    return finite(0n, Number((high >> 47n) & 0x3fffn) + MIN_EXPONENT, negative);
  }
  const exponent = Number((high >> 49n) & 0x3fffn) + MIN_EXPONENT;
  const coefficient = (((high & 0x1ffffffffffffn) << 64n) | view.getBigUint64(0, true)) & MASK_113;
  return finite(coefficient > 9999999999999999999999999999999999n ? 0n : coefficient, exponent, negative);
}

/** Encodes, rounding half to even to 34 digits and to the exponent range. */
export function toDecimal128(value: Decimal): Decimal128 {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const rounded = value.kind === 'finite' ? normalize(value) : value;
  const sign = rounded.negative ? 1n << 63n : 0n;
  if (rounded.kind === 'nan') {
    view.setBigUint64(8, 0x7c00000000000000n, true);
  } else if (rounded.kind === 'infinite') {
    view.setBigUint64(8, sign | 0x7800000000000000n, true);
  } else {
    const exponent = BigInt(rounded.exponent - MIN_EXPONENT);
    view.setBigUint64(0, rounded.coefficient & 0xffffffffffffffffn, true);
    view.setBigUint64(8, sign | (exponent << 49n) | (rounded.coefficient >> 64n), true);
  }
  return new Decimal128(bytes);
}

function normalize(value: Decimal): Decimal {
  let result = roundToDigits(value, DIGITS);
  if (result.exponent < MIN_EXPONENT) result = roundToExponent(result, MIN_EXPONENT);
  if (result.exponent > MAX_EXPONENT) {
    if (result.coefficient === 0n) return finite(0n, MAX_EXPONENT, result.negative);
    const shift = result.exponent - MAX_EXPONENT;
    if (digitCount(result.coefficient) + shift > DIGITS) return infinite(result.negative);
    return finite(result.coefficient * pow10(shift), MAX_EXPONENT, result.negative);
  }
  return result;
}

export function digitCount(coefficient: bigint): number {
  return coefficient === 0n ? 1 : coefficient.toString().length;
}

/** Rounds half to even so that at most the given number of significant digits remain. */
export function roundToDigits(value: Decimal, digits: number): Decimal {
  const excess = digitCount(value.coefficient) - digits;
  if (excess <= 0) return value;
  const rounded = roundToExponent(value, value.exponent + excess);
  return digitCount(rounded.coefficient) > digits
    ? finite(rounded.coefficient / 10n, rounded.exponent + 1, rounded.negative)
    : rounded;
}

export type Rounding = 'half-even' | 'truncate' | 'floor' | 'ceil';

/** Gives the value the exponent, dropping digits by the rounding rule or adding zeros. */
export function roundToExponent(value: Decimal, exponent: number, rounding: Rounding = 'half-even'): Decimal {
  const shift = exponent - value.exponent;
  if (shift <= 0) return finite(value.coefficient * pow10(-shift), exponent, value.negative);
  if (shift > digitCount(value.coefficient) + 1) {
    const up =
      value.coefficient !== 0n && (rounding === 'ceil' ? !value.negative : rounding === 'floor' && value.negative);
    return finite(up ? 1n : 0n, exponent, value.negative);
  }
  const unit = pow10(shift);
  const quotient = value.coefficient / unit;
  const rest = value.coefficient % unit;
  return finite(
    quotient + (roundsUp(quotient, rest, unit, value.negative, rounding) ? 1n : 0n),
    exponent,
    value.negative,
  );
}

function roundsUp(quotient: bigint, rest: bigint, unit: bigint, negative: boolean, rounding: Rounding): boolean {
  if (rest === 0n || rounding === 'truncate') return false;
  if (rounding === 'floor') return negative;
  if (rounding === 'ceil') return !negative;
  const twice = rest * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n);
}

const doubleView = new DataView(new ArrayBuffer(8));

/** The exact decimal value of a double. */
export function fromDouble(value: number): Decimal {
  if (Number.isNaN(value)) return DECIMAL_NAN;
  if (!Number.isFinite(value)) return infinite(value < 0);
  if (Number.isInteger(value)) return finite(BigInt(value), 0, Object.is(value, -0));
  doubleView.setFloat64(0, value);
  const bits = doubleView.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  let mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  let shift = 1075 - Math.max(biased, 1);
  while ((mantissa & 1n) === 0n) {
    mantissa >>= 1n;
    shift--;
  }
  return finite(mantissa * 5n ** BigInt(shift), -shift, value < 0);
}

/** A double as MongoDB turns it into a decimal: 15 significant digits, without trailing zeros it did not have. */
export function fromDoubleRounded(value: number): Decimal {
  const exact = fromDouble(value);
  if (exact.kind !== 'finite' || exact.coefficient === 0n) return exact;
  const [mantissa, power] = Math.abs(value).toExponential(14).split('e') as [string, string];
  const exponent = Number(power);
  return finite(BigInt(mantissa.replace('.', '')), exponent - 14, value < 0);
}

const SYNTAX = /^([+-])?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:e([+-]?\d+))?$/i;

/** Parses a decimal literal; undefined when the text is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = SYNTAX.exec(text);
  if (!match) return parseSpecial(text);
  const fraction = match[3] ?? match[4] ?? '';
  const coefficient = BigInt((match[2] ?? '') + fraction);
  return finite(coefficient, Number(match[5] ?? 0) - fraction.length, match[1] === '-');
}

function parseSpecial(text: string): Decimal | undefined {
  if (/^[+-]?nan$/i.test(text)) return DECIMAL_NAN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return infinite(text.startsWith('-'));
  return undefined;
}

/** The nearest double. */
export function toDouble(value: Decimal): number {
  if (value.kind === 'nan') return NaN;
  const sign = value.negative ? '-' : '';
  return Number(value.kind === 'infinite' ? `${sign}Infinity` : `${sign}${value.coefficient}e${value.exponent}`);
}

export function isZero(value: Decimal): boolean {
  return value.kind === 'finite' && value.coefficient === 0n;
}

/** −1, 0 or 1; not a number sorts below everything and equals itself. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.kind === 'nan' || b.kind === 'nan') return a.kind === b.kind ? 0 : a.kind === 'nan' ? -1 : 1;
  const zeroA = isZero(a);
  const zeroB = isZero(b);
  if (zeroA && zeroB) return 0;
  const signA = zeroA ? 0 : a.negative ? -1 : 1;
  const signB = zeroB ? 0 : b.negative ? -1 : 1;
  if (signA !== signB) return signA < signB ? -1 : 1;
  return compareMagnitudes(a, b) * signA || 0;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.kind === 'infinite' || b.kind === 'infinite') {
    return a.kind === b.kind ? 0 : a.kind === 'infinite' ? 1 : -1;
  }
  if (a.exponent === b.exponent) return a.coefficient < b.coefficient ? -1 : a.coefficient > b.coefficient ? 1 : 0;
  const sizeA = digitCount(a.coefficient) + a.exponent;
  const sizeB = digitCount(b.coefficient) + b.exponent;
  if (sizeA !== sizeB) return sizeA < sizeB ? -1 : 1;
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.coefficient * pow10(a.exponent - exponent);
  const y = b.coefficient * pow10(b.exponent - exponent);
  return x < y ? -1 : x > y ? 1 : 0;
}

const signed = (value: Decimal): bigint => (value.negative ? -value.coefficient : value.coefficient);

export function negate(value: Decimal): Decimal {
  return { ...value, negative: !value.negative };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return DECIMAL_NAN;
  if (a.kind === 'infinite') return b.kind === 'infinite' && a.negative !== b.negative ? DECIMAL_NAN : a;
  if (b.kind === 'infinite') return b;
  const [big, small] = a.exponent >= b.exponent ? [a, b] : [b, a];
  // A gap beyond what 34 digits can show would only build huge integers.
  if (big.exponent - small.exponent > 200 && big.coefficient !== 0n && small.coefficient !== 0n) {
    const widened = finite(big.coefficient * pow10(100), big.exponent - 100, big.negative);
    return roundToDigits(finite(signed(widened) + (small.negative ? -1n : 1n), widened.exponent), DIGITS);
  }
  const exponent = small.exponent;
  const sum = signed(big) * pow10(Math.min(big.exponent - exponent, 12400)) + signed(small);
  return sum === 0n && a.negative && b.negative
    ? finite(0n, exponent, true)
    : roundToDigits(finite(sum, exponent), DIGITS);
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return DECIMAL_NAN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite' || b.kind === 'infinite') return isZero(a) || isZero(b) ? DECIMAL_NAN : infinite(negative);
  return roundToDigits(finite(a.coefficient * b.coefficient, a.exponent + b.exponent, negative), DIGITS);
}

/** The quotient to 34 digits, exact results with the exponent nearest to the difference of the operands' exponents. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return DECIMAL_NAN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite') return b.kind === 'infinite' ? DECIMAL_NAN : infinite(negative);
  if (b.kind === 'infinite') return finite(0n, MIN_EXPONENT, negative);
  if (isZero(b)) return isZero(a) ? DECIMAL_NAN : infinite(negative);
  const ideal = a.exponent - b.exponent;
  if (isZero(a)) return finite(0n, ideal, negative);
  const shift = Math.max(0, DIGITS + 2 + digitCount(b.coefficient) - digitCount(a.coefficient));
  const scaled = a.coefficient * pow10(shift);
  let quotient = scaled / b.coefficient;
  let exponent = ideal - shift;
  // A sticky digit keeps the rounding of an inexact quotient right.
  if (scaled % b.coefficient !== 0n) return roundToDigits(finite(quotient * 10n + 1n, exponent - 1, negative), DIGITS);
  while (exponent < ideal && quotient % 10n === 0n) {
    quotient /= 10n;
    exponent++;
  }
  return roundToDigits(finite(quotient, exponent, negative), DIGITS);
}

/** The remainder with the sign of the dividend. */
export function remainderDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind !== 'finite' || b.kind === 'nan' || isZero(b)) return DECIMAL_NAN;
  if (b.kind === 'infinite') return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.coefficient * pow10(a.exponent - exponent);
  const y = b.coefficient * pow10(b.exponent - exponent);
  return finite(x % y, exponent, a.negative);
}

/** The text form that MongoDB shows. */
export function decimalToString(value: Decimal): string {
  return toDecimal128(value).toString();
}
