import { decimal, Doc, double, isDecimal, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { nullish } from '../expr/core.ts';
import { compileExpression } from '../expr/index.ts';
import { add, divide, multiply, subtract } from '../expr/math.ts';
import type { Scope } from '../expr/scope.ts';
import { exactDecimal, integralOf, numberOf } from '../numbers.ts';
import type { Sort } from '../sort.ts';
import type { PartitionFunction } from './window.ts';
import type { Bounds } from './window-bounds.ts';
import { slopeFunctions } from './window-slopes.ts';

export interface WindowContext {
  readonly operator: string;
  readonly scope: Scope;
  readonly sort: Sort | undefined;
  readonly bounds: Bounds;
  readonly windowGiven: boolean;
}

export type WindowFunction = (argument: Value, context: WindowContext) => PartitionFunction;

export function requireSort({ operator, sort }: WindowContext): Sort {
  if (!sort) throw new MongoError(9, `'${operator}' requires a sortBy`);
  return sort;
}

function rank(next: (rank: number, index: number, tied: boolean) => number): WindowFunction {
  return (argument, context) => {
    const { operator, sort } = context;
    if (!(argument instanceof Doc) || argument.size > 0) {
      throw new MongoError(5371603, `${operator} must be specified with '{}' as the value`);
    }
    if (context.windowGiven) throw new MongoError(5371601, `Rank style window functions take no other arguments`);
    if (!sort || (operator !== '$documentNumber' && sort.fields.length !== 1)) {
      throw new MongoError(
        5371602,
        `${operator} must be specified with a top level sortBy expression with exactly one element`,
      );
    }
    return (docs) => {
      let current = 0;
      return docs.map((doc, i) => {
        const tied = i > 0 && sort.compare(docs[i - 1]!, doc) === 0;
        current = next(current, i, tied);
        return current;
      });
    };
  };
}

export function valuesOf(docs: readonly Doc[], run: () => MaybeValue, { runtime }: Scope): MaybeValue[] {
  return docs.map((doc) => {
    runtime.root = doc;
    runtime.current = doc;
    return run();
  });
}

const shiftFunction: WindowFunction = (argument, context) => {
  requireSort(context);
  if (!(argument instanceof Doc)) throw new MongoError(9, `Argument to $shift must be an object`);
  const by = argument.get('by');
  const output = argument.get('output');
  if (output === undefined || by === undefined)
    throw new MongoError(9, `$shift requires 'output' and 'by' to be specified`);
  const distance = isNumber(by) ? integralOf(by) : undefined;
  if (distance === undefined)
    throw new MongoError(9, `'$shift:by' field must be an integer, but found ${typeName(by)}`);
  const { run } = compileExpression(output, context.scope);
  const fallback = argument.get('default');
  const otherwise = fallback === undefined ? null : compileExpression(fallback, context.scope).run();
  return (docs) => {
    const values = valuesOf(docs, run, context.scope);
    return values.map((_, i) => {
      const at = i + Number(distance);
      return at >= 0 && at < values.length ? values[at] : otherwise;
    });
  };
};

const locf: WindowFunction = (argument, { scope }) => {
  const { run } = compileExpression(argument, scope);
  return (docs) => {
    let last: MaybeValue = null;
    return valuesOf(docs, run, scope).map((value) => {
      if (!nullish(value)) last = value;
      return last;
    });
  };
};

/** Sort positions as numbers: dates count in milliseconds. */
export function positions(docs: readonly Doc[], sort: Sort): NumberValue[] {
  return docs.map((doc) => {
    const value = sort.keysOf(doc)[0];
    if (value instanceof Date) return double(value.getTime());
    if (isNumber(value)) return value;
    throw new MongoError(
      605001,
      'There can be no repeated values in the sort field of $linearFill; it must be numeric or a date',
    );
  });
}

const linearFill: WindowFunction = (argument, context) => {
  const sort = requireSort(context);
  const { run } = compileExpression(argument, context.scope);
  return (docs) => {
    const values = valuesOf(docs, run, context.scope).map((value) => {
      if (nullish(value)) return null;
      if (isNumber(value)) return value;
      throw new MongoError(
        6050106,
        `Value to be filled must be numeric or nullish, but found type: ${typeName(value)}`,
      );
    });
    const at = positions(docs, sort);
    const result: MaybeValue[] = values.slice();
    let left = -1;
    for (let right = 0; right < values.length; right++) {
      if (values[right] === null) continue;
      if (left >= 0) for (let i = left + 1; i < right; i++) result[i] = between(at, values, left, i, right);
      left = right;
    }
    return result;
  };
};

function between(
  at: readonly NumberValue[],
  values: readonly (NumberValue | null)[],
  left: number,
  i: number,
  right: number,
): NumberValue {
  const start = values[left]!;
  const rise = subtract(values[right]!, start);
  const run = subtract(at[right]!, at[left]!);
  return add(start, divide(multiply(rise, subtract(at[i]!, at[left]!)), run));
}

const toDecimal = (value: NumberValue): NumberValue => decimal.toDecimal128(exactDecimal(value));

const expMovingAvg: WindowFunction = (argument, context) => {
  requireSort(context);
  if (
    !(argument instanceof Doc) ||
    argument.get('input') === undefined ||
    argument.has('N') === argument.has('alpha')
  ) {
    throw new MongoError(
      9,
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    );
  }
  const { run } = compileExpression(argument.get('input')!, context.scope);
  const n = argument.get('N');
  const alpha = argument.get('alpha');
  const weight = isNumber(n) ? divide(toDecimal(2), add(n, 1)) : toDecimal(isNumber(alpha) ? alpha : double(NaN));
  return (docs) => {
    // The average is kept as a decimal, so that rounding doesn't add up.
    let average: NumberValue | undefined;
    let decimals = false;
    return valuesOf(docs, run, context.scope).map((value) => {
      if (isNumber(value)) {
        decimals ||= isDecimal(value);
        average =
          average === undefined
            ? toDecimal(value)
            : add(multiply(value, weight), multiply(average, subtract(1, weight)));
      }
      if (average === undefined) return null;
      return decimals ? average : double(numberOf(average));
    });
  };
};

const FUNCTIONS: Readonly<Record<string, WindowFunction>> = {
  $rank: rank((current, index, tied) => (tied ? current : index + 1)),
  $denseRank: rank((current, _index, tied) => (tied ? current : current + 1)),
  $documentNumber: rank((_current, index) => index + 1),
  $shift: shiftFunction,
  $locf: locf,
  $linearFill: linearFill,
  $expMovingAvg: expMovingAvg,
};

/** Functions that only windows know; undefined for others. */
export function findWindowFunction(name: string): WindowFunction | undefined {
  if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name];
  return Object.hasOwn(slopeFunctions, name) ? slopeFunctions[name] : undefined;
}
