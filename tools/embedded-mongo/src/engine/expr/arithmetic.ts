import { dateAt, decimal, double, isDecimal, isLong, isNumber, millisecondsOf, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { bigintOfLong, integralOf, kindOf, longOfBigint, numberOf } from '../numbers.ts';
import { expression, nullish, parseArguments, unary } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { add, divide, isZero, multiply, remainder, subtract } from './math.ts';
import { power, rounding } from './rounding.ts';
import { transcendental } from './transcendental.ts';

const addOperator: Compiler = (argument, scope, operator) => {
  const parts = parseArguments(argument, scope, operator, 0, Infinity);
  return expression(parts, scope, () => addAll(parts));
};

function addAll(parts: readonly Expr[]): MaybeValue {
  let sum: NumberValue = 0;
  let date: Date | undefined;
  for (const part of parts) {
    const value = part.run();
    if (isNumber(value)) sum = add(sum, value);
    else if (nullish(value)) return null;
    else if (value instanceof Date) {
      if (date) throw new MongoError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else throw new MongoError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
  }
  return date ? shiftDate(date, sum) : sum;
}

function shiftDate(date: Date, milliseconds: NumberValue): Date {
  const shift = isDecimal(milliseconds)
    ? decimal.toDouble(decimal.roundToExponent(decimal.fromDecimal128(milliseconds), 0))
    : roundHalfAway(numberOf(milliseconds));
  if (!Number.isFinite(shift)) throw new MongoError(15, 'date overflow');
  const time = millisecondsOf(date) + BigInt(shift);
  if (BigInt.asIntN(64, time) !== time) throw new MongoError(15, 'date overflow');
  return dateAt(time);
}

function roundHalfAway(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

function subtractValues(a: MaybeValue, b: MaybeValue): MaybeValue {
  if (isNumber(a) && isNumber(b)) return subtract(a, b);
  if (nullish(a) || nullish(b)) return null;
  if (a instanceof Date) {
    if (b instanceof Date) return longOfBigint(millisecondsOf(a) - millisecondsOf(b));
    if (isNumber(b)) return shiftDate(a, subtract(0, b));
    throw new MongoError(14, `can't $subtract ${typeName(b)} from Date`);
  }
  throw new MongoError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

const subtractOperator: Compiler = (argument, scope, operator) => {
  const [a, b] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
  return expression([a, b], scope, () => {
    // The right side comes first, which decides whose error is told.
    const right = b.run();
    return subtractValues(a.run(), right);
  });
};

const multiplyOperator: Compiler = (argument, scope, operator) => {
  const parts = parseArguments(argument, scope, operator, 0, Infinity);
  return expression(parts, scope, () => {
    let product: NumberValue = 1;
    for (const part of parts) {
      const value = part.run();
      if (isNumber(value)) product = multiply(product, value);
      else if (nullish(value)) return null;
      else throw new MongoError(14, `$multiply only supports numeric types, not ${typeName(value)}`);
    }
    return product;
  });
};

function quotient(a: MaybeValue, b: MaybeValue): MaybeValue {
  if (nullish(a) || nullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new MongoError(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (isZero(b)) throw new MongoError(2, "can't $divide by zero");
  return divide(a, b);
}

function modulo(a: MaybeValue, b: MaybeValue): MaybeValue {
  if (nullish(a) || nullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new MongoError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (isZero(b)) throw new MongoError(16610, "can't $mod by zero");
  return remainder(a, b);
}

function two(apply: (a: MaybeValue, b: MaybeValue) => MaybeValue): Compiler {
  return (argument, scope, operator) => {
    const [a, b] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
    return expression([a, b], scope, () => apply(a.run(), b.run()));
  };
}

/** An operator on one number; null stays null, other types are refused. */
export function numeric(operator: string, apply: (value: NumberValue) => MaybeValue): Compiler {
  return unary((value) => {
    if (nullish(value)) return null;
    if (!isNumber(value))
      throw new MongoError(28765, `${operator} only supports numeric types, not ${typeName(value)}`);
    return apply(value);
  });
}

function absolute(value: NumberValue): MaybeValue {
  if (isDecimal(value)) return decimal.toDecimal128({ ...decimal.fromDecimal128(value), negative: false });
  if (isLong(value)) {
    const number = bigintOfLong(value);
    if (number === -(2n ** 63n)) throw new MongoError(28680, "can't take $abs of long long min");
    return number < 0n ? longOfBigint(-number) : value;
  }
  const number = Math.abs(numberOf(value));
  if (kindOf(value) !== 'int') return double(number);
  return number > 2147483647 ? longOfBigint(BigInt(number)) : number;
}

function bitwise(start: bigint, apply: (a: bigint, b: bigint) => bigint): Compiler {
  return (argument, scope, operator) => {
    const parts = parseArguments(argument, scope, operator, 0, Infinity);
    return expression(parts, scope, () => {
      let result = start;
      let long = false;
      for (const part of parts) {
        const value = part.run();
        if (nullish(value)) return null;
        if (!isBitwise(value)) throw new MongoError(14, `${operator} only supports int and long operands.`);
        if (isLong(value)) long = true;
        result = apply(result, integralOf(value)!);
      }
      return long ? longOfBigint(result) : Number(BigInt.asIntN(32, result));
    });
  };
}

function isBitwise(value: Value): value is NumberValue {
  return isLong(value) || (typeof value === 'number' && Number.isInteger(value));
}

const bitNot: Compiler = unary((value) => {
  if (nullish(value)) return null;
  if (!isBitwise(value)) throw new MongoError(14, `$bitNot only supports int and long, not: ${typeName(value)}.`);
  return isLong(value) ? longOfBigint(~bigintOfLong(value)) : ~(value as number);
});

export const arithmetic: Compilers = {
  $add: addOperator,
  $subtract: subtractOperator,
  $multiply: multiplyOperator,
  $divide: two(quotient),
  $mod: two(modulo),
  $abs: numeric('$abs', absolute),
  $pow: two(power),
  $bitAnd: bitwise(-1n, (a, b) => a & b),
  $bitOr: bitwise(0n, (a, b) => a | b),
  $bitXor: bitwise(0n, (a, b) => a ^ b),
  $bitNot: bitNot,
  ...rounding(numeric),
  ...transcendental(numeric),
};
