/** WriteConflict, LockTimeout, NoSuchTransaction, SnapshotUnavailable, PreparedTransactionInProgress. */
const TRANSIENT = new Set([112, 24, 251, 246, 267]);

/** Errors of a server that goes away or changes its role: a retryable write may be tried again. */
const RETRYABLE = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Errors after which a driver opens a change stream again where it was. */
const RESUMABLE = new Set([6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436]);

/** How the command that failed stood to its session. */
export interface Circumstances {
  readonly inTransaction: boolean;
  /** It was to end its transaction. */
  readonly ends: boolean;
  /** It carried a transaction number: within a transaction, or as a retryable write. */
  readonly retryable: boolean;
  /** It reads a change stream. */
  readonly watching: boolean;
}

/**
 * The labels that tell drivers what they may do again: a whole transaction, a single write, or watching. Codes and
 * conditions as in the specifications of MongoDB's drivers and its ErrorLabelBuilder.
 */
export function errorLabels(
  code: number,
  { inTransaction, ends, retryable, watching }: Circumstances,
): readonly string[] {
  if (inTransaction) {
    if (TRANSIENT.has(code)) return ['TransientTransactionError'];
    if (RETRYABLE.has(code)) return [ends ? 'RetryableWriteError' : 'TransientTransactionError'];
    return [];
  }
  if (retryable) return RETRYABLE.has(code) ? ['RetryableWriteError'] : [];
  return watching && RESUMABLE.has(code) ? ['ResumableChangeStreamError'] : [];
}
