import { typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatValue } from '../format.ts';
import { int32Of } from './arrays.ts';
import { nullish, truthy } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { compileExpression } from './index.ts';
import { namedArguments } from './named.ts';
import { declare } from './scope.ts';
import type { Scope } from './scope.ts';

function elementScope(scope: Scope, name: Value | undefined): [Scope, number] {
  return declare(scope, typeof name === 'string' ? name : 'this');
}

const map: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$map',
    required: {
      input: [16880, "Missing 'input' parameter to $map"],
      in: [16882, "Missing 'in' parameter to $map"],
    },
    optional: ['as'],
    notObject: () => [16878, '$map only supports an object as its argument'],
    unknown: (name) => [16879, `Unrecognized parameter to $map: ${name}`],
  });
  const input = compileExpression(given['input']!, scope);
  const [inner, slot] = elementScope(scope, given['as']);
  const body = compileExpression(given['in']!, inner);
  const { slots } = scope.runtime;
  return {
    constant: false,
    run: () => {
      const array = input.run();
      if (nullish(array)) return null;
      if (!Array.isArray(array)) throw new MongoError(16883, `input to $map must be an array not ${typeName(array)}`);
      const result = new Array<Value>(array.length);
      for (let i = 0; i < array.length; i++) {
        slots[slot] = array[i];
        result[i] = body.run() ?? null;
      }
      return result;
    },
  };
};

const filter: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$filter',
    required: {
      input: [28648, "Missing 'input' parameter to $filter"],
      cond: [28650, "Missing 'cond' parameter to $filter"],
    },
    optional: ['as', 'limit'],
    notObject: () => [28646, '$filter only supports an object as its argument'],
    unknown: (name) => [28647, `Unrecognized parameter to $filter: ${name}`],
  });
  const input = compileExpression(given['input']!, scope);
  const limit = given['limit'] === undefined ? undefined : compileExpression(given['limit'], scope);
  const [inner, slot] = elementScope(scope, given['as']);
  const condition = compileExpression(given['cond']!, inner);
  const { slots } = scope.runtime;
  return {
    constant: false,
    run: () => {
      const array = input.run();
      if (nullish(array)) return null;
      if (!Array.isArray(array))
        throw new MongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
      const most = limitOf(limit);
      const result: Value[] = [];
      for (let i = 0; i < array.length && result.length < most; i++) {
        slots[slot] = array[i];
        if (truthy(condition.run())) result.push(array[i]!);
      }
      return result;
    },
  };
};

function limitOf(limit: Expr | undefined): number {
  const value = limit?.run();
  if (nullish(value)) return Infinity;
  const count = int32Of(value);
  if (count === undefined) {
    throw new MongoError(
      327391,
      `$filter: limit must be represented as a 32-bit integral value: ${formatValue(value)}`,
    );
  }
  if (count <= 0) throw new MongoError(327392, `$filter: limit must be greater than 0: ${count}`);
  return count;
}

const reduce: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$reduce',
    required: {
      input: [40077, "$reduce requires 'input' to be specified"],
      initialValue: [40078, "$reduce requires 'initialValue' to be specified"],
      in: [40079, "$reduce requires 'in' to be specified"],
    },
    notObject: (found) => [40075, `$reduce requires an object as an argument, found: ${typeName(found)}`],
    unknown: (name) => [40076, `$reduce found an unknown argument: ${name}`],
  });
  const input = compileExpression(given['input']!, scope);
  const initial = compileExpression(given['initialValue']!, scope);
  const [withThis, thisSlot] = declare(scope, 'this');
  const [inner, valueSlot] = declare(withThis, 'value');
  const body = compileExpression(given['in']!, inner);
  const { slots } = scope.runtime;
  return {
    constant: false,
    run: () => {
      const array = input.run();
      if (nullish(array)) return null;
      if (!Array.isArray(array)) {
        throw new MongoError(40080, `$reduce requires that 'input' be an array, found: ${formatValue(array)}`);
      }
      let value: MaybeValue = initial.run();
      for (const item of array) {
        slots[thisSlot] = item;
        slots[valueSlot] = value;
        value = body.run();
      }
      return value;
    },
  };
};

export const iteration: Compilers = { $map: map, $filter: filter, $reduce: reduce };
