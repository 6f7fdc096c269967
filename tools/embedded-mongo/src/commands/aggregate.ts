import { Doc, encodeDoc, isNumber, type Value } from '../bson/index.ts';
import { compilePipeline, MongoError, numberOf, type MergeTarget, type OutTarget } from '../engine/index.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import { countByKeys } from '../query/scan.ts';
import type { Command, CommandContext } from '../server/context.ts';
import type { CursorReply } from '../server/reply.ts';
import { documentOf, peekDocument } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { isTruthy, optionalBoolean, optionalDoc } from './args.ts';
import { batchSizeOf, firstBatch, DEFAULT_BATCH } from './cursor-reply.ts';
import { explainCommand } from './explain.ts';
import { leadingQuery, stageName } from './leading-query.ts';
import { checkDatabase, namespaceOf } from './namespace.ts';
import { mergeInto, replaceCollection } from './pipeline-output.ts';
import { pipelineEnv, readsElsewhere } from './pipeline-env.ts';
import { isWatch, watch } from './watch.ts';

export const aggregateCommand: Command = {
  name: 'aggregate',
  reads: true,
  writes: true,
  fields: new Set([
    'pipeline',
    'cursor',
    'explain',
    'allowDiskUse',
    'hint',
    'collation',
    'let',
    'bypassDocumentValidation',
  ]),
  transactional: true,
  run(context) {
    const { args } = context;
    const stages = args.get('pipeline');
    if (!Array.isArray(stages)) throw new MongoError(14, "'pipeline' option must be specified as an array");
    const ns = aggregateNamespace(context);
    if (isTruthy(args.get('explain'))) {
      const inner = args.clone();
      inner.delete('explain');
      return explainCommand.run({ ...context, args: Doc.of(['explain', inner]) });
    }
    for (const flag of ['allowDiskUse', 'bypassDocumentValidation']) optionalBoolean(args, flag, `aggregate.${flag}`);
    const cursor = optionalDoc(args, 'cursor', 'aggregate.cursor');
    if (cursor === undefined) {
      throw new MongoError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
    }
    const concern = args.get('writeConcern');
    if (concern instanceof Doc && concern.size > 0 && !writesOutput(stages)) {
      throw new MongoError(72, 'Command aggregate does not support writeConcern unless it writes');
    }
    // Also where it says nothing of the answer, as with $out: what is wrong with it is found before anything is written.
    const size = batchSizeOf(cursor);
    if (isWatch(stages)) return watch(context, ns, stages, cursor);
    return writesOutput(stages) ? runWriting(context, ns, stages) : runReading(context, ns, stages, size);
  },
};

/** `aggregate: 1` reads no collection: its pipeline brings its own documents. */
export function aggregateNamespace(context: CommandContext): string {
  const first = context.args.values[0];
  if (!isNumber(first)) return namespaceOf('aggregate', context.db, context.args);
  checkDatabase(context.db);
  if (numberOf(first) !== 1) throw new MongoError(9, 'the first argument of aggregate has to be a name or 1');
  return `${context.db}.$cmd.aggregate`;
}

const writesOutput = (stages: readonly Value[]): boolean => ['$out', '$merge'].includes(stageName(stages.at(-1)));

function runReading(context: CommandContext, ns: string, stages: readonly Value[], size: number): CursorReply {
  const state = context.writer.collection(ns);
  const env = pipelineEnv(context, ns, state, readsElsewhere(stages));
  // The whole pipeline is checked, even where the planner takes its beginning over.
  const whole = compilePipeline(stages, env);
  const { query, taken } = leadingQuery(context, state, stages);
  const count = countOnly(state, stages, query);
  const rest = taken === 0 ? whole : compilePipeline(stages.slice(taken), env);
  const source = count ?? rest.run(documents(query));
  return firstBatch(context, { ns, source: encoded(source), size, singleBatch: false, noTimeout: false });
}

function* documents(query: PreparedQuery): Generator<Doc> {
  const passing = query.plan.kind === 'collection';
  for (const record of query.records()) yield passing ? peekDocument(record) : documentOf(record);
}

function* encoded(docs: Iterable<Doc>): Generator<Uint8Array> {
  for (const doc of docs) yield encodeDoc(doc);
}

/** The result of `[$match, {$group: {_id: <constant>, n: {$sum: 1}}}]`, the form drivers count by, without documents. */
function countOnly(state: CollectionState | undefined, stages: readonly Value[], query: PreparedQuery): Doc[] | null {
  if (stages.length !== 2 || stageName(stages[0]) !== '$match') return null;
  const group = stages[1] instanceof Doc ? stages[1].get('$group') : undefined;
  if (!(group instanceof Doc) || group.size !== 2 || group.keys[0] !== '_id') return null;
  const id = group.values[0] ?? null;
  const sum = group.values[1];
  const one = sum instanceof Doc && sum.size === 1 ? sum.get('$sum') : undefined;
  if ((id !== null && typeof id !== 'number') || one !== 1) return null;
  const filter = stages[0] instanceof Doc ? stages[0].get('$match') : undefined;
  const all = filter instanceof Doc && filter.size === 0 ? (state?.records.size ?? 0) : null;
  const found = all ?? countByKeys(query.plan);
  if (found === null) return null;
  return found === 0 ? [] : [Doc.of(['_id', id], [group.keys[1] as string, found])];
}

/** `$out` and `$merge`: all documents are computed first, then written. */
async function runWriting(context: CommandContext, ns: string, stages: readonly Value[]): Promise<CursorReply> {
  if (context.writer.transaction !== null) {
    throw new MongoError(263, `${stageName(stages.at(-1))} cannot be used in a transaction`);
  }
  const state = context.writer.collection(ns);
  const writes: (() => void | Promise<void>)[] = [];
  const env = {
    ...pipelineEnv(context, ns, state, false),
    out: (target: OutTarget, docs: Doc[]) => void writes.push(() => replaceCollection(context, target, docs)),
    merge: (target: MergeTarget, docs: Doc[]) => void writes.push(() => mergeInto(context, target, docs)),
  };
  const { query, taken } = leadingQuery(context, state, stages);
  compilePipeline(stages, env);
  const results = compilePipeline(stages.slice(taken), env).run(documents(query));
  for (const _ of results) continue;
  for (const write of writes) await write();
  return firstBatch(context, { ns, source: [].values(), size: DEFAULT_BATCH, singleBatch: true, noTimeout: false });
}
