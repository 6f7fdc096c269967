import type { MongoError } from '../engine/index.ts';

/** WriteConflict, LockTimeout, NoSuchTransaction, SnapshotUnavailable, PreparedTransactionInProgress. */
const TRANSIENT = new Set([112, 24, 251, 246, 267]);

/** Errors of a server that goes away or changes its role: a retryable write may be tried again. */
const RETRYABLE = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Errors after which a driver opens a change stream again where it was. */
const RESUMABLE = new Set([6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436]);

/**
 * The labels that tell drivers what they may do again: a whole transaction, a single write, or watching. Codes as in the
 * specifications of MongoDB's drivers.
 */
export function errorLabels(
  error: MongoError,
  command: string,
  { inTransaction, watching }: { inTransaction: boolean; watching: boolean },
): readonly string[] {
  if (inTransaction) {
    const ends = command === 'commitTransaction' || command === 'abortTransaction';
    if (TRANSIENT.has(error.code) && (!ends || error.code === 251)) return ['TransientTransactionError'];
    if (RETRYABLE.has(error.code)) return [ends ? 'RetryableWriteError' : 'TransientTransactionError'];
    return [];
  }
  if (watching && RESUMABLE.has(error.code)) return ['ResumableChangeStreamError'];
  return RETRYABLE.has(error.code) ? ['RetryableWriteError'] : [];
}
