import { Doc, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { compareValues } from '../compare.ts';
import { MongoError } from '../errors.ts';
import { countOfN, deviation, parseN, parsePercentile, percentiles } from '../expr/accumulating.ts';
import { nullish } from '../expr/core.ts';
import { compileExpression } from '../expr/index.ts';
import { averageOf, createSum } from '../expr/math.ts';
import { mergeInto } from '../expr/objects.ts';
import type { Scope } from '../expr/scope.ts';
import { encodeKey } from '../keys.ts';
import { numberOf } from '../numbers.ts';
import { rankingAccumulators } from './ranking.ts';

/** Gathers one value over documents; reads the current document from the runtime. */
export interface Accumulator {
  add(): void;
  result(): MaybeValue;
}

/** Starts an accumulator for a new group. */
export type AccumulatorFactory = () => Accumulator;

export type AccumulatorCompiler = (argument: Value, scope: Scope, operator: string) => AccumulatorFactory;

/** An accumulator over the values of one expression. */
function over(create: (scope: Scope) => { add(value: MaybeValue): void; result(): MaybeValue }): AccumulatorCompiler {
  return (argument, scope, operator) => {
    if (Array.isArray(argument)) throw new MongoError(40237, `The ${operator} accumulator is a unary operator`);
    const { run } = compileExpression(argument, scope);
    return () => {
      const state = create(scope);
      return { add: () => state.add(run()), result: () => state.result() };
    };
  };
}

const sum = over(() => {
  const total = createSum();
  return {
    add: (value) => {
      if (isNumber(value)) total.add(value);
    },
    result: () => total.result,
  };
});

const average = over(() => {
  const total = createSum();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      total.add(value);
      count++;
    },
    result: () => (count === 0 ? null : averageOf(total, count)),
  };
});

function extreme(sign: 1 | -1): AccumulatorCompiler {
  return over(({ runtime }) => {
    let best: MaybeValue;
    return {
      add: (value) => {
        if (nullish(value)) return;
        if (best === undefined || compareValues(value, best, runtime.collation) * sign > 0) best = value;
      },
      result: () => best ?? null,
    };
  });
}

const first = over(() => {
  let value: MaybeValue;
  let met = false;
  return {
    add: (next) => {
      if (met) return;
      value = next;
      met = true;
    },
    result: () => value ?? null,
  };
});

const last = over(() => {
  let value: MaybeValue;
  return {
    add: (next) => {
      value = next;
    },
    result: () => value ?? null,
  };
});

const push = over(() => {
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    // A copy, because a running window goes on adding.
    result: () => values.slice(),
  };
});

const addToSet = over(({ runtime }) => {
  const values = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = encodeKey(value, runtime.collation);
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
});

function standardDeviation(sample: boolean): AccumulatorCompiler {
  return over(() => {
    const numbers: NumberValue[] = [];
    return {
      add: (value) => {
        if (isNumber(value)) numbers.push(value);
      },
      result: () => deviation(numbers, sample),
    };
  });
}

const mergeObjects = over(() => {
  const merged = new Doc();
  return { add: (value) => mergeInto(merged, value), result: () => merged.clone() };
});

function joiningArrays(operator: string, distinct: boolean): AccumulatorCompiler {
  return over(({ runtime }) => {
    const values: Value[] = [];
    const seen = new Set<string>();
    return {
      add: (value) => {
        if (value === undefined) return;
        if (!Array.isArray(value)) {
          throw new MongoError(
            14,
            `${operator} requires array inputs, but input ${String(value)} is of type ${typeName(value)}`,
          );
        }
        for (const item of value) {
          const key = distinct ? encodeKey(item, runtime.collation) : '';
          if (distinct && seen.has(key)) continue;
          seen.add(key);
          values.push(item);
        }
      },
      result: () => values.slice(),
    };
  });
}

const count: AccumulatorCompiler = (argument) => {
  if (!(argument instanceof Doc) || argument.size > 0)
    throw new MongoError(14, '$count takes no arguments, i.e. $count:{}');
  return () => {
    let total = 0;
    return { add: () => void total++, result: () => total };
  };
};

/** `$firstN` and the like: the values kept, then the choice among them. */
function takingN(pick: (values: Value[], n: number, scope: Scope) => Value[], keepsNull: boolean): AccumulatorCompiler {
  return (argument, scope, operator) => {
    const { input, n } = parseN(operator, argument);
    const value = compileExpression(input, scope);
    const size = compileExpression(n, scope);
    return () => {
      const wanted = countOfN(size.run());
      const values: Value[] = [];
      return {
        add: () => {
          const next = value.run();
          if (keepsNull || !nullish(next)) values.push(next ?? null);
        },
        result: () => pick(values, wanted, scope),
      };
    };
  };
}

function extremeN(sign: 1 | -1): AccumulatorCompiler {
  return takingN(
    (values, n, { runtime }) => values.toSorted((a, b) => compareValues(a, b, runtime.collation) * -sign).slice(0, n),
    false,
  );
}

const percentile: AccumulatorCompiler = (argument, scope, operator) => {
  const { input, shares } = parsePercentile(operator, argument);
  const value = compileExpression(input, scope);
  return () => {
    const numbers: number[] = [];
    return {
      add: () => {
        const next = value.run();
        if (isNumber(next)) numbers.push(numberOf(next));
      },
      result: () => percentiles(numbers, operator, shares),
    };
  };
};

const ACCUMULATORS: Readonly<Record<string, AccumulatorCompiler>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: first,
  $last: last,
  $push: push,
  $addToSet: addToSet,
  $stdDevPop: standardDeviation(false),
  $stdDevSamp: standardDeviation(true),
  $mergeObjects: mergeObjects,
  $concatArrays: joiningArrays('$concatArrays', false),
  $setUnion: joiningArrays('$setUnion', true),
  $count: count,
  $firstN: takingN((values, n) => values.slice(0, n), true),
  $lastN: takingN((values, n) => values.slice(-n), true),
  $maxN: extremeN(1),
  $minN: extremeN(-1),
  $median: percentile,
  $percentile: percentile,
  ...rankingAccumulators,
};

/** The compiler of an accumulator; undefined when there is none of that name. */
export function findAccumulator(name: string): AccumulatorCompiler | undefined {
  return Object.hasOwn(ACCUMULATORS, name) ? ACCUMULATORS[name] : undefined;
}
