import mongoose from 'mongoose';
import type { Connection } from 'mongoose';
import type { Logger } from '@cartwright/platform-logger';
import { endedConnections } from './ended-connections.ts';
import { takesAllAtOnce } from './last-inserts.ts';
import { runTransaction } from './transaction.ts';
import type { Tx } from './transaction.ts';

/** An index of an earlier version, by the name that MongoDB gave it. */
export interface RetiredIndex {
  readonly collection: string;
  readonly name: string;
}

/** NamespaceNotFound, IndexNotFound: there is nothing to drop, or another process has just done so. */
const NOTHING_TO_DROP: readonly unknown[] = [26, 27];

export type Mongo = {
  /** The Mongoose connection; for `*.model.ts` and `*-repository.ts` files: `connection.model('Order', schema)`. */
  connection: Connection;
  /** See `runTransaction`: may run its callback several times; nothing outside MongoDB in it. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Creates the collections and indexes of all models registered on the connection, and drops those that earlier versions made
   * and nothing asks for any more. Called once at start.
   */
  ensureIndexes(retired?: readonly RetiredIndex[]): Promise<void>;
  /** Resolves when the server answers; rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Connects to MongoDB (a replica set: transactions are needed); rejects when it can't within 10 s.
 * Indexes are made by `ensureIndexes`, or by Mongoose in the background when `autoIndex` is set (tests).
 */
export const createMongo = async (options: { uri: string; logger: Logger; autoIndex?: boolean }): Promise<Mongo> => {
  const { uri, logger, autoIndex = false } = options;
  const connection = mongoose.createConnection(uri, {
    autoIndex,
    autoCreate: autoIndex,
    // An absent optional field is left out, rather than stored as null.
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 10_000,
    maxPoolSize: 50,
    // Operations fail at once while disconnected, rather than wait in Mongoose's own buffer.
    bufferCommands: false,
    ...endedConnections,
  });
  connection.on('error', (error: Error) => logger.warn({ err: error }, 'mongodb connection error'));
  const batching = { atOnce: false };
  try {
    await connection.asPromise();
    batching.atOnce = await takesAllAtOnce(connection);
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw error;
  }

  return {
    connection,
    transaction: (work) => runTransaction({ connection, work, logger, batching }),
    ensureIndexes: async (retired = []) => {
      for (const model of Object.values(connection.models)) {
        await model.createCollection();
        await model.createIndexes();
      }
      for (const { collection, name } of retired) {
        await connection
          .collection(collection)
          .dropIndex(name)
          .catch((error: { code?: unknown }) => {
            if (!NOTHING_TO_DROP.includes(error.code)) throw error;
          });
      }
    },
    ping: async () => {
      await connection.getClient().db().command({ ping: 1 });
    },
    close: async () => {
      await connection.close(true);
    },
  };
};
