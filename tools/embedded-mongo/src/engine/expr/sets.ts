import { typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { encodeKey } from '../keys.ts';
import { binary, constantsLast, expression, nullish, parseArguments, truthy, unary } from './core.ts';
import type { Compiler, Compilers } from './core.ts';
import type { Scope } from './scope.ts';

function keyOf(scope: Scope): (value: Value) => string {
  const { collation } = scope.runtime;
  return (value) => encodeKey(value, collation);
}

function ordered(values: Iterable<Value>, scope: Scope): Value[] {
  return [...values].sort((a, b) => compareValues(a, b, scope.runtime.collation));
}

function operand(operator: string, code: number, value: NonNullable<MaybeValue>): Value[] {
  if (Array.isArray(value)) return value;
  throw new MongoError(code, `All operands of ${operator} must be arrays. One argument is of type: ${typeName(value)}`);
}

/** A set operator of any number of arrays; null when one of them is. */
function setOperator(code: number, apply: (sets: readonly Value[][], scope: Scope) => Value[]): Compiler {
  return (argument, scope, operator) => {
    const parts = constantsLast(parseArguments(argument, scope, operator, 0, Infinity));
    return expression(parts, scope, () => {
      const sets: Value[][] = [];
      for (const part of parts) {
        const value = part.run();
        if (nullish(value)) return null;
        sets.push(operand(operator, code, value));
      }
      return ordered(apply(sets, scope), scope);
    });
  };
}

const setUnion = setOperator(17043, (sets, scope) => {
  const key = keyOf(scope);
  const union = new Map<string, Value>();
  for (const item of sets.flat()) {
    const itemKey = key(item);
    if (!union.has(itemKey)) union.set(itemKey, item);
  }
  return [...union.values()];
});

const setIntersection = setOperator(17047, (sets, scope) => {
  const key = keyOf(scope);
  const last = sets.at(-1);
  if (!last) return [];
  const common = new Map(last.toReversed().map((item) => [key(item), item]));
  for (const set of sets) {
    const keys = new Set(set.map(key));
    for (const itemKey of common.keys()) if (!keys.has(itemKey)) common.delete(itemKey);
  }
  return [...common.values()];
});

const setDifference: Compiler = binary((a, b, scope) => {
  if (nullish(a) || nullish(b)) return null;
  if (!Array.isArray(a)) {
    throw new MongoError(
      17048,
      `both operands of $setDifference must be arrays. First argument is of type: ${typeName(a)}`,
    );
  }
  if (!Array.isArray(b)) {
    throw new MongoError(
      17049,
      `both operands of $setDifference must be arrays. Second argument is of type: ${typeName(b)}`,
    );
  }
  const key = keyOf(scope);
  const taken = new Set(b.map(key));
  const result: Value[] = [];
  for (const item of a) {
    const itemKey = key(item);
    if (!taken.has(itemKey)) result.push(item);
    taken.add(itemKey);
  }
  return result;
});

const setEquals: Compiler = (argument, scope, operator) => {
  const count = Array.isArray(argument) ? argument.length : 1;
  if (count < 2) throw new MongoError(17045, `$setEquals needs at least two arguments had: ${count}`);
  const parts = parseArguments(argument, scope, operator, 2, Infinity);
  const key = keyOf(scope);
  return expression(parts, scope, () => {
    const sets = parts.map((part, i) => {
      const value = part.run();
      if (Array.isArray(value)) return new Set(value.map(key));
      throw new MongoError(
        17044,
        `All operands of $setEquals must be arrays. ${i + 1}-th argument is of type: ${typeName(value)}`,
      );
    });
    const [first] = sets as [Set<string>];
    return sets.every((set) => set.size === first.size && [...set].every((item) => first.has(item)));
  });
};

const setIsSubset: Compiler = binary((a, b, scope) => {
  if (!Array.isArray(a)) {
    throw new MongoError(
      17046,
      `both operands of $setIsSubset must be arrays. First argument is of type: ${typeName(a)}`,
    );
  }
  if (!Array.isArray(b)) {
    throw new MongoError(
      17042,
      `both operands of $setIsSubset must be arrays. Second argument is of type: ${typeName(b)}`,
    );
  }
  const key = keyOf(scope);
  const all = new Set(b.map(key));
  return a.every((item) => all.has(key(item)));
});

function elements(operator: string, code: number, decide: (array: readonly Value[]) => boolean): Compiler {
  return unary((array) => {
    if (!Array.isArray(array))
      throw new MongoError(code, `${operator}'s argument must be an array, but is ${typeName(array)}`);
    return decide(array);
  });
}

export const sets: Compilers = {
  $setUnion: setUnion,
  $setIntersection: setIntersection,
  $setDifference: setDifference,
  $setEquals: setEquals,
  $setIsSubset: setIsSubset,
  $anyElementTrue: elements('$anyElementTrue', 17041, (array) => array.some(truthy)),
  $allElementsTrue: elements('$allElementsTrue', 17040, (array) => array.every(truthy)),
};
