import { Doc } from '../../bson/index.ts';
import type { MaybeValue, Value } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from '../expr/index.ts';
import type { Scope } from '../expr/scope.ts';
import { formatElement } from '../format.ts';
import { encodeKey } from '../keys.ts';
import { compileSort } from '../sort.ts';
import { findAccumulator } from './accumulators.ts';
import type { Accumulator, AccumulatorFactory } from './accumulators.ts';
import type { Stage } from './compile.ts';
import type { StageCompiler } from './stages.ts';

/** One accumulated field of a group. */
export interface GroupField {
  readonly name: string;
  readonly start: AccumulatorFactory;
}

/** Compiles `{$sum: …}` under a name. @throws MongoError when it is no accumulator. */
export function compileField(name: string, value: Value, scope: Scope): GroupField {
  if (!(value instanceof Doc) || (value.size > 0 && !value.keys[0]!.startsWith('$'))) {
    throw new MongoError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
  if (value.size !== 1) {
    throw new MongoError(40238, `The field '${name}' must specify one accumulator: ${formatElement(name, value)}`);
  }
  const operator = value.keys[0]!;
  const compiler = findAccumulator(operator);
  if (!compiler) throw new MongoError(15952, `unknown group operator '${operator}'`);
  return { name, start: compiler(value.values[0]!, scope, operator) };
}

interface Group {
  readonly id: Value;
  readonly accumulators: readonly Accumulator[];
}

/** Groups documents by a key and gives each group's fields. */
export function groupStage(key: () => MaybeValue, fields: readonly GroupField[], scope: Scope): Stage {
  const { runtime } = scope;
  return function* (source) {
    const groups = new Map<string, Group>();
    for (const doc of source) {
      runtime.root = doc;
      runtime.current = doc;
      const id = key() ?? null;
      const text = encodeKey(id, runtime.collation);
      let group = groups.get(text);
      if (!group) {
        group = { id, accumulators: fields.map((field) => field.start()) };
        groups.set(text, group);
      }
      const { accumulators } = group;
      for (let i = 0; i < accumulators.length; i++) accumulators[i]!.add();
    }
    for (const { id, accumulators } of groups.values()) {
      const result = new Doc(['_id'], [id]);
      for (let i = 0; i < fields.length; i++) result.append(fields[i]!.name, accumulators[i]!.result() ?? null);
      yield result;
    }
  };
}

const group: StageCompiler = (argument, { scope }) => {
  if (!(argument instanceof Doc)) throw new MongoError(15947, "a group's fields must be specified in an object");
  let key: (() => MaybeValue) | undefined;
  const fields: GroupField[] = [];
  argument.keys.forEach((name, i) => {
    const value = argument.values[i]!;
    if (name === '_id') key = compileExpression(value, scope).run;
    else if (name !== '$doingMerge' && name !== '$willBeMerged') fields.push(compileField(name, value, scope));
  });
  if (!key) throw new MongoError(15955, 'a group specification must include an _id');
  return groupStage(key, fields, scope);
};

const sortByCount: StageCompiler = (argument, { scope, env }) => {
  const expression =
    argument instanceof Doc
      ? argument.keys[0]?.startsWith('$')
      : typeof argument === 'string' && argument.startsWith('$');
  if (!expression) {
    const code = argument instanceof Doc ? 40147 : typeof argument === 'string' ? 40148 : 40149;
    throw new MongoError(
      code,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  const { run } = compileExpression(argument, scope);
  const counted = groupStage(run, [compileField('count', Doc.of(['$sum', 1]), scope)], scope);
  const sort = compileSort(Doc.of(['count', -1]), env.collation);
  return (source) => sort.sorted(counted(source));
};

export const groupingStages: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
};
