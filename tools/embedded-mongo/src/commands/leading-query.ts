import { Doc, isNumber, type Value } from '../bson/index.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import type { CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { queryOf } from './query-args.ts';

/** What a query plan takes over of a pipeline. */
export interface LeadingQuery {
  readonly query: PreparedQuery;
  /** So many stages. */
  readonly taken: number;
  readonly filter: Doc;
  /** The order in which the plan reads; null when a `$sort` is left to the pipeline. */
  readonly sort: Doc | null;
}

export const stageName = (stage: Value | undefined): string => (stage instanceof Doc ? (stage.keys[0] ?? '') : '');

/** The beginning of a pipeline that a query plan can take over: `$match`, and a `$sort` that an index serves. */
export function leadingQuery(
  context: CommandContext,
  state: CollectionState | undefined,
  stages: readonly Value[],
): LeadingQuery {
  const argumentOf = (at: number, name: string): Doc | null => {
    const stage = stages[at];
    const value = stage instanceof Doc && stage.keys[0] === name ? stage.values[0] : null;
    return value instanceof Doc ? value : null;
  };
  const filter = argumentOf(0, '$match');
  const sort = argumentOf(filter === null ? 0 : 1, '$sort');
  const common = {
    filter: filter ?? new Doc(),
    hint: context.args.get('hint'),
    collation: context.args.get('collation'),
  };
  const after = filter === null ? 0 : 1;
  if (sort !== null && sort.size > 0 && sort.values.every((value) => isNumber(value))) {
    const limit = stageName(stages[after + 1]) === '$limit' ? 1 : Infinity;
    const query = queryOf(context, state, { ...common, sort, limit });
    if (query.ordered) return { query, taken: after + 1, filter: common.filter, sort };
  }
  return { query: queryOf(context, state, common), taken: after, filter: common.filter, sort: null };
}
