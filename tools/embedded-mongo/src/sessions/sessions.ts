import type { Doc } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import type { SessionNote } from '../storage/session-note.ts';
import type { Transaction } from '../storage/transaction.ts';

export type TransactionStatus = 'none' | 'open' | 'committed' | 'aborted';

/** What the server knows of a client session. */
export interface Session {
  readonly key: string;
  lastUsedAt: number;
  /** Highest transaction number seen; retryable writes and transactions share the sequence. */
  txnNumber: number;
  status: TransactionStatus;
  transaction: Transaction | null;
  transactionStartedAt: number;
  /** The connection that the latest command came over. */
  lastConnectionId: number;
  /** The connection that the transaction's latest command came over. */
  connectionId: number;
  /** Results of the statements of the retryable write `txnNumber`. */
  readonly statements: Map<number, Doc>;
  /** Settles when the command that uses the session now is done. */
  busy: Promise<void> | null;
}

/** Sessions unused for this long are forgotten, in milliseconds (hello.logicalSessionTimeoutMinutes). */
export const SESSION_TIMEOUT_MS = 30 * 60 * 1000;

/** Sessions that are kept at a time; clients that make more get an error until some have timed out or ended. */
const MAX_SESSIONS = 100_000;

export type SessionRegistry = ReturnType<typeof createSessionRegistry>;

/** Keeps the sessions of all clients. `restored` are the notes that recovery found in the journal. */
export function createSessionRegistry({
  now,
  restored = [],
}: {
  now: () => number;
  restored?: readonly SessionNote[];
}) {
  const sessions = new Map<string, Session>();

  function open(key: string): Session {
    let session = sessions.get(key);
    if (session === undefined) {
      if (sessions.size >= MAX_SESSIONS) {
        throw new MongoError(261, `cannot add session into the cache: there are ${MAX_SESSIONS} sessions already`);
      }
      session = {
        key,
        lastUsedAt: now(),
        txnNumber: -1,
        status: 'none',
        transaction: null,
        transactionStartedAt: 0,
        lastConnectionId: 0,
        connectionId: 0,
        statements: new Map(),
        busy: null,
      };
      sessions.set(key, session);
    }
    session.lastUsedAt = now();
    return session;
  }

  for (const note of restored) applyNote(open(note.session), note);

  return {
    open,
    get: (key: string): Session | undefined => sessions.get(key),
    all: (): Iterable<Session> => sessions.values(),
    count: (): number => sessions.size,
    forget(key: string): void {
      sessions.delete(key);
    },
    /** What has to outlive a restart: the latest numbers and the results kept for them. */
    notes(): SessionNote[] {
      const notes: SessionNote[] = [];
      for (const session of sessions.values()) {
        const committed = session.status === 'committed';
        if (!committed && session.statements.size === 0) continue;
        const statements = [...session.statements].map(([id, result]) => ({ id, result }));
        notes.push({ session: session.key, txnNumber: session.txnNumber, transaction: committed, statements });
      }
      return notes;
    },
  };
}

/** Brings a session to the state that a journalled commit left it in. */
export function applyNote(session: Session, note: SessionNote): void {
  if (note.txnNumber < session.txnNumber) return;
  if (note.txnNumber > session.txnNumber) session.statements.clear();
  session.txnNumber = note.txnNumber;
  session.status = note.transaction ? 'committed' : 'none';
  for (const statement of note.statements) session.statements.set(statement.id, statement.result);
}
