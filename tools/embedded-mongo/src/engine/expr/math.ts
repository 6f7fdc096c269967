import { decimal, double, isDecimal, isLong, Long } from '../../bson/index.ts';
import type { NumberValue, Value } from '../../bson/index.ts';
import { arithmeticDecimal, bigintOfLong, fitsInt64, intOrLong, kindOf, longOfBigint, numberOf } from '../numbers.ts';

/** The sum with the wider type of both: int, long, double, decimal; overflowing longs become doubles. */
export function add(a: NumberValue, b: NumberValue): NumberValue {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const sum = a + b;
    return sum >= -2147483648 && sum <= 2147483647 ? sum : Long.fromNumber(sum);
  }
  return combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    decimal.addDecimals,
  );
}

export function subtract(a: NumberValue, b: NumberValue): NumberValue {
  return combine(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
    (x, y) => decimal.addDecimals(x, decimal.negate(y)),
  );
}

export function multiply(a: NumberValue, b: NumberValue): NumberValue {
  return combine(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    decimal.multiplyDecimals,
  );
}

function combine(
  a: NumberValue,
  b: NumberValue,
  integers: (x: bigint, y: bigint) => bigint,
  doubles: (x: number, y: number) => number,
  decimals: (x: decimal.Decimal, y: decimal.Decimal) => decimal.Decimal,
): NumberValue {
  if (isDecimal(a) || isDecimal(b)) return decimal.toDecimal128(decimals(arithmeticDecimal(a), arithmeticDecimal(b)));
  const kindA = kindOf(a);
  const kindB = kindOf(b);
  if (kindA === 'double' || kindB === 'double') return double(doubles(numberOf(a), numberOf(b)));
  const result = integers(integerOf(a), integerOf(b));
  if (!fitsInt64(result)) return double(doubles(numberOf(a), numberOf(b)));
  return kindA === 'long' || kindB === 'long' ? longOfBigint(result) : intOrLong(result);
}

function integerOf(value: NumberValue): bigint {
  return isLong(value) ? bigintOfLong(value) : BigInt(value as number);
}

/** Division: double, or decimal when one side is. The divisor must not be zero. */
export function divide(a: NumberValue, b: NumberValue): NumberValue {
  if (isDecimal(a) || isDecimal(b)) {
    return decimal.toDecimal128(decimal.divideDecimals(arithmeticDecimal(a), arithmeticDecimal(b)));
  }
  return double(numberOf(a) / numberOf(b));
}

/** Remainder with the sign of the dividend. The divisor must not be zero. */
export function remainder(a: NumberValue, b: NumberValue): NumberValue {
  if (isDecimal(a) || isDecimal(b)) {
    return decimal.toDecimal128(decimal.remainderDecimals(arithmeticDecimal(a), arithmeticDecimal(b)));
  }
  const kindA = kindOf(a);
  const kindB = kindOf(b);
  if (kindA === 'double' || kindB === 'double') return double(numberOf(a) % numberOf(b));
  const rest = integerOf(a) % integerOf(b);
  return kindA === 'long' || kindB === 'long' ? longOfBigint(rest) : Number(rest);
}

/** Whether the number is zero. */
export function isZero(value: NumberValue): boolean {
  return isDecimal(value) ? decimal.isZero(decimal.fromDecimal128(value)) : numberOf(value) === 0;
}

/**
 * A running sum as `$sum` and `$avg` keep it: doubles are added with compensation, integers exactly, and the result has
 * the widest type met.
 */
export interface Sum {
  add(value: NumberValue): void;
  readonly result: NumberValue;
  readonly total: { readonly decimal: decimal.Decimal | undefined; readonly double: number };
}

export function createSum(): Sum {
  let kind: 'int' | 'long' | 'double' = 'int';
  let integers = 0n;
  let small = 0;
  let doubles = 0;
  let compensation = 0;
  let special = 0;
  let decimals: decimal.Decimal | undefined;

  const addDouble = (value: number): void => {
    if (!Number.isFinite(value)) {
      special += value;
      return;
    }
    const next = doubles + value;
    compensation += Math.abs(doubles) >= Math.abs(value) ? doubles - next + value : value - next + doubles;
    doubles = next;
  };
  const flush = (): void => {
    integers += BigInt(small);
    small = 0;
  };
  const doubleTotal = (): number => {
    flush();
    if (special !== 0) return special;
    return integers === 0n ? doubles + compensation : Number(integers) + compensation + doubles;
  };
  const decimalTotal = (): decimal.Decimal | undefined => {
    if (decimals === undefined) return undefined;
    flush();
    let total = decimal.addDecimals(decimals, decimal.finite(integers, 0));
    if (kind === 'double')
      total = decimal.addDecimals(
        total,
        decimal.roundToDigits(decimal.fromDouble(doubles + compensation + special), 34),
      );
    return total;
  };

  return {
    add(value) {
      if (typeof value === 'number') {
        if (Number.isInteger(value)) {
          small += value;
          if (small > 1e15 || small < -1e15) flush();
        } else {
          kind = 'double';
          addDouble(value);
        }
      } else if (isLong(value)) {
        if (kind === 'int') kind = 'long';
        integers += bigintOfLong(value);
      } else if (isDecimal(value)) {
        decimals = decimal.addDecimals(decimals ?? decimal.finite(0n, 0), decimal.fromDecimal128(value));
      } else {
        kind = 'double';
        addDouble(value.value);
      }
    },
    get result(): NumberValue {
      const total = decimalTotal();
      if (total) return decimal.toDecimal128(total);
      if (kind === 'double') return double(doubleTotal());
      flush();
      if (!fitsInt64(integers)) return double(Number(integers));
      return kind === 'long' ? longOfBigint(integers) : intOrLong(integers);
    },
    get total() {
      return { decimal: decimalTotal(), double: doubleTotal() };
    },
  };
}

/** Adds the numbers among the values. */
export function sumOf(values: Iterable<Value | undefined>): Sum {
  const sum = createSum();
  for (const value of values) {
    if (typeof value === 'number' || isLong(value) || isDecimal(value)) sum.add(value);
    else if (typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'Double')
      sum.add(value);
  }
  return sum;
}

/** The mean: decimal when a decimal was added, otherwise double. */
export function averageOf(sum: Sum, count: number): NumberValue {
  const { total } = sum;
  if (total.decimal)
    return decimal.toDecimal128(decimal.divideDecimals(total.decimal, decimal.finite(BigInt(count), 0)));
  return double(total.double / count);
}
