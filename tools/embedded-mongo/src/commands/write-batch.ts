import { Doc, isNumber, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { CommandContext } from '../server/context.ts';
import { optionalArray, optionalBoolean, optionalInteger } from './args.ts';
import { checkDeadline } from './query-args.ts';

/** What one statement of a write command did. */
export interface StatementResult {
  readonly n: number;
  readonly nModified?: number;
  /** The _id that an upsert inserted. */
  readonly upserted?: Value;
}

/** What all statements together did. */
export interface BatchResult {
  n: number;
  nModified: number;
  readonly upserted: Doc[];
  readonly errors: Doc[];
  readonly retried: number[];
}

const MAX_BATCH = 100_000;

/** After these the client may run the whole transaction again, or has gone: they fail the command as such. */
const FAILS_COMMAND = new Set([112, 24, 50, 251, 246, 279]);

/**
 * Runs the statements of insert, update or delete in order; one that meets a lock is run again from its beginning when
 * the lock is gone. Errors are collected; an ordered batch ends at the first.
 * Statements of a retryable write that an earlier attempt has run are answered from its record.
 */
export async function runBatch(
  context: CommandContext,
  count: number,
  statement: (index: number) => StatementResult,
  /** Is told what each statement did that did not fail. */
  done?: (index: number, result: StatementResult) => void,
): Promise<BatchResult> {
  const { args, name } = context;
  if (count === 0 || count > MAX_BATCH) {
    throw new MongoError(16, `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${count} operations.`);
  }
  const ordered = optionalBoolean(args, 'ordered', `${name}.ordered`) ?? true;
  const result: BatchResult = { n: 0, nModified: 0, upserted: [], errors: [], retried: [] };
  const ids = statementIds(args, name, count);
  for (let i = 0; i < count; i++) {
    const id = ids(i);
    const known = context.recall(id);
    if (known !== undefined) {
      result.retried.push(id);
      const before = readResult(known);
      addTo(result, i, before);
      done?.(i, before);
      continue;
    }
    try {
      checkDeadline(context);
      const pending = context.withLocks(() => {
        const written = statement(i);
        if (context.retryable) context.remember(id, writeResult(written));
        return written;
      });
      const written = pending instanceof Promise ? await pending : pending;
      addTo(result, i, written);
      done?.(i, written);
    } catch (error) {
      if (!(error instanceof MongoError) || FAILS_COMMAND.has(error.code)) throw error;
      result.errors.push(writeError(i, error));
      if (context.writer.transaction !== null) {
        context.abort();
        break;
      }
      if (ordered) break;
    }
  }
  return result;
}

function statementIds(args: Doc, name: string, count: number): (index: number) => number {
  const list = optionalArray(args, 'stmtIds', `${name}.stmtIds`);
  const first = optionalInteger(args, 'stmtId', `${name}.stmtId`) ?? 0;
  if (list !== undefined && args.has('stmtId')) throw new MongoError(72, 'Cannot specify both stmtId and stmtIds');
  if (list !== undefined && list.length !== count)
    throw new MongoError(72, 'Number of statement ids must match the number of batch entries');
  return (index) => {
    const id = list?.[index];
    return isNumber(id) ? numberOf(id) : first + index;
  };
}

function addTo(result: BatchResult, index: number, statement: StatementResult): void {
  result.n += statement.n;
  result.nModified += statement.nModified ?? 0;
  if (statement.upserted !== undefined) {
    result.upserted.push(Doc.of(['index', index], ['_id', statement.upserted]));
  }
}

/** What nearly all statements of large inserts answer; sessions remember one for each of their documents. */
const ONE_WRITTEN = Doc.of(['n', 1], ['nModified', 0]);

function writeResult(result: StatementResult): Doc {
  if (result.n === 1 && (result.nModified ?? 0) === 0 && result.upserted === undefined) return ONE_WRITTEN;
  const doc = Doc.of(['n', result.n], ['nModified', result.nModified ?? 0]);
  if (result.upserted !== undefined) doc.append('upserted', result.upserted);
  return doc;
}

function readResult(doc: Doc): StatementResult {
  const number = (key: string): number => {
    const value = doc.get(key);
    return isNumber(value) ? numberOf(value) : 0;
  };
  const upserted = doc.get('upserted');
  const counts = { n: number('n'), nModified: number('nModified') };
  return upserted === undefined ? counts : { ...counts, upserted };
}

function writeError(index: number, error: MongoError): Doc {
  const doc = Doc.of(['index', index], ['code', error.code], ['errmsg', error.message]);
  for (const [key, value] of Object.entries(error.extra ?? {}))
    if (value !== undefined) doc.append(key, value as Value);
  return doc;
}

/** The answer to a write command. */
export function batchReply(result: BatchResult, withModified: boolean): Doc {
  const reply = Doc.of(['n', result.n]);
  if (result.errors.length > 0) reply.append('writeErrors', [...result.errors]);
  if (result.retried.length > 0) reply.append('retriedStmtIds', [...result.retried]);
  if (result.upserted.length > 0) reply.append('upserted', [...result.upserted]);
  if (withModified) reply.append('nModified', result.nModified);
  return reply;
}
