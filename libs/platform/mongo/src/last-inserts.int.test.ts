import { createConnection, Schema } from 'mongoose';
import { collectingLogger, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { isDuplicateKeyError } from './errors.ts';
import { newId } from './id.ts';
import { takesAllAtOnce } from './last-inserts.ts';
import type { Mongo } from './mongo.ts';
import { schemaOptions } from './schema-options.ts';
import { insertLast, runTransaction, type Tx } from './transaction.ts';

type Parcel = { _id: string; label: string; weight: number };
type Note = { _id: string };

async function shelves(mongo: Mongo) {
  const schema = new Schema<Parcel>(
    { _id: String, label: { type: String, required: true }, weight: { type: Number, required: true } },
    { ...schemaOptions, collection: 'parcels' },
  );
  schema.index({ label: 1 }, { unique: true, name: 'label_1' });
  const parcels = mongo.connection.model<Parcel>('Parcel', schema);
  const notes = mongo.connection.collection<Note>('notes');
  await mongo.ensureIndexes();
  await notes.createIndex({ at: 1 });
  const both = async (tx: Tx, id: string, label = id) => {
    await insertLast(tx, parcels, [{ _id: id, label, weight: 1 }]);
    await insertLast(tx, notes, [{ _id: id }]);
  };
  const counts = () => Promise.all([parcels.countDocuments(), notes.countDocuments()]);
  return { parcels, notes, both, counts };
}

const { logger } = collectingLogger();

describe.each([
  ['in one trip', true],
  ['in one trip per collection, as servers before MongoDB 8 want it', false],
])('inserts at the end of a transaction, %s', (_how, atOnce) => {
  const run = <T>({ connection }: Mongo, work: (tx: Tx) => Promise<T>) =>
    runTransaction({ connection, work, logger, batching: { atOnce } });

  it('are there with the commit, and not after a failure', async () => {
    await using db = await testMongo();
    const { both, counts } = await shelves(db.mongo);
    await run(db.mongo, (tx) => both(tx, 'a'));
    expect(await counts()).toEqual([1, 1]);
    const failing = run(db.mongo, async (tx) => {
      await both(tx, 'b');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await counts()).toEqual([1, 1]);
  });

  it('fail as a whole with the duplicate key of one, by the name of its index', async () => {
    await using db = await testMongo();
    const { both, counts } = await shelves(db.mongo);
    await run(db.mongo, (tx) => both(tx, 'a'));
    const error: unknown = await run(db.mongo, (tx) => both(tx, 'b', 'a')).catch((thrown: unknown) => thrown);
    expect(isDuplicateKeyError(error, 'label_1')).toBe(true);
    expect(isDuplicateKeyError(error, 'other_1')).toBe(false);
    expect(await counts()).toEqual([1, 1]);
  });

  it('are held to the schema of their model', async () => {
    await using db = await testMongo();
    const { parcels, counts } = await shelves(db.mongo);
    const wrong = { _id: 'a', label: 'a' } as Parcel;
    await expect(run(db.mongo, (tx) => insertLast(tx, parcels, [wrong]))).rejects.toThrow('weight');
    const more = { _id: 'a', label: 'a', weight: 2, extra: true } as Parcel;
    await expect(run(db.mongo, (tx) => insertLast(tx, parcels, [more]))).rejects.toThrow('no field "extra"');
    const cast = { _id: 'a', label: 'a', weight: '2' } as unknown as Parcel;
    await run(db.mongo, (tx) => insertLast(tx, parcels, [cast]));
    expect(await parcels.find().lean()).toEqual([{ _id: 'a', label: 'a', weight: 2 }]);
    expect(await counts()).toEqual([1, 0]);
  });

  it('start over while another transaction has the same key under way', async () => {
    await using db = await testMongo();
    const { both, notes, counts } = await shelves(db.mongo);
    const other = await db.mongo.connection.startSession();
    other.startTransaction();
    await notes.insertOne({ _id: 'a' }, { session: other });
    let tries = 0;
    await run(db.mongo, async (tx) => {
      tries += 1;
      if (tries === 3) await other.abortTransaction();
      await both(tx, 'a');
    });
    expect(tries).toBe(3);
    expect(await counts()).toEqual([1, 1]);
    await other.endSession();
  });
});

describe('a connection', () => {
  it('sends the inserts of several collections in one command', async () => {
    await using db = await testMongo();
    const { both } = await shelves(db.mongo);
    const connection = await createConnection(db.uri, { monitorCommands: true }).asPromise();
    const sent: string[] = [];
    connection.getClient().on('commandStarted', ({ commandName }) => sent.push(commandName));
    await runTransaction({
      ...{ connection, work: (tx: Tx) => both(tx, 'a'), logger },
      batching: { atOnce: await takesAllAtOnce(connection) },
    });
    expect(sent.filter((name) => name !== 'endSessions')).toEqual(['hello', 'bulkWrite', 'commitTransaction']);
    await connection.close();
  });

  it('sends one command per collection from then on when a server has no other', async () => {
    await using db = await testMongo();
    const { both, counts } = await shelves(db.mongo);
    const admin = db.mongo.connection.getClient().db('admin');
    const appName = `old-${newId()}`;
    const connection = await createConnection(db.uri, { appName }).asPromise();
    const data = { failCommands: ['bulkWrite'], errorCode: 115, appName };
    await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
    const batching = { atOnce: true };
    await runTransaction({ connection, work: (tx) => both(tx, 'a'), logger, batching });
    expect(batching).toEqual({ atOnce: false });
    expect(await counts()).toEqual([1, 1]);
    await connection.close();
  });
});
