import { Binary, BsonType, Doc, isNumber, typeName, typeNameOfCode } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { integralOf } from '../numbers.ts';
import { expression, nullish, unary } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { compileNamed, namedArguments } from './named.ts';
import { conversions } from './convert-values.ts';
import type { Target } from './convert-values.ts';
import { compileExpression } from './index.ts';

function targetOf(value: MaybeValue): Target | undefined {
  const spec = value instanceof Doc ? value.get('type') : value;
  if (nullish(spec)) return undefined;
  if (typeof spec === 'string') {
    if (!Object.hasOwn(BsonType, spec)) throw new MongoError(2, `Unknown type name: ${spec}`);
    return spec as Target;
  }
  if (!isNumber(spec))
    throw new MongoError(9, `$convert's 'to' argument must be a string or number, but is ${typeName(spec)}`);
  const code = integralOf(spec);
  const name = code === undefined ? 'unknown' : typeNameOfCode(Number(code));
  if (name === 'unknown') {
    throw new MongoError(
      9,
      `In $convert, numeric value for 'to' does not correspond to a BSON type: ${String(code ?? spec)}`,
    );
  }
  return name as Target;
}

/** Converts a value that is not null to the type. @throws MongoError ConversionFailure. */
function convertValue(value: Value, target: Target, format?: MaybeValue): MaybeValue {
  const convert = Object.hasOwn(conversions, target) ? conversions[target] : undefined;
  const result = convert?.(value, format);
  if (result === undefined) {
    throw new MongoError(
      241,
      `Unsupported conversion from ${typeName(value)} to ${target} in $convert with no onError value`,
    );
  }
  return result;
}

const FORMATS = new Set(['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid']);

function checkFormat(format: MaybeValue): void {
  if (nullish(format) || (typeof format === 'string' && FORMATS.has(format))) return;
  throw new MongoError(4341125, `Invalid 'format' argument for $convert: ${String(format)}`);
}

const convert: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$convert',
    required: {
      input: [9, "Missing 'input' parameter to $convert"],
      to: [9, "Missing 'to' parameter to $convert"],
    },
    optional: ['onError', 'onNull', 'format', 'base', 'byteOrder'],
    notObject: (found) => [9, `$convert expects an object of named arguments but found: ${typeName(found)}`],
    unknown: (name) => [9, `$convert found an unknown argument: ${name}`],
  });
  for (const option of ['base', 'byteOrder'] as const) {
    if (given[option] !== undefined) throw new MongoError(238, `the option '${option}' of $convert is not supported`);
  }
  const { input, to, onError, onNull, format } = compileNamed(
    given,
    ['input', 'to', 'onError', 'onNull', 'format'],
    scope,
  );
  const parts = [input!, to!, onError, onNull, format].filter((part) => part !== undefined);
  return expression(parts, scope, () => {
    const value = input!.run();
    if (nullish(value)) return onNull ? onNull.run() : null;
    const target = targetOf(to!.run());
    if (target === undefined) return null;
    if (format) checkFormat(format.run());
    if (!onError) return convertValue(value, target, format?.run());
    try {
      return convertValue(value, target, format?.run());
    } catch (error) {
      if (error instanceof MongoError && error.code === 241) return onError.run();
      throw error;
    }
  });
};

/** `$toInt` and the like: `$convert` to a fixed type. */
function to(target: Target): Compiler {
  return (argument, scope, operator) => {
    if (Array.isArray(argument) && argument.length !== 1) {
      throw new MongoError(50723, `${operator} requires a single argument, got ${argument.length}`);
    }
    const part: Expr = compileExpression(Array.isArray(argument) ? argument[0]! : argument, scope);
    return expression([part], scope, () => {
      const value = part.run();
      return nullish(value) ? null : convertValue(value, target);
    });
  };
}

const toUuid: Compiler = unary((value) => {
  if (nullish(value)) return null;
  const hex = typeof value === 'string' ? value.replaceAll('-', '') : '';
  if (!/^[0-9a-f]{32}$/i.test(hex)) {
    throw new MongoError(
      241,
      `Failed to parse BinData '${String(value)}' in $convert with no onError value: Invalid UUID string: ${String(value)}`,
    );
  }
  return new Binary(Buffer.from(hex, 'hex'), 4);
});

const type: Compiler = unary((value) => typeName(value));

export const conversion: Compilers = {
  $convert: convert,
  $toInt: to('int'),
  $toLong: to('long'),
  $toDouble: to('double'),
  $toDecimal: to('decimal'),
  $toString: to('string'),
  $toBool: to('bool'),
  $toDate: to('date'),
  $toObjectId: to('objectId'),
  $toUUID: toUuid,
  $type: type,
  $isNumber: unary((value) => isNumber(value)),
};
