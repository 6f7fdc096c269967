import { mongo } from 'mongoose';
import type { ClientSession, Collection, Connection, Model } from 'mongoose';
import { DomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { isConnectionLost } from './errors.ts';
import { insertAll, isTooMuchAtOnce, toInsert, type Batching, type LastInserts } from './last-inserts.ts';

const sessionKey = Symbol('session');
const hooksKey = Symbol('hooks');
const insertsKey = Symbol('inserts');

/** A running transaction. Opaque: only repositories look inside, through `sessionOf`. */
export type Tx = {
  readonly [sessionKey]: ClientSession;
  readonly [hooksKey]: Map<string, () => void>;
  readonly [insertsKey]: LastInserts;
};

/** The driver session of a transaction, or undefined outside of one, as Mongoose options take it. Repositories only. */
export const sessionOf = (tx: Tx | undefined): ClientSession | undefined => tx?.[sessionKey];

/** A transaction as the options of a write take it: empty outside of one. Repositories only. */
export const sessionOption = (tx: Tx | undefined): { session?: ClientSession } => {
  const session = sessionOf(tx);
  return session ? { session } : {};
};

/**
 * Runs `hook` once this transaction has committed; never when it aborts. A hook of the same name replaces the earlier
 * one. Hooks must not throw and nothing may depend on them: a crash right after the commit skips them.
 */
export const afterCommit = (tx: Tx, name: string, hook: () => void): void => {
  tx[hooksKey].set(name, hook);
};

/**
 * Inserts documents right before the commit, together with those of other collections: one trip instead of one each. For
 * what nothing in the transaction reads again; a duplicate key fails the transaction as a whole, as it would anyhow.
 */
export const insertLast = async <D extends { _id: unknown }>(
  tx: Tx,
  target: Model<D> | Pick<Collection<D>, 'collectionName'>,
  documents: readonly D[],
): Promise<void> => {
  for (const document of documents) tx[insertsKey].push(await toInsert<D>(target, document));
};

const ATTEMPTS_MAX = 40;
const COMMIT_ATTEMPTS_MAX = 10;
const TIME_MAX_MS = 15_000;
const BACKOFF_START_MS = 3;
const BACKOFF_MAX_MS = 150;
const MAX_TIME_MS_EXPIRED = 50;

const hasLabel = (error: unknown, label: string): boolean =>
  error instanceof mongo.MongoError && error.hasErrorLabel(label);

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Full jitter: contenders for one document must not come back all at once. */
const backoff = (attempt: number): Promise<void> =>
  pause(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_START_MS * 1.6 ** attempt));

const commit = async (session: ClientSession, deadline: number): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const unknownResult =
        hasLabel(error, 'UnknownTransactionCommitResult') &&
        !(error instanceof mongo.MongoError && error.code === MAX_TIME_MS_EXPIRED);
      // Committing again is safe: the server answers for a transaction that it has committed already.
      if (!unknownResult || attempt >= COMMIT_ATTEMPTS_MAX || Date.now() >= deadline) throw error;
      await backoff(attempt);
    }
  }
};

/**
 * Runs `work` in a transaction with snapshot reads and majority writes, and returns its result after the commit.
 * The whole of `work` is run again on a transient conflict, for 15 s and 40 attempts at most, then SERVICE_UNAVAILABLE;
 * so it must touch nothing but MongoDB, and do its operations one after another.
 */
export const runTransaction = async <T>(options: {
  connection: Connection;
  work: (tx: Tx) => Promise<T>;
  logger: Logger;
  batching: Batching;
}): Promise<T> => {
  const { connection, work, logger, batching } = options;
  const session = await connection.startSession();
  const deadline = Date.now() + TIME_MAX_MS;
  try {
    for (let attempt = 1; ; attempt += 1) {
      session.startTransaction({
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority' },
        readPreference: 'primary',
      });
      const hooks = new Map<string, () => void>();
      let isCommitting = false;
      try {
        const inserts: LastInserts = [];
        const result = await work({ [sessionKey]: session, [hooksKey]: hooks, [insertsKey]: inserts });
        await insertAll({ connection, session, inserts, ...batching });
        isCommitting = true;
        await commit(session, deadline);
        for (const hook of hooks.values()) hook();
        return result;
      } catch (error) {
        if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
        if (batching.atOnce && isTooMuchAtOnce(error)) {
          batching.atOnce = false;
          continue;
        }
        // The driver labels no connection that was gone before it was used; without a commit nothing has happened.
        const isTransient = hasLabel(error, 'TransientTransactionError') || (!isCommitting && isConnectionLost(error));
        if (!isTransient) throw error;
        if (attempt >= ATTEMPTS_MAX || Date.now() >= deadline) {
          logger.warn({ err: error, attempt }, 'transaction given up after repeated conflicts');
          throw new DomainError('SERVICE_UNAVAILABLE', undefined, { cause: error });
        }
        await backoff(attempt);
      }
    }
  } finally {
    await session.endSession().catch(() => undefined);
  }
};
