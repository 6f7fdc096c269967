import type { Doc, Value } from '../bson/index.ts';
import { MongoError, prefixed } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { documentOf } from '../storage/record.ts';
import { applyToRecord, insertUpserted, updateOf } from './apply-update.ts';
import { checkInnerFields, optionalArray, optionalBoolean, optionalDoc, requiredDocs } from './args.ts';
import { checkWritable, namespaceOf } from './namespace.ts';
import { queryOf } from './query-args.ts';
import { batchReply, runBatch, type StatementResult } from './write-batch.ts';

const STATEMENT_FIELDS = new Set(['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint', 'sort']);

export const updateCommand: Command = {
  name: 'update',
  retryable: true,
  writes: true,
  fields: new Set(['updates', 'ordered', 'bypassDocumentValidation', 'let', 'stmtId', 'stmtIds']),
  transactional: true,
  async run(context) {
    const ns = namespaceOf('update', context.db, context.args);
    checkWritable(ns.slice(context.db.length + 1));
    const statements = requiredDocs(context.args, 'updates', 'update.updates');
    const parsed = statements.map(readStatement);
    const result = await runBatch(context, parsed.length, (i) =>
      updateMatching(context, ns, parsed[i] as UpdateStatement),
    );
    return batchReply(result, true);
  },
};

/** One statement of an update. */
export interface UpdateStatement {
  readonly filter: Doc;
  readonly update: Value | undefined;
  readonly multi: boolean;
  readonly upsert: boolean;
  readonly spec: Doc;
  /** What earlier runs have handled, before the statement had to wait for a lock. */
  readonly progress: { readonly handled: Set<number>; modified: number };
}

/** Errors of single documents are told with the place they happened at. */
const runtime = <T>(run: () => T): T => prefixed('Plan executor error during update', run);

function readStatement(spec: Doc): UpdateStatement {
  checkInnerFields('update.updates', spec, STATEMENT_FIELDS);
  const filter = optionalDoc(spec, 'q', 'update.updates.q');
  if (filter === undefined)
    throw new MongoError(40414, "BSON field 'update.updates.q' is missing but a required field");
  if (!spec.has('u')) throw new MongoError(40414, "BSON field 'update.updates.u' is missing but a required field");
  const multi = optionalBoolean(spec, 'multi', 'update.updates.multi') ?? false;
  if (multi && spec.has('sort')) throw new MongoError(9, 'Cannot specify sort with multi=true');
  return {
    filter,
    update: spec.get('u'),
    multi,
    upsert: optionalBoolean(spec, 'upsert', 'update.updates.upsert') ?? false,
    spec,
    progress: { handled: new Set(), modified: 0 },
  };
}

/** Updates what a statement matches, or inserts when it says so. Can be run again after it met a lock. */
export function updateMatching(context: CommandContext, ns: string, statement: UpdateStatement): StatementResult {
  const { filter, multi, spec, progress } = statement;
  if (multi && context.retryable) {
    throw new MongoError(72, 'Cannot use (or request) retryable writes with multi=true');
  }
  const { writer } = context;
  const state = writer.collection(ns);
  const collation = spec.get('collation');
  const update = updateOf(context, state, {
    update: statement.update,
    arrayFilters: optionalArray(spec, 'arrayFilters', 'update.updates.arrayFilters'),
    constants: optionalDoc(spec, 'c', 'update.updates.c'),
    collation,
    multi,
  });
  const query = queryOf(context, state, {
    filter,
    collation,
    hint: spec.get('hint'),
    sort: optionalDoc(spec, 'sort', 'update.updates.sort'),
    limit: multi ? Infinity : 1,
  });
  if (!multi) {
    const next = query.records().next();
    if (next.done !== true && state !== undefined) {
      const before = documentOf(next.value);
      const after = runtime(() => applyToRecord(context, state, query, update, next.value));
      return { n: 1, nModified: after === before ? 0 : 1 };
    }
  } else {
    // All matches are found before the first is changed: the scan must not meet its own changes.
    for (const record of [...query.records()]) {
      const current = writer.collection(ns);
      if (progress.handled.has(record.rid) || current === undefined) continue;
      const before = documentOf(record);
      const after = runtime(() => applyToRecord(context, current, query, update, record));
      if (after !== before) progress.modified += 1;
      progress.handled.add(record.rid);
      // From here on the statement goes on with the data that it has begun with.
      if (writer.transaction !== null) writer.transaction.unread = false;
    }
  }
  const matched = progress.handled.size;
  if (matched > 0 || !statement.upsert) return { n: matched, nModified: progress.modified };
  const inserted = runtime(() => insertUpserted(context, ns, filter, update));
  return { n: 1, nModified: 0, upserted: inserted.get('_id') ?? null };
}
