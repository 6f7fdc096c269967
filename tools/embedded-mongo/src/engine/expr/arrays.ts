import { isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { compareValues, equalValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { formatValue } from '../format.ts';
import { integralOf } from '../numbers.ts';
import { binary, expression, nullish, unary, variadic } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { iteration } from './iteration.ts';
import { compileExpression } from './index.ts';
import { namedArguments } from './named.ts';
import { sortArray } from './sort-array.ts';

const size: Compiler = unary((value) => {
  if (Array.isArray(value)) return value.length;
  throw new MongoError(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`);
});

/** An argument that must be a 32-bit integer. */
export function int32Of(value: MaybeValue): number | undefined {
  const whole = isNumber(value) ? integralOf(value) : undefined;
  return whole !== undefined && whole >= -2147483648n && whole <= 2147483647n ? Number(whole) : undefined;
}

const arrayElemAt: Compiler = binary((array, index) => {
  if (nullish(array) || nullish(index)) return null;
  if (!Array.isArray(array))
    throw new MongoError(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`);
  if (!isNumber(index)) {
    throw new MongoError(28690, `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`);
  }
  const at = int32Of(index);
  if (at === undefined) {
    throw new MongoError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${formatValue(index)}`,
    );
  }
  return array.at(at);
});

function end(operator: string, pick: (array: readonly Value[]) => MaybeValue): Compiler {
  return unary((array) => {
    if (nullish(array)) return null;
    if (!Array.isArray(array))
      throw new MongoError(28689, `${operator}'s argument must be an array, but is ${typeName(array)}`);
    return pick(array);
  });
}

const slice: Compiler = variadic(2, 3, (values) => {
  const [array, second, third] = values;
  if (nullish(array) || nullish(second) || (values.length === 3 && nullish(third))) return null;
  if (!Array.isArray(array))
    throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`);
  if (!isNumber(second))
    throw new MongoError(
      28725,
      `Second argument to $slice must be a numeric value, but is of type: ${typeName(second)}`,
    );
  const from = int32Of(second);
  if (from === undefined) {
    throw new MongoError(
      28726,
      `Second argument to $slice can't be represented as a 32-bit integer: ${formatValue(second)}`,
    );
  }
  if (values.length === 2) return from >= 0 ? array.slice(0, from) : array.slice(from);
  if (!isNumber(third))
    throw new MongoError(28727, `Third argument to $slice must be numeric, but is of type: ${typeName(third)}`);
  const count = int32Of(third);
  if (count === undefined) {
    throw new MongoError(
      28728,
      `Third argument to $slice can't be represented as a 32-bit integer: ${formatValue(third)}`,
    );
  }
  if (count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${formatValue(third)}`);
  const start = from >= 0 ? from : Math.max(0, array.length + from);
  return array.slice(start, start + count);
});

const concatArrays: Compiler = variadic(0, Infinity, (values) => {
  const result: Value[] = [];
  for (const value of values) {
    if (nullish(value)) return null;
    if (!Array.isArray(value))
      throw new MongoError(28664, `$concatArrays only supports arrays, not ${typeName(value)}`);
    for (const item of value) result.push(item);
  }
  return result;
});

const reverseArray: Compiler = unary((array) => {
  if (nullish(array)) return null;
  if (!Array.isArray(array)) {
    throw new MongoError(34435, `The argument to $reverseArray must be an array, but was of type: ${typeName(array)}`);
  }
  return array.toReversed();
});

const RANGE_CODES = { starting: [34443, 34444], ending: [34445, 34446], step: [34447, 34448] } as const;

function rangeBound(name: 'starting' | 'ending' | 'step', value: MaybeValue): number {
  const [typeCode, rangeCode] = RANGE_CODES[name];
  if (!isNumber(value)) {
    const gap = name === 'step' ? '' : ' ';
    throw new MongoError(
      typeCode,
      `$range requires a numeric ${name} value, found value of type:${gap}${typeName(value)}`,
    );
  }
  const bound = int32Of(value);
  if (bound === undefined) {
    const article = name === 'ending' ? 'an' : 'a';
    throw new MongoError(
      rangeCode,
      `$range requires ${article} ${name} value that can be represented as a 32-bit integer, found value: ${formatValue(value)}`,
    );
  }
  return bound;
}

const range: Compiler = variadic(2, 3, (values) => {
  const start = rangeBound('starting', values[0]);
  const stop = rangeBound('ending', values[1]);
  const step = values.length === 3 ? rangeBound('step', values[2]) : 1;
  if (step === 0) throw new MongoError(34449, '$range requires a non-zero step value');
  const result: Value[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) result.push(i);
  return result;
});

const zip: Compiler = (argument, scope) => {
  const given = namedArguments(argument, {
    operator: '$zip',
    required: { inputs: [34465, '$zip requires at least one input array'] },
    optional: ['useLongestLength', 'defaults'],
    notObject: (found) => [34460, `$zip only supports an object as an argument, found ${typeName(found)}`],
    unknown: (name) => [34464, `$zip found an unknown argument: ${name}`],
  });
  const inputs = given['inputs']!;
  const longest = given['useLongestLength'] ?? false;
  const fallback = given['defaults'] ?? [];
  if (!Array.isArray(inputs))
    throw new MongoError(34461, `inputs must be an array of expressions, found ${typeName(inputs)}`);
  if (!Array.isArray(fallback))
    throw new MongoError(34462, `defaults must be an array of expressions, found ${typeName(fallback)}`);
  if (typeof longest !== 'boolean')
    throw new MongoError(34463, `useLongestLength must be a bool, found ${typeName(longest)}`);
  if (inputs.length === 0) throw new MongoError(34465, '$zip requires at least one input array');
  if (fallback.length > 0 && fallback.length !== inputs.length) {
    throw new MongoError(34467, 'defaults and inputs must have the same length');
  }
  if (!longest && fallback.length > 0)
    throw new MongoError(34466, 'cannot specify defaults unless useLongestLength is true');
  const arrays = inputs.map((input) => compileExpression(input, scope));
  const defaults = fallback.map((item) => compileExpression(item, scope));
  return expression([...arrays, ...defaults], scope, () => zipArrays(arrays, defaults, longest));
};

function zipArrays(inputs: readonly Expr[], defaults: readonly Expr[], longest: boolean): MaybeValue {
  const arrays: Value[][] = [];
  let missing = false;
  for (const input of inputs) {
    const value = input.run();
    if (nullish(value)) missing = true;
    else if (Array.isArray(value)) arrays.push(value);
    else throw new MongoError(34468, `$zip found a non-array expression in input: ${formatValue(value)}`);
  }
  if (missing) return null;
  const lengths = arrays.map((array) => array.length);
  const count = longest ? Math.max(...lengths) : Math.min(...lengths);
  return Array.from({ length: count }, (_, i) => arrays.map((array, j) => array[i] ?? defaults[j]?.run() ?? null));
}

const indexOfArray: Compiler = variadic(2, 4, ([array, wanted, start, stop], scope) => {
  if (nullish(array)) return null;
  if (!Array.isArray(array)) {
    throw new MongoError(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`);
  }
  const from = indexBound('starting', start, 0);
  const to = Math.min(indexBound('ending', stop, array.length), array.length);
  for (let i = from; i < to; i++) if (equalValues(array[i], wanted, scope.runtime.collation)) return i;
  return -1;
});

function indexBound(which: string, value: MaybeValue, fallback: number): number {
  if (value === undefined) return fallback;
  const index = int32Of(value);
  if (index === undefined) {
    throw new MongoError(
      9711600,
      `$indexOfArrayrequires an integral ${which} index, found a value of type: ${typeName(value)}, with value: ${formatValue(value)}`,
    );
  }
  if (index < 0) throw new MongoError(9711601, `$indexOfArray requires a nonnegative ${which} index, found: ${index}`);
  return index;
}

const inOperator: Compiler = binary((value, array, scope) => {
  if (!Array.isArray(array))
    throw new MongoError(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
  const { collation } = scope.runtime;
  return array.some((item) => compareValues(item, value, collation) === 0);
});

export const arrays: Compilers = {
  $size: size,
  $arrayElemAt: arrayElemAt,
  $first: end('$first', (array) => array[0]),
  $last: end('$last', (array) => array.at(-1)),
  $slice: slice,
  $concatArrays: concatArrays,
  $reverseArray: reverseArray,
  $range: range,
  $zip: zip,
  $indexOfArray: indexOfArray,
  $in: inOperator,
  $isArray: unary((value) => Array.isArray(value)),
  $sortArray: sortArray,
  ...iteration,
};
