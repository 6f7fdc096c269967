import { decimal, double, isDecimal, isLong, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import {
  arithmeticDecimal,
  bigintOfLong,
  fitsInt64,
  integralOf,
  intOrLong,
  kindOf,
  longOfBigint,
  numberOf,
} from '../numbers.ts';
import { expression, nullish, parseArguments } from './core.ts';
import type { Compiler, Compilers } from './core.ts';

type Rounding = 'half-even' | 'truncate' | 'floor' | 'ceil';

const INTEGRAL: Record<'floor' | 'ceil', (value: number) => number> = { floor: Math.floor, ceil: Math.ceil };

function toIntegral(value: NumberValue, rounding: 'floor' | 'ceil'): MaybeValue {
  const kind = kindOf(value);
  if (kind === 'int' || kind === 'long') return value;
  if (!isDecimal(value)) return double(INTEGRAL[rounding](numberOf(value)));
  const exact = decimal.fromDecimal128(value);
  if (exact.kind !== 'finite' || exact.exponent >= 0) return value;
  return decimal.toDecimal128(decimal.roundToExponent(exact, 0, rounding));
}

/** Rounds to a decimal place: positive places after the point, negative ones before it. */
export function roundTo(value: NumberValue, place: number, rounding: Rounding): MaybeValue {
  const kind = kindOf(value);
  if (isDecimal(value)) {
    const exact = decimal.fromDecimal128(value);
    if (exact.kind !== 'finite' || exact.exponent >= -place) return value;
    return decimal.toDecimal128(decimal.roundToExponent(exact, -place, rounding));
  }
  if (kind === 'double') return roundDouble(numberOf(value), place, rounding);
  if (place >= 0) return value;
  const whole = isLong(value) ? bigintOfLong(value) : BigInt(value as number);
  const rounded = decimal.roundToExponent(decimal.finite(whole, 0), -place, rounding);
  const result = rounded.coefficient * decimal.pow10(-place) * (rounded.negative ? -1n : 1n);
  if (!fitsInt64(result)) throw new MongoError(51080, 'invalid conversion from Decimal128 result in $round');
  return kind === 'long' ? longOfBigint(result) : intOrLong(result);
}

function roundDouble(value: number, place: number, rounding: Rounding): MaybeValue {
  if (!Number.isFinite(value)) return double(value);
  if (place === 0) return double(rounding === 'truncate' ? Math.trunc(value) : halfEven(value));
  const exact = decimal.fromDouble(value);
  if (exact.exponent >= -place) return double(value);
  const result = decimal.toDouble(decimal.roundToExponent(exact, -place, rounding));
  return double(result === 0 && value < 0 ? -0 : result);
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return value < 0 && Math.round(value) === 0 ? -0 : Math.round(value);
  const even = floor % 2 === 0 ? floor : floor + 1;
  return even === 0 && value < 0 ? -0 : even;
}

function placing(rounding: Rounding): Compiler {
  return (argument, scope, operator) => {
    const parts = parseArguments(argument, scope, operator, 1, 2);
    return expression(parts, scope, () => {
      const value = parts[0]!.run();
      const place = parts.length === 2 ? parts[1]!.run() : 0;
      if (nullish(value) || nullish(place)) return null;
      if (!isNumber(value))
        throw new MongoError(51081, `${operator} only supports numeric types, not ${typeName(value)}`);
      return roundTo(value, placeOf(operator, place), rounding);
    });
  };
}

function placeOf(operator: string, place: NonNullable<MaybeValue>): number {
  if (!isNumber(place)) throw new MongoError(16004, `can't convert from BSON type ${typeName(place)} to long`);
  const whole = integralOf(place);
  if (whole === undefined) throw new MongoError(51082, `precision argument to  ${operator} must be a integral value`);
  if (whole < -20n || whole > 100n) {
    throw new MongoError(51083, `cannot apply ${operator} with precision value ${whole} value must be in [-20, 100]`);
  }
  return Number(whole);
}

/** `$pow`: integers stay integers while the result fits. */
export function power(base: MaybeValue, exponent: MaybeValue): MaybeValue {
  if (nullish(base) || nullish(exponent)) return null;
  if (!isNumber(base)) throw new MongoError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
  if (!isNumber(exponent)) throw new MongoError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
  if (numberOf(base) === 0 && numberOf(exponent) < 0) {
    throw new MongoError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  if (isDecimal(base) || isDecimal(exponent)) return decimalPower(base, exponent);
  const kinds = [kindOf(base), kindOf(exponent)];
  const result = numberOf(base) ** numberOf(exponent);
  if (kinds.includes('double') || numberOf(exponent) < 0) return double(result);
  if (Math.abs(result) > 2 ** 64) return double(result);
  const exact = integralOf(base)! ** integralOf(exponent)!;
  if (!fitsInt64(exact)) return double(result);
  return kinds.includes('long') ? longOfBigint(exact) : intOrLong(exact);
}

function decimalPower(base: NumberValue, exponent: NumberValue): MaybeValue {
  const times = integralOf(exponent);
  if (times === undefined || times > 1000n || times < -1000n) {
    return decimal.toDecimal128(decimal.fromDoubleRounded(numberOf(base) ** numberOf(exponent)));
  }
  let result = decimal.finite(1n, 0);
  const factor = arithmeticDecimal(base);
  for (let i = times < 0n ? -times : times; i > 0n; i--) result = decimal.multiplyDecimals(result, factor);
  if (times < 0n) result = decimal.divideDecimals(decimal.finite(1n, 0), result);
  const spare = 34 - decimal.digitCount(result.coefficient);
  const filled =
    result.kind === 'finite' && result.coefficient !== 0n && spare > 0
      ? decimal.roundToExponent(result, result.exponent - spare)
      : result;
  return decimal.toDecimal128(filled);
}

export function rounding(
  numeric: (operator: string, apply: (value: NumberValue) => MaybeValue) => Compiler,
): Compilers {
  return {
    $ceil: numeric('$ceil', (value) => toIntegral(value, 'ceil')),
    $floor: numeric('$floor', (value) => toIntegral(value, 'floor')),
    $round: placing('half-even'),
    $trunc: placing('truncate'),
  };
}
