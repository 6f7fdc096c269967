import { Doc, typeName } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression, splitFieldPath } from '../expr/index.ts';
import type { Scope } from '../expr/scope.ts';
import { compileSort } from '../sort.ts';
import type { Sort } from '../sort.ts';
import { findAccumulator } from './accumulators.ts';
import type { AccumulatorFactory } from './accumulators.ts';
import type { Stage } from './compile.ts';
import { partition } from './partitions.ts';
import { setPath } from './shaping.ts';
import type { StageCompiler } from './stages.ts';
import { parseBounds } from './window-bounds.ts';
import type { Bounds } from './window-bounds.ts';
import { findWindowFunction } from './window-functions.ts';

/** Computes one output field for all documents of a sorted partition. */
export type PartitionFunction = (docs: readonly Doc[]) => MaybeValue[];

interface Output {
  readonly path: readonly string[];
  readonly compute: PartitionFunction;
}

const windowFields: StageCompiler = (argument, { scope, env }) => {
  if (!(argument instanceof Doc)) {
    throw new MongoError(9, `the $setWindowFields stage specification must be an object, found ${typeName(argument)}`);
  }
  for (const key of argument.keys) {
    if (!['partitionBy', 'sortBy', 'output'].includes(key)) {
      throw new MongoError(40415, `BSON field '$setWindowFields.${key}' is an unknown field.`);
    }
  }
  const sortBy = argument.get('sortBy');
  const output = argument.get('output');
  if (!(output instanceof Doc))
    throw new MongoError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  if (sortBy !== undefined && !(sortBy instanceof Doc)) {
    throw new MongoError(
      14,
      `BSON field '$setWindowFields.sortBy' is the wrong type '${typeName(sortBy)}', expected type 'object'`,
    );
  }
  const sort = sortBy && sortBy.size > 0 ? compileSort(sortBy, env.collation) : undefined;
  const outputs = output.keys.map((name, i): Output => {
    return { path: splitFieldPath(name), compute: compileOutput(name, output.values[i]!, sort, scope) };
  });
  const partitionBy = argument.get('partitionBy');
  const key = partitionBy === undefined ? undefined : compileExpression(partitionBy, scope).run;
  return stage(key, sort, outputs, scope);
};

function stage(
  key: (() => MaybeValue) | undefined,
  sort: Sort | undefined,
  outputs: readonly Output[],
  scope: Scope,
): Stage {
  return function* (source) {
    for (const { docs } of partition(source, key, sort, scope.runtime)) {
      const columns = outputs.map((output) => output.compute(docs));
      for (let i = 0; i < docs.length; i++) {
        let doc = docs[i]!;
        outputs.forEach((output, j) => {
          doc = setPath(doc, output.path, 0, columns[j]![i] ?? null);
        });
        yield doc;
      }
    }
  };
}

function compileOutput(name: string, value: Value, sort: Sort | undefined, scope: Scope): PartitionFunction {
  if (!(value instanceof Doc)) throw new MongoError(9, `The field '${name}' must be an object`);
  const operator = value.keys.find((key) => key !== 'window');
  const window = value.get('window');
  if (operator === undefined || value.size > (window === undefined ? 1 : 2)) {
    throw new MongoError(9, `The field '${name}' must specify one window function`);
  }
  const argument = value.get(operator)!;
  if (window !== undefined && !(window instanceof Doc)) throw new MongoError(9, "'window' field must be an object");
  const bounds = parseBounds(window, sort);
  const own = findWindowFunction(operator);
  if (own) return own(argument, { operator, scope, sort, bounds, windowGiven: window !== undefined });
  const accumulator = findAccumulator(operator);
  if (!accumulator) throw new MongoError(9, `Unrecognized window function, ${operator}`);
  return overWindow(accumulator(argument, scope, operator), bounds, scope);
}

/** Runs an accumulator over each document's window; a window that only grows is never started anew. */
export function overWindow(start: AccumulatorFactory, bounds: Bounds, scope: Scope): PartitionFunction {
  const { runtime } = scope;
  return (docs) => {
    const results: MaybeValue[] = [];
    let accumulator = start();
    let from = 0;
    let to = 0;
    const ranges = bounds.rangesOf(docs);
    for (let i = 0; i < docs.length; i++) {
      const [low, high] = ranges(i);
      if (low !== from || high < to) {
        accumulator = start();
        from = low;
        to = low;
      }
      for (; to < high; to++) {
        runtime.root = docs[to]!;
        runtime.current = docs[to]!;
        accumulator.add();
      }
      results.push(accumulator.result());
    }
    return results;
  };
}

export const windowStages: Readonly<Record<string, StageCompiler>> = {
  $setWindowFields: windowFields,
  $_internalSetWindowFields: windowFields,
};
