import { Doc, type Value } from '../bson/index.ts';
import type { PipelineEnv } from '../engine/index.ts';
import { prepareQuery, type PreparedQuery } from '../query/find-records.ts';
import type { CommandContext } from '../server/context.ts';
import { documentOf, peekDocument } from '../storage/record.ts';
import { takeSnapshot, type CollectionState } from '../storage/state.ts';
import { checkDeadline, collationOf, variablesOf } from './query-args.ts';
import { stageStatistics } from './stage-statistics.ts';

const ELSEWHERE = new Set(['$lookup', '$graphLookup', '$unionWith', '$facet']);

/** Whether the pipeline reads other collections as well. */
export function readsElsewhere(stages: readonly Value[]): boolean {
  return stages.some((stage) => stage instanceof Doc && ELSEWHERE.has(stage.keys[0] ?? ''));
}

/**
 * What a pipeline sees of the server. With `frozen` it reads other collections as they are now, however late its
 * results are asked for.
 */
export function pipelineEnv(
  context: CommandContext,
  ns: string,
  state: CollectionState | undefined,
  frozen: boolean,
): PipelineEnv {
  const { writer, args, db } = context;
  const catalog = frozen ? takeSnapshot(writer.store) : writer.store.catalog;
  const collation = collationOf(state, args.get('collation'));
  const now = new Date(context.server.now());
  return {
    now,
    collation,
    let: variablesOf(context),
    namespace: ns,
    text: state?.indexes.find(({ spec }) => spec.text !== null)?.spec.text ?? undefined,
    *collection(name) {
      const other = catalog.get(`${db}.${name}`);
      if (other !== undefined) for (const record of other.records.values()) yield peekDocument(record);
    },
    lookupByEquality(name, field, value) {
      const other = catalog.get(`${db}.${name}`);
      if (other === undefined) return [];
      const query = prepareQuery(other, {
        filter: Doc.of([field, Doc.of(['$eq', value])]),
        sort: null,
        hint: null,
        collation,
        limit: Infinity,
        let: undefined,
        now,
        deadline: context.deadline,
      });
      return query.plan.kind === 'index' ? documentsOf(query) : null;
    },
    stats: (stage, spec) => stageStatistics(context, ns, state, { stage, spec }),
    checkTime: context.deadline === Infinity ? undefined : () => checkDeadline(context),
  };
}

function* documentsOf(query: PreparedQuery): Generator<Doc> {
  for (const record of query.records()) yield documentOf(record);
}
