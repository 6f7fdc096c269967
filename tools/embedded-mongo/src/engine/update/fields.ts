import { Doc, isLong, isNumber, Timestamp, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { add, multiply } from '../expr/math.ts';
import { formatElement, formatTight, formatValue } from '../format.ts';
import { identicalValues } from '../identical.ts';
import { bigintOfLong, integralOf, kindOf, longOfBigint } from '../numbers.ts';
import type { FieldUpdate, UpdateContext } from './types.ts';

/** Makes the update function of one operator from its argument. */
export type FieldOperator = (argument: Value, path: string) => FieldUpdate;

const set: FieldOperator = (argument) => (current) => (identicalValues(current, argument) ? current : argument);

const unset: FieldOperator = () => () => undefined;

function arithmetic(
  verb: 'increment' | 'multiply',
  operator: '$inc' | '$mul',
  apply: (a: NumberValue, b: NumberValue) => NumberValue,
): FieldOperator {
  return (argument, path) => {
    if (!isNumber(argument)) {
      throw new MongoError(14, `Cannot ${verb} with non-numeric argument: {${formatElement(path, argument)}}`);
    }
    return (current, context, field) => {
      if (current === undefined) return operator === '$inc' ? argument : multiply(argument, 0);
      if (!isNumber(current)) {
        throw new MongoError(
          14,
          `Cannot apply ${operator} to a value of non-numeric type. {${context.idText}} has the field '${field}' of ` +
            `non-numeric type ${typeName(current)}`,
        );
      }
      const result = apply(current, argument);
      checkOverflow(current, argument, result, operator, context);
      return identicalValues(result, current) ? current : result;
    };
  };
}

// Integers must stay integers: an update never turns an overflow into a double.
function checkOverflow(
  a: NumberValue,
  b: NumberValue,
  result: NumberValue,
  operator: string,
  context: UpdateContext,
): void {
  const whole = (value: NumberValue): boolean => ['int', 'long'].includes(kindOf(value));
  if (!whole(a) || !whole(b) || whole(result)) return;
  const shown = isLong(a) ? `(NumberLong)${a.toString()}` : `(NumberInt)${String(a)}`;
  throw new MongoError(
    2,
    `Failed to apply ${operator} operations to current value (${shown}) for document {${context.idText}}`,
  );
}

function extreme(sign: 1 | -1): FieldOperator {
  return (argument) =>
    (current, { collation }) =>
      current === undefined || compareValues(argument, current, collation) * sign > 0 ? argument : current;
}

const currentDate: FieldOperator = (argument) => {
  const type = argument instanceof Doc ? argument.get('$type') : argument;
  if (argument instanceof Doc) {
    for (const key of argument.keys)
      if (key !== '$type') throw new MongoError(2, `Unrecognized $currentDate option: ${key}`);
    if (type !== 'date' && type !== 'timestamp') {
      throw new MongoError(
        2,
        "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
      );
    }
  } else if (typeof argument !== 'boolean') {
    throw new MongoError(
      2,
      `${typeName(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ` +
        "({$type: 'timestamp/date'}).",
    );
  }
  if (type !== 'timestamp') return (_current, { now }) => now;
  return (_current, { now }) => new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
};

const BITS: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const bit: FieldOperator = (argument, path) => {
  if (!(argument instanceof Doc)) {
    throw new MongoError(
      2,
      `The $bit modifier is not compatible with a ${typeName(argument)}. You must pass in an embedded document: ` +
        '{$bit: {field: {and/or/xor: #}}',
    );
  }
  if (argument.size === 0) {
    throw new MongoError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  const steps = argument.keys.map((name, i) => bitStep(name, argument.values[i]!, argument));
  return (current, { idText }) => {
    let result: NumberValue = 0;
    if (current !== undefined) {
      if (!isInteger(current)) {
        throw new MongoError(
          2,
          `Cannot apply $bit to a value of non-integral type.${idText} has the field ${lastPart(path)} of non-integer ` +
            `type ${typeName(current)}`,
        );
      }
      result = current;
    }
    for (const step of steps) result = step(result);
    return identicalValues(result, current) ? current : result;
  };
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function isInteger(value: MaybeValue): value is NumberValue {
  return isNumber(value) && ['int', 'long'].includes(kindOf(value));
}

function bitStep(name: string, operand: Value, argument: Doc): (value: NumberValue) => NumberValue {
  const apply = Object.hasOwn(BITS, name) ? BITS[name] : undefined;
  if (!apply) {
    throw new MongoError(
      2,
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: ${formatTight(argument)}`,
    );
  }
  if (!isInteger(operand)) {
    throw new MongoError(
      2,
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here: ${formatTight(argument)}`,
    );
  }
  return (value) => {
    const result = apply(whole(value), whole(operand));
    return isLong(value) || isLong(operand) ? longOfBigint(result) : Number(result);
  };
}

const whole = (value: NumberValue): bigint => (isLong(value) ? bigintOfLong(value) : integralOf(value)!);

export const fieldOperators: Readonly<Record<string, FieldOperator>> = {
  $set: set,
  $setOnInsert: set,
  $unset: unset,
  $inc: arithmetic('increment', '$inc', add),
  $mul: arithmetic('multiply', '$mul', multiply),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $bit: bit,
};

/** `$rename` takes its checks at parse time; the move itself is done by the application. */
export function checkRename(from: string, argument: Value): string {
  if (typeof argument !== 'string') {
    throw new MongoError(2, `The 'to' field for $rename must be a string: ${formatElement(from, argument)}`);
  }
  if (from === argument) {
    throw new MongoError(2, `The source and target field for $rename must differ: ${from}: ${formatValue(argument)}`);
  }
  if (argument.startsWith(`${from}.`) || from.startsWith(`${argument}.`)) {
    throw new MongoError(
      2,
      `The source and target field for $rename must not be on the same path: ${from}: ${formatValue(argument)}`,
    );
  }
  for (const path of [from, argument]) {
    if (path.split('.').some((part) => part.startsWith('$') && /^\$(\[.*\])?$/.test(part))) {
      const role = path === from ? 'source' : 'destination';
      throw new MongoError(2, `The ${role} field for $rename may not be dynamic: ${path}`);
    }
  }
  return argument;
}
