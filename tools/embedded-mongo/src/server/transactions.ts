import { MongoError } from '../engine/index.ts';
import type { Session } from '../sessions/sessions.ts';
import { beginTransaction, type Transaction } from '../storage/transaction.ts';
import { applyCommit, finish } from '../storage/writer.ts';
import type { ServerContext } from './context.ts';

/** A transaction may stay open for this long, in milliseconds (MongoDB's transactionLifetimeLimitSeconds). */
export const TRANSACTION_LIFETIME_MS = 60_000;

const CONFLICTING_OPERATION = 117;
const NO_SUCH_TRANSACTION = 251;
const TRANSACTION_TOO_OLD = 225;
const TRANSACTION_COMMITTED = 256;

/**
 * Moves a session on to a transaction number, for a retryable write or a new transaction.
 * @throws MongoError 225 when the session has gone past that number.
 */
export function advanceSession(server: ServerContext, session: Session, txnNumber: number): void {
  if (txnNumber < session.txnNumber) {
    throw new MongoError(
      TRANSACTION_TOO_OLD,
      `Cannot start transaction with { txnNumber: ${txnNumber} } on session ${session.key} because a newer transaction with txnNumber ${session.txnNumber} has already started on this session.`,
    );
  }
  if (txnNumber === session.txnNumber) return;
  if (session.status === 'open') abortTransaction(server, session);
  session.txnNumber = txnNumber;
  session.status = 'none';
  session.statements.clear();
}

/** @throws MongoError 72 when the session's number belongs to a transaction and not to a retryable write. */
export function checkRetryable(session: Session): void {
  if (session.status === 'none') return;
  throw new MongoError(72, 'Must specify autocommit=false on all operations of a multi-statement transaction.');
}

/** The transaction a command belongs to, begun if the command starts it. */
export function enterTransaction(
  server: ServerContext,
  session: Session,
  txnNumber: number,
  starts: boolean,
): Transaction {
  if (starts) {
    if (txnNumber === session.txnNumber) {
      throw new MongoError(
        CONFLICTING_OPERATION,
        'Only servers in a sharded cluster can start a new transaction at the active transaction number',
      );
    }
    advanceSession(server, session, txnNumber);
    session.transaction = beginTransaction(server.core);
    session.transactionStartedAt = server.now();
    session.status = 'open';
    return session.transaction;
  }
  if (txnNumber < session.txnNumber) {
    throw new MongoError(TRANSACTION_TOO_OLD, `txnNumber ${txnNumber} is older than ${session.txnNumber}`);
  }
  if (txnNumber > session.txnNumber || session.status === 'none') {
    throw new MongoError(
      NO_SUCH_TRANSACTION,
      `Given transaction number ${txnNumber} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
    );
  }
  if (session.status === 'committed') throw committed(txnNumber);
  if (session.status === 'aborted' || session.transaction === null) throw aborted(txnNumber);
  return session.transaction;
}

const committed = (txnNumber: number): MongoError =>
  new MongoError(TRANSACTION_COMMITTED, `Transaction ${txnNumber} has been committed.`);
const aborted = (txnNumber: number): MongoError =>
  new MongoError(NO_SUCH_TRANSACTION, `Transaction with { txnNumber: ${txnNumber} } has been aborted.`);

/**
 * Commits; a repeated commit of the same transaction is answered like the first. The promise settles when the commit is
 * on disk.
 * @throws MongoError 251 when there is no such transaction.
 */
export function commitTransaction(server: ServerContext, session: Session, txnNumber: number): Promise<void> | null {
  const { durability } = server.core;
  if (txnNumber === session.txnNumber && session.status === 'committed') return durability.flush();
  const transaction = enterTransaction(server, session, txnNumber, false);
  applyCommit(server.core, transaction, { session: session.key, txnNumber });
  session.transaction = null;
  session.status = 'committed';
  server.cursors.closeTransaction(transactionKey(session));
  if (transaction.ops.length > 0) {
    durability.recordNote({ session: session.key, txnNumber, transaction: true, statements: [] });
  }
  // A transaction that only read waits as well: what it saw may still be on its way to the disk.
  return durability.flush();
}

/** Aborts the session's open transaction, if there is one. */
export function abortTransaction(server: ServerContext, session: Session): void {
  if (session.transaction !== null) finish(server.core, session.transaction);
  server.cursors.closeTransaction(transactionKey(session));
  session.transaction = null;
  session.status = 'aborted';
}

export const transactionKey = (session: Session): string => `${session.key}:${session.txnNumber}`;
