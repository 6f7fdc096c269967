import { mongo } from 'mongoose';
import type { ClientSession, Collection, Connection, Model } from 'mongoose';

/** MongoDB 8: the first whose `bulkWrite` writes to several collections at once. */
const WIRE_VERSION_OF_BULK_WRITE = 25;

type Document = { readonly _id?: unknown };

/** Answers of servers that have no `bulkWrite`, or not while a cluster is being upgraded. */
const UNKNOWN_COMMAND = new Set<unknown>([59, 115]);

/** How inserts go to the server of a connection: false once it is known to take one collection at a time. */
export type Batching = { atOnce: boolean };

/** Whether a transaction failed because the server takes one collection at a time, which nobody knew before. */
export const isTooMuchAtOnce = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && UNKNOWN_COMMAND.has(error.code);

/** What a transaction inserts at its very end. */
export type LastInserts = { readonly collection: string; readonly document: mongo.Document }[];

/** Whether the server a connection talks to takes inserts of several collections in one trip. */
export const takesAllAtOnce = async (connection: Connection): Promise<boolean> => {
  const { maxWireVersion } = await connection.getClient().db().command({ hello: 1 });
  return Number(maxWireVersion) >= WIRE_VERSION_OF_BULK_WRITE;
};

/**
 * A document as it is stored: those of a model cast and validated by its schema, which has to know every field. Throws a
 * ValidationError, or an Error for a field that the schema would drop.
 */
export const toInsert = async <D extends Document>(
  target: Model<D> | Pick<Collection<D>, 'collectionName'>,
  document: D,
): Promise<LastInserts[number]> => {
  if (!('validate' in target)) return { collection: target.collectionName, document };
  // Looked at here: the cast drops what the schema does not know, without a word.
  const unknown = Object.keys(document).filter((name) => target.schema.pathType(name) === 'adhocOrUndefined');
  if (unknown.length > 0) throw new Error(`${target.modelName} has no field "${unknown.join('", "')}"`);
  return {
    collection: target.collection.collectionName,
    document: (await target.validate(document)) as mongo.Document,
  };
};

/** Inserts all: in one trip where the server can, else in one per collection. Fails as an insert does. */
export const insertAll = async (options: {
  connection: Connection;
  session: ClientSession;
  inserts: LastInserts;
  atOnce: boolean;
}): Promise<void> => {
  const { connection, session, inserts, atOnce } = options;
  const database = connection.db;
  if (!database) throw new Error('Not connected');
  const byCollection = Map.groupBy(inserts, ({ collection }) => collection);
  if (!atOnce || byCollection.size < 2) {
    for (const [name, group] of byCollection) {
      const documents = group.map(({ document }) => document);
      await database.collection(name).insertMany(documents, { session });
    }
    return;
  }
  const models = inserts.map(({ collection, document }) => ({
    ...{ name: 'insertOne' as const, namespace: `${database.databaseName}.${collection}`, document },
  }));
  try {
    await connection.getClient().bulkWrite(models, { session });
  } catch (error) {
    throw insertError(error);
  }
};

/** What stopped a bulk write, with its own code and labels, as if the insert had been alone. */
const insertError = (error: unknown): unknown => {
  if (!(error instanceof mongo.MongoClientBulkWriteError)) return error;
  const [first] = error.writeErrors.values();
  if (first) return new mongo.MongoServerError({ message: first.message, code: first.code });
  return error.cause ?? error;
};
