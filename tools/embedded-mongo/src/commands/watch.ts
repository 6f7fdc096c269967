import { Doc, Long, type Value } from '../bson/index.ts';
import { createScope } from '../changes/scope.ts';
import { readWatchSpec } from '../changes/spec.ts';
import { createChangeStream } from '../changes/stream.ts';
import { createTail } from '../changes/tail.ts';
import { compilePipeline, formatDoc, isStage, MongoError } from '../engine/index.ts';
import type { CommandContext } from '../server/context.ts';
import type { CursorReply } from '../server/reply.ts';
import { createRows } from '../sessions/cursors.ts';
import { batchSizeOf } from './cursor-reply.ts';
import { pipelineEnv } from './pipeline-env.ts';

const STAGE = '$changeStream';

/** Stages that may follow `$changeStream`: they work on each event for itself. */
const ALLOWED = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
]);

/** Whether an aggregation opens a change stream. */
export function isWatch(stages: Value | undefined): boolean {
  const first = Array.isArray(stages) ? stages[0] : undefined;
  return first instanceof Doc && first.keys[0] === STAGE;
}

/** Opens a change stream on a collection, a database (`collection` null), or everything. */
export async function watch(
  context: CommandContext,
  ns: string,
  stages: readonly Value[],
  cursor: Doc,
): Promise<CursorReply> {
  const { server, args } = context;
  const { core } = server;
  if (context.writer.transaction !== null) {
    throw new MongoError(
      263,
      `Operation not permitted in transaction :: caused by :: Stage not supported inside of a multi-document transaction: ${STAGE}`,
    );
  }
  const size = batchSizeOf(cursor);
  checkReadConcern(args.get('readConcern'));
  const first = stages[0] instanceof Doc ? stages[0] : new Doc();
  if (first.size !== 1) {
    throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const spec = readWatchSpec(first.get(STAGE) ?? null);
  const collection = typeof args.values[0] === 'string' ? ns.slice(context.db.length + 1) : null;
  const scope = createScope(context.db, collection, spec);
  const pipeline = compileEventPipeline(context, stages.slice(1));
  const stream = createChangeStream({ history: core.history, store: core.live, scope, spec, pipeline });
  // What a new stream begins behind has to be on disk: its token would not be known again after a crash.
  await core.durability.flush();
  const looksUp = spec.fullDocument === 'updateLookup';
  const tail = createTail(core, stream, looksUp);
  const { batch, token, closed } = await tail.next({ count: size, waitMs: 0, connectionId: context.connectionId });
  const reply = { field: 'firstBatch' as const, batch, ns, postBatchResumeToken: token };
  if (closed) return { ...reply, id: Long.ZERO };
  const { id } = server.cursors.open({
    ns,
    rows: createRows([].values()),
    tail,
    sessionKey: context.session?.key ?? null,
    transactionKey: null,
    noTimeout: false,
    resume: () => undefined,
  });
  return { ...reply, id };
}

function checkReadConcern(concern: Value | undefined): void {
  const level = concern instanceof Doc ? concern.get('level') : undefined;
  if (level === undefined || level === 'majority' || !(concern instanceof Doc)) return;
  throw new MongoError(
    72,
    `${STAGE} cannot run with a readConcern other than 'majority', or in a multi-document transaction. Current readConcern: ${formatDoc(concern)}`,
  );
}

/** The stages behind `$changeStream` as a function of one event. */
function compileEventPipeline(context: CommandContext, stages: readonly Value[]): (event: Doc) => Doc | null {
  for (const stage of stages) {
    const name = stage instanceof Doc ? (stage.keys[0] ?? '') : '';
    if (name === STAGE) throw new MongoError(40602, `${STAGE} is only valid as the first stage in a pipeline`);
    if (name === '$changeStreamSplitLargeEvent') {
      throw new MongoError(238, `${name} is not supported by the embedded server`);
    }
    if (!ALLOWED.has(name) && isStage(name)) {
      throw new MongoError(20, `${name} is not permitted in a ${STAGE} pipeline`);
    }
  }
  if (stages.length === 0) return (event) => event;
  const env = { ...pipelineEnv(context, '', undefined, false), namespace: undefined };
  const compiled = compilePipeline(stages, env);
  return (event) => {
    const [shaped] = compiled.run([event]);
    return shaped ?? null;
  };
}
