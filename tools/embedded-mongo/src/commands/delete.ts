import { isNumber, type Doc } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Command, CommandContext } from '../server/context.ts';
import { checkInnerFields, optionalDoc, requiredDocs } from './args.ts';
import { checkWritable, namespaceOf } from './namespace.ts';
import { queryOf } from './query-args.ts';
import { batchReply, runBatch, type StatementResult } from './write-batch.ts';

const STATEMENT_FIELDS = new Set(['q', 'limit', 'collation', 'hint']);

export const deleteCommand: Command = {
  name: 'delete',
  retryable: true,
  writes: true,
  fields: new Set(['deletes', 'ordered', 'let', 'stmtId', 'stmtIds', 'bypassDocumentValidation']),
  transactional: true,
  async run(context) {
    const ns = namespaceOf('delete', context.db, context.args);
    checkWritable(ns.slice(context.db.length + 1));
    const statements = requiredDocs(context.args, 'deletes', 'delete.deletes');
    for (const statement of statements) checkInnerFields('delete.deletes', statement, STATEMENT_FIELDS);
    const parsed = statements.map(readStatement);
    const result = await runBatch(context, parsed.length, (i) =>
      deleteMatching(context, ns, parsed[i] as DeleteStatement),
    );
    return batchReply(result, false);
  },
};

/** One statement of a delete. */
export interface DeleteStatement {
  readonly filter: Doc;
  readonly one: boolean;
  readonly spec: Doc;
  /** Documents removed by earlier runs, before the statement had to wait for a lock. */
  readonly progress: { removed: number };
}

function readStatement(spec: Doc): DeleteStatement {
  const filter = optionalDoc(spec, 'q', 'delete.deletes.q');
  if (filter === undefined)
    throw new MongoError(40414, "BSON field 'delete.deletes.q' is missing but a required field");
  const limit = spec.get('limit');
  if (limit === undefined)
    throw new MongoError(40414, "BSON field 'delete.deletes.limit' is missing but a required field");
  const number = isNumber(limit) ? numberOf(limit) : NaN;
  if (number !== 0 && number !== 1) {
    throw new MongoError(9, `The limit field in delete objects must be 0 or 1. Got ${String(number)}`);
  }
  return { filter, one: number === 1, spec, progress: { removed: 0 } };
}

/** Removes what a statement matches. Can be run again after it met a lock. */
export function deleteMatching(
  context: CommandContext,
  ns: string,
  { filter, one, spec, progress }: DeleteStatement,
): StatementResult {
  if (!one && context.retryable) {
    throw new MongoError(72, 'Cannot use (or request) retryable writes with limit=0');
  }
  const { writer } = context;
  const state = writer.collection(ns);
  const limit = one ? 1 : Infinity;
  const query = queryOf(context, state, { filter, hint: spec.get('hint'), collation: spec.get('collation'), limit });
  if (state === undefined) return { n: 0 };
  if (one) {
    const next = query.records().next();
    if (next.done === true) return { n: 0 };
    writer.remove(state, next.value);
    return { n: 1 };
  }
  // All matches are found before the first is removed: the scan must not meet its own changes.
  for (const record of [...query.records()]) {
    const current = writer.collection(ns);
    if (current === undefined) break;
    writer.remove(current, record);
    progress.removed += 1;
  }
  return { n: progress.removed };
}
