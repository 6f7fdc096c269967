import { Doc } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { countOfN } from '../expr/accumulating.ts';
import { constant } from '../expr/core.ts';
import { compileExpression } from '../expr/index.ts';
import { formatElement } from '../format.ts';
import { compileSort } from '../sort.ts';
import type { AccumulatorCompiler } from './accumulators.ts';

interface Entry {
  readonly keys: readonly MaybeValue[];
  readonly output: Value;
}

/** `$top`, `$bottom`, `$topN` and `$bottomN`. */
function ranking(bottom: boolean, many: boolean): AccumulatorCompiler {
  return (argument, scope, operator) => {
    const spec = parse(operator, argument, many);
    const sort = compileSort(spec.sortBy, scope.runtime.collation);
    const output = compileExpression(spec.output, scope);
    const size = spec.n === undefined ? constant(1) : compileExpression(spec.n, scope);
    const { runtime } = scope;
    return () => {
      const wanted = countOfN(size.run());
      const entries: Entry[] = [];
      return {
        add: () => void entries.push({ keys: sort.keysOf(runtime.root), output: output.run() ?? null }),
        result: () => {
          const sorted = entries.toSorted((a, b) => sort.compareKeys(a.keys, b.keys));
          const taken = (bottom ? sorted.slice(-wanted) : sorted.slice(0, wanted)).map((entry) => entry.output);
          return many ? taken : (taken[0] ?? null);
        },
      };
    };
  };
}

function parse(operator: string, argument: Value, many: boolean): { sortBy: Doc; output: Value; n: Value | undefined } {
  if (!(argument instanceof Doc)) {
    throw new MongoError(5788001, `specification must be an object; found ${formatElement(operator, argument)}`);
  }
  for (const key of argument.keys) {
    if (!['sortBy', 'output', ...(many ? ['n'] : [])].includes(key)) {
      throw new MongoError(5788002, `Unknown argument to ${operator} '${key}'`);
    }
  }
  const n = argument.get('n');
  const output = argument.get('output');
  const sortBy = argument.get('sortBy');
  if (many && n === undefined) throw new MongoError(5788003, "Missing value for 'n'");
  if (output === undefined) throw new MongoError(5788004, "Missing value for 'output'");
  if (sortBy === undefined) throw new MongoError(5788005, "Missing value for 'sortBy'");
  if (!(sortBy instanceof Doc)) throw new MongoError(10065, 'invalid parameter: expected an object (sortBy)');
  return { sortBy, output, n };
}

export const rankingAccumulators: Readonly<Record<string, AccumulatorCompiler>> = {
  $top: ranking(false, false),
  $bottom: ranking(true, false),
  $topN: ranking(false, true),
  $bottomN: ranking(true, true),
};
