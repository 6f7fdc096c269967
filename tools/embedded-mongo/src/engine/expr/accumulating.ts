import { Doc, double, isNumber } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { formatElement, formatValue } from '../format.ts';
import { integralOf, numberOf } from '../numbers.ts';
import { constantsLast, expression, nullish, parseArguments } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';
import { compileExpression } from './index.ts';
import { averageOf, sumOf } from './math.ts';
import { namedArguments } from './named.ts';
import type { Scope } from './scope.ts';

/** `$sum`, `$avg` and so on as expressions: over their arguments, or over the array that a single one gives. */
function over(apply: (values: readonly MaybeValue[], scope: Scope) => MaybeValue): Compiler {
  return (argument, scope, operator) => {
    const parts = constantsLast(parseArguments(argument, scope, operator, 0, Infinity));
    if (parts.length === 1) {
      const [only] = parts as [Expr];
      return expression(parts, scope, () => {
        const value = only.run();
        return apply(Array.isArray(value) ? value : [value], scope);
      });
    }
    return expression(parts, scope, () =>
      apply(
        parts.map((part) => part.run()),
        scope,
      ),
    );
  };
}

function average(values: readonly MaybeValue[]): MaybeValue {
  const numbers = values.filter(isNumber);
  return numbers.length === 0 ? null : averageOf(sumOf(numbers), numbers.length);
}

function extreme(sign: 1 | -1): Compiler {
  return over((values, scope) => {
    let best: MaybeValue = null;
    for (const value of values) {
      if (nullish(value)) continue;
      if (best === null || compareValues(value, best, scope.runtime.collation) * sign > 0) best = value;
    }
    return best;
  });
}

/** The standard deviation of numbers; null for too few of them. */
export function deviation(numbers: readonly NumberValue[], sample: boolean): MaybeValue {
  let mean = 0;
  let squares = 0;
  let count = 0;
  for (const value of numbers) {
    count++;
    const x = numberOf(value);
    const delta = x - mean;
    mean += delta / count;
    squares += delta * (x - mean);
  }
  const by = sample ? count - 1 : count;
  return by <= 0 ? null : double(Math.sqrt(squares / by));
}

/** How many elements `$firstN` and the like take. */
export function countOfN(value: MaybeValue): number {
  const whole = isNumber(value) ? integralOf(value) : undefined;
  if (whole === undefined)
    throw new MongoError(5787902, `Value for 'n' must be of integral type, but found ${formatValue(value)}`);
  if (whole <= 0n) throw new MongoError(5787908, `'n' must be greater than 0, found ${whole}`);
  return Number(whole);
}

/** Reads `{input, n}`. */
export function parseN(operator: string, argument: Value): { readonly input: Value; readonly n: Value } {
  const given = namedArguments(argument, {
    operator,
    required: { input: [5787907, "Missing value for 'input'"], n: [5787906, "Missing value for 'n'"] },
    notObject: (found) => [5787900, `specification must be an object; found ${formatElement(operator, found)}`],
    unknown: (name) => [5787901, `Unknown argument for 'n' operator: ${name}`],
  });
  return { input: given['input']!, n: given['n']! };
}

function takingN(pick: (array: Value[], n: number, scope: Scope) => Value[]): Compiler {
  return (argument, scope, operator) => {
    const { input, n } = parseN(operator, argument);
    const array = compileExpression(input, scope);
    const count = compileExpression(n, scope);
    return expression([array, count], scope, () => {
      const size = countOfN(count.run());
      const values = array.run();
      if (!Array.isArray(values)) throw new MongoError(5788200, 'Input must be an array');
      return pick(values, size, scope);
    });
  };
}

function extremeN(sign: 1 | -1): Compiler {
  return takingN((array, n, { runtime }) =>
    array
      .filter((value) => value !== null)
      .sort((a, b) => compareValues(a, b, runtime.collation) * -sign)
      .slice(0, n),
  );
}

/** The value at a share of the sorted numbers. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

/** Reads the arguments that `$median` and `$percentile` share. */
export function parsePercentile(
  operator: string,
  argument: Value,
): { readonly input: Value; readonly shares: readonly number[] } {
  const many = operator === '$percentile';
  if (!(argument instanceof Doc)) {
    throw new MongoError(
      many ? 7429703 : 7436100,
      `specification must be an object; found ${formatElement(operator, argument)}`,
    );
  }
  for (const key of argument.keys) {
    if (!['input', 'method', ...(many ? ['p'] : [])].includes(key))
      throw new MongoError(40415, `BSON field '${operator}.${key}' is an unknown field.`);
  }
  const missing = ['input', ...(many ? ['p'] : []), 'method'].find((name) => !argument.has(name));
  if (missing !== undefined)
    throw new MongoError(40414, `BSON field '${operator}.${missing}' is missing but a required field`);
  if (argument.get('method') !== 'approximate')
    throw new MongoError(2, "Currently only 'approximate' can be used as a percentile 'method'.");
  return { input: argument.get('input')!, shares: many ? sharesOf(argument.get('p')!) : [0.5] };
}

function sharesOf(value: Value): number[] {
  const wanted = "The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ";
  if (!Array.isArray(value) || value.length === 0) throw new MongoError(7750301, wanted + formatValue(value));
  return value.map((item) => {
    if (!isNumber(item)) throw new MongoError(7750302, wanted + formatValue(item));
    const share = numberOf(item);
    if (!(share >= 0 && share <= 1)) throw new MongoError(7750303, wanted + formatValue(item));
    return share;
  });
}

/** The result of `$median` or `$percentile` over the numbers met. */
export function percentiles(numbers: number[], operator: string, shares: readonly number[]): MaybeValue {
  const sorted = numbers.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const results = shares.map((share) => (sorted.length === 0 ? null : double(percentile(sorted, share))));
  return operator === '$median' ? results[0]! : results;
}

const percentileExpression: Compiler = (argument, scope, operator) => {
  const { input, shares } = parsePercentile(operator, argument);
  const part = compileExpression(input, scope);
  return expression([part], scope, () => {
    const value = part.run();
    const numbers = (Array.isArray(value) ? value : [value]).filter(isNumber).map(numberOf);
    return percentiles(numbers, operator, shares);
  });
};

export const accumulatorExpressions: Compilers = {
  $sum: over((values) => sumOf(values).result),
  $avg: over(average),
  $max: extreme(1),
  $min: extreme(-1),
  $stdDevPop: over((values) => deviation(values.filter(isNumber), false)),
  $stdDevSamp: over((values) => deviation(values.filter(isNumber), true)),
  $maxN: extremeN(1),
  $minN: extremeN(-1),
  $firstN: takingN((array, n) => array.slice(0, n)),
  $lastN: takingN((array, n) => array.slice(-n)),
  $median: percentileExpression,
  $percentile: percentileExpression,
};
