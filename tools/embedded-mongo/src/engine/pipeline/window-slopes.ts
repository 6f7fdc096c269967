import { Doc, double, isNumber } from '../../bson/index.ts';
import type { MaybeValue, NumberValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { nullish } from '../expr/core.ts';
import { compileExpression } from '../expr/index.ts';
import { add, divide, multiply, subtract } from '../expr/math.ts';
import { numberOf } from '../numbers.ts';
import type { Sort } from '../sort.ts';
import type { PartitionFunction } from './window.ts';
import { unitOf } from './window-bounds.ts';
import type { Unit } from './window-bounds.ts';
import { positions, requireSort, valuesOf } from './window-functions.ts';
import type { WindowContext, WindowFunction } from './window-functions.ts';

const UNIT_SIZE: Partial<Record<Unit, number>> = {
  week: 604800000,
  day: 86400000,
  hour: 3600000,
  minute: 60000,
  second: 1000,
  millisecond: 1,
};

interface Slope {
  readonly run: () => MaybeValue;
  readonly unit: number;
  readonly sort: Sort;
}

function parseSlope(argument: Value, context: WindowContext): Slope {
  const sort = requireSort(context);
  if (!(argument instanceof Doc) || argument.get('input') === undefined)
    throw new MongoError(9, `${context.operator} requires an 'input' expression`);
  const unit = unitOf(argument.get('unit'));
  const size = unit === undefined ? 1 : UNIT_SIZE[unit];
  if (size === undefined) throw new MongoError(5490704, `unit must be 'week' or smaller`);
  return { run: compileExpression(argument.get('input')!, context.scope).run, unit: size, sort };
}

function overRanges(
  { run, sort }: Slope,
  { bounds, scope }: WindowContext,
  compute: (values: readonly NumberValue[], at: readonly NumberValue[], from: number, to: number) => MaybeValue,
): PartitionFunction {
  return (docs) => {
    const values = valuesOf(docs, run, scope).map((value) => {
      if (value instanceof Date) return double(value.getTime());
      return value as NumberValue;
    });
    const at = positions(docs, sort);
    const ranges = bounds.rangesOf(docs);
    return docs.map((_, i) => {
      const [from, to] = ranges(i);
      return compute(values, at, from, to);
    });
  };
}

const derivative: WindowFunction = (argument, context) => {
  const slope = parseSlope(argument, context);
  return overRanges(slope, context, (values, at, from, to) => {
    if (to - from < 2) return null;
    const [first, last] = [values[from]!, values[to - 1]!];
    if (nullish(first) || nullish(last)) throw new MongoError(5624903, '$derivative input must not be null or missing');
    const run = numberOf(at[to - 1]!) - numberOf(at[from]!);
    if (run === 0) return null;
    return divide(subtract(last, first), double(run / slope.unit));
  });
};

const integral: WindowFunction = (argument, context) => {
  const slope = parseSlope(argument, context);
  return overRanges(slope, context, (values, at, from, to) => {
    let area: NumberValue = double(0);
    for (let i = from + 1; i < to; i++) {
      const width = double((numberOf(at[i]!) - numberOf(at[i - 1]!)) / slope.unit);
      area = add(area, multiply(divide(add(values[i - 1]!, values[i]!), 2), width));
    }
    return area;
  });
};

function covariance(sample: boolean): WindowFunction {
  return (argument, context) => {
    if (!Array.isArray(argument) || argument.length !== 2) {
      throw new MongoError(16020, `Expression ${context.operator} takes exactly 2 arguments.`);
    }
    const [x, y] = argument.map((item) => compileExpression(item, context.scope).run) as [
      () => MaybeValue,
      () => MaybeValue,
    ];
    return (docs) => {
      const xs = valuesOf(docs, x, context.scope);
      const ys = valuesOf(docs, y, context.scope);
      const ranges = context.bounds.rangesOf(docs);
      return docs.map((_, i) => covarianceOf(xs, ys, ranges(i), sample));
    };
  };
}

function covarianceOf(
  xs: readonly MaybeValue[],
  ys: readonly MaybeValue[],
  [from, to]: readonly [number, number],
  sample: boolean,
): MaybeValue {
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  let moment = 0;
  for (let i = from; i < to; i++) {
    const x = xs[i];
    const y = ys[i];
    if (!isNumber(x) || !isNumber(y)) continue;
    count++;
    const delta = numberOf(x) - meanX;
    meanX += delta / count;
    meanY += (numberOf(y) - meanY) / count;
    moment += delta * (numberOf(y) - meanY);
  }
  const by = sample ? count - 1 : count;
  return by <= 0 ? null : double(moment / by);
}

export const slopeFunctions: Readonly<Record<string, WindowFunction>> = {
  $derivative: derivative,
  $integral: integral,
  $covariancePop: covariance(false),
  $covarianceSamp: covariance(true),
};
