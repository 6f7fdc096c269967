import type { Doc } from '../bson/index.ts';

/**
 * What a commit remembers for its client session, kept in the same journal record as the changes: a client that lost the
 * answer repeats the statement or the commit, and has to be told the first result instead of having it done again.
 */
export interface SessionNote {
  /** Hex of the session id and, for authenticated clients, of the user digest. */
  readonly session: string;
  readonly txnNumber: number;
  /** The transaction with this number is committed; false for a retryable write. */
  readonly transaction: boolean;
  /** Results of the statements of a retryable write, by statement id. */
  readonly statements: readonly { readonly id: number; readonly result: Doc }[];
}
