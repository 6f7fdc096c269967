import { Doc, encodeDoc } from '../bson/index.ts';
import { compileProjection, MongoError, withPrefix } from '../engine/index.ts';
import type { PreparedQuery } from '../query/find-records.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { documentOf, type StoredRecord } from '../storage/record.ts';
import { isTruthy, optionalBoolean, optionalCount, optionalDoc } from './args.ts';
import { DEFAULT_BATCH, firstBatch } from './cursor-reply.ts';
import { namespaceOf } from './namespace.ts';
import { collationOf, queryOf, refuseOptions, variablesOf } from './query-args.ts';

const UNSUPPORTED = ['tailable', 'awaitData', 'min', 'max', 'returnKey', 'showRecordId'];

/** Of shards, of memory and of the oplog: MongoDB takes them as well where they change nothing. */
const WITHOUT_MEANING = ['allowPartialResults', 'allowDiskUse', 'oplogReplay'];

export const findCommand: Command = {
  name: 'find',
  reads: true,
  fields: new Set([
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'noCursorTimeout',
    'collation',
    'let',
    ...WITHOUT_MEANING,
    ...UNSUPPORTED,
  ]),
  transactional: true,
  run(context) {
    const { args } = context;
    const ns = namespaceOf('find', context.db, args);
    const { query, skip, limit } = prepareFind(context, ns);
    const rows = selectRows(query.records(), skip, limit, rowEncoder(context, ns, query), ns);
    const size = optionalCount(args, 'batchSize', 'find.batchSize') ?? DEFAULT_BATCH;
    const singleBatch = optionalBoolean(args, 'singleBatch', 'find.singleBatch') === true;
    const noTimeout = optionalBoolean(args, 'noCursorTimeout', 'find.noCursorTimeout') === true;
    return firstBatch(context, {
      ns,
      source: rows,
      size: Math.min(size, limit),
      limit,
      singleBatch,
      noTimeout,
    });
  },
};

/** Reads the arguments of a find and plans it; explain shares this. */
export function prepareFind(
  context: CommandContext,
  ns: string,
): { query: PreparedQuery; filter: Doc; sort: Doc | null; skip: number; limit: number } {
  const { args, writer } = context;
  if (isTruthy(args.get('awaitData')) && !isTruthy(args.get('tailable'))) {
    throw new MongoError(9, "Cannot set 'awaitData' without also setting 'tailable'");
  }
  if (isTruthy(args.get('tailable'))) {
    throw new MongoError(2, `error processing query: ns=${ns} tailable cursor requested on non capped collection`);
  }
  refuseOptions('find', args, UNSUPPORTED);
  for (const flag of WITHOUT_MEANING) optionalBoolean(args, flag, `find.${flag}`);
  const given = args.get('filter') ?? null;
  if (given !== null && !(given instanceof Doc)) throw new MongoError(14, 'Expected field filter to be of type object');
  const filter = given ?? new Doc();
  const sort = optionalDoc(args, 'sort', 'find.sort') ?? null;
  const skip = optionalCount(args, 'skip', 'find.skip') ?? 0;
  const limit = optionalCount(args, 'limit', 'find.limit') || Infinity;
  const query = queryOf(context, writer.collection(ns), {
    filter,
    sort: sort ?? undefined,
    hint: args.get('hint'),
    collation: args.get('collation'),
    limit: skip + limit,
  });
  return { query, filter, sort, skip, limit };
}

/** How a record is answered: as stored, or projected. */
function rowEncoder(context: CommandContext, ns: string, query: PreparedQuery): (record: StoredRecord) => Uint8Array {
  const { args } = context;
  const fields = optionalDoc(args, 'projection', 'find.projection');
  if (fields === undefined || fields.size === 0) return (record) => record.raw;
  const projection = compileProjection(fields, {
    filter: query.filter,
    collation: collationOf(context.writer.collection(ns), args.get('collation')),
    let: variablesOf(context),
    now: new Date(context.server.now()),
  });
  return (record) => encodeDoc(projection(documentOf(record)));
}

function* selectRows(
  records: Iterator<StoredRecord>,
  skip: number,
  limit: number,
  encode: (record: StoredRecord) => Uint8Array,
  ns: string,
): Generator<Uint8Array> {
  try {
    for (let i = 0; i < skip; i++) if (records.next().done === true) return;
    for (let i = 0; i < limit; i++) {
      const step = records.next();
      if (step.done === true) return;
      yield encode(step.value);
    }
  } catch (error) {
    // Errors of single documents are told with the place they happened at.
    throw withPrefix(error, `Executor error during find command: ${ns}`);
  }
}
