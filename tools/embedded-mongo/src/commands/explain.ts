import { Doc, type Value } from '../bson/index.ts';
import { compilePipeline, MongoError } from '../engine/index.ts';
import { explainPlan } from '../query/explain.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { SERVER_VERSION } from './handshake.ts';
import { aggregateCommand, aggregateNamespace } from './aggregate.ts';
import { checkFields, checkGeneric, optionalString } from './args.ts';
import { countCommand, countLimits, distinctCommand } from './count-distinct.ts';
import { deleteCommand } from './delete.ts';
import { findAndModifyCommand } from './find-and-modify.ts';
import { findCommand, prepareFind } from './find.ts';
import { updateCommand } from './update.ts';
import { leadingQuery } from './leading-query.ts';
import { namespaceOf } from './namespace.ts';
import { pipelineEnv } from './pipeline-env.ts';
import { queryOf } from './query-args.ts';
import { isWatch } from './watch.ts';

/** The commands that can be explained. Looked up late: aggregations can be asked to explain themselves. */
function explainable(name: string): Command | undefined {
  return [
    ...[findCommand, countCommand, distinctCommand, aggregateCommand],
    ...[updateCommand, deleteCommand, findAndModifyCommand],
  ].find((command) => command.name === name);
}

interface Explained {
  readonly ns: string;
  readonly query: PreparedQuery;
  readonly filter: Doc;
  readonly sort: Doc | null;
  readonly skip: number;
  readonly limit: number;
}

const VERBOSITIES = new Set(['queryPlanner', 'executionStats', 'allPlansExecution']);

/** Tells how a find, count, distinct, update, delete, findAndModify or aggregate would read its documents. */
export const explainCommand: Command = {
  name: 'explain',
  reads: true,
  fields: new Set(['verbosity']),
  run(context) {
    const inner = context.args.values[0];
    if (!(inner instanceof Doc)) throw new MongoError(14, "BSON field 'explain.explain' has to be an object");
    const name = inner.keys[0] ?? '';
    const verbosity = optionalString(context.args, 'verbosity', 'explain.verbosity') ?? 'allPlansExecution';
    if (!VERBOSITIES.has(verbosity)) {
      throw new MongoError(
        9,
        `verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`,
      );
    }
    const fields = explainable(name)?.fields;
    if (!fields) throw new MongoError(59, `Explain failed due to unknown command: ${name}`);
    checkFields(name, inner, fields);
    const limitMs = checkGeneric(inner);
    const own = limitMs === 0 ? Infinity : context.server.now() + limitMs;
    const deadline = Math.min(own, context.deadline);
    const explained = explainedQuery({ ...context, name, args: inner, deadline }, name);
    const plan = explainPlan(explained.query, explained.filter, explained.sort);
    const reply = Doc.of(
      ['explainVersion', '1'],
      [
        'queryPlanner',
        Doc.of(
          ['namespace', explained.ns],
          ['parsedQuery', explained.filter],
          ['indexFilterSet', false],
          ['winningPlan', withLimits(plan, explained)],
          ['rejectedPlans', []],
        ),
      ],
    );
    if (verbosity !== 'queryPlanner') reply.append('executionStats', executionStats(explained, plan));
    reply.append('serverInfo', Doc.of(['host', context.server.address], ['version', SERVER_VERSION]));
    return reply;
  },
};

function explainedQuery(context: CommandContext, name: string): Explained {
  const { args, db } = context;
  if (name === 'aggregate') return explainedPipeline(context);
  const ns = namespaceOf(name, db, args);
  if (name === 'find') return { ns, ...prepareFind(context, ns) };
  const first = (key: string): Doc => {
    const list: Value | undefined = args.get(key);
    if (Array.isArray(list) && list.length !== 1) {
      throw new MongoError(72, 'explained write batches must be of size 1');
    }
    const item = Array.isArray(list) ? list[0] : undefined;
    return item instanceof Doc ? item : new Doc();
  };
  const statement = name === 'update' ? first('updates') : name === 'delete' ? first('deletes') : args;
  const filter = docField(statement, name === 'update' || name === 'delete' ? 'q' : 'query');
  const sort = name === 'findAndModify' ? docField(args, 'sort') : null;
  const query = queryOf(context, context.writer.collection(ns), {
    filter,
    sort: sort ?? undefined,
    hint: statement.get('hint'),
    collation: statement.get('collation'),
  });
  const limits = name === 'count' ? countLimits(args) : { skip: 0, limit: Infinity };
  return { ns, query, filter, sort, ...limits };
}

/** The part of a pipeline that its plan reads; the whole is checked as it would be when it ran. */
function explainedPipeline(context: CommandContext): Explained {
  const stages = context.args.get('pipeline');
  if (!Array.isArray(stages)) throw new MongoError(14, "'pipeline' option must be specified as an array");
  if (isWatch(stages)) throw new MongoError(238, 'the embedded server does not explain $changeStream');
  const ns = aggregateNamespace(context);
  const state = context.writer.collection(ns);
  compilePipeline(stages, pipelineEnv(context, ns, state, false));
  const { query, filter, sort } = leadingQuery(context, state, stages);
  return { ns, query, filter, sort, skip: 0, limit: Infinity };
}

function docField(doc: Doc, key: string): Doc {
  const value = doc.get(key);
  return value instanceof Doc ? value : new Doc();
}

function withLimits(plan: Doc, { skip, limit }: Explained): Doc {
  let stage = plan;
  if (skip > 0) stage = Doc.of(['stage', 'SKIP'], ['skipAmount', skip], ['inputStage', stage]);
  if (limit !== Infinity) stage = Doc.of(['stage', 'LIMIT'], ['limitAmount', limit], ['inputStage', stage]);
  return stage;
}

function executionStats({ query, skip, limit }: Explained, plan: Doc): Doc {
  const start = performance.now();
  let returned = -skip;
  for (const _ of query.records()) {
    returned += 1;
    if (returned >= limit) break;
  }
  return Doc.of(
    ['executionSuccess', true],
    ['nReturned', Math.max(0, returned)],
    ['executionTimeMillis', Math.round(performance.now() - start)],
    ['totalKeysExamined', query.stats.keysExamined],
    ['totalDocsExamined', query.stats.docsExamined],
    ['executionStages', plan],
  );
}
