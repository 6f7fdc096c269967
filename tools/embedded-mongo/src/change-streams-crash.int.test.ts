import {
  MongoClient,
  MongoNetworkError,
  MongoServerSelectionError,
  type ChangeStreamDocument,
  type Document,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from './index.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

interface Row {
  _id: string;
  n?: number;
}

const WRITERS = 4;

/** A number stream from a seed, so that a failing run can be had again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const connect = (mongo: EmbeddedMongo): Promise<MongoClient> =>
  MongoClient.connect(mongo.uri, { serverSelectionTimeoutMS: 1000 });

/** Writes until the server dies: single documents, transactions of two, and steps of a counter. */
async function write(mongo: EmbeddedMongo, name: string, acknowledged: { count: number }): Promise<void> {
  const client = await connect(mongo);
  const rows = client.db('shop').collection<Row>('rows');
  const counters = client.db('shop').collection<Row>('counters');
  try {
    for (let i = 0; ; i++) {
      await rows.insertOne({ _id: `${name}-${i}` });
      await client.withSession(async (session) => {
        session.startTransaction();
        await counters.updateOne({ _id: name.slice(-2) }, { $inc: { n: 1 } }, { upsert: true, session });
        await rows.insertOne({ _id: `${name}-${i}-t` }, { session });
        await session.commitTransaction();
      });
      acknowledged.count += 1;
    }
  } catch {
    // The server was killed.
  } finally {
    await client.close(true).catch(() => undefined);
  }
}

type Follower = (mongo: EmbeddedMongo) => Promise<void>;

/** Follows the database until the server dies or `_id: end` comes, and takes up where it was in the next run. */
function follower(
  seen: Document[],
  options: { keepTokenOf: 'event' | 'batch'; batchSize: number; from: unknown },
): Follower {
  let token = options.from;
  return async (mongo) => {
    const client = await connect(mongo);
    const stream = client
      .db('shop')
      .watch([], { batchSize: options.batchSize, maxAwaitTimeMS: 50, resumeAfter: token });
    try {
      for (;;) {
        const event = (await stream.tryNext()) as ChangeStreamDocument | null;
        if (event !== null) seen.push(event);
        if (options.keepTokenOf === 'batch') token = stream.resumeToken;
        else if (event !== null) token = event._id;
        if ((event as Document | null)?.['documentKey']?._id === 'end') return;
      }
    } catch (error) {
      if (typeof (error as { code?: unknown }).code === 'number') throw error;
    } finally {
      await client.close(true).catch(() => undefined);
    }
  };
}

describe('following a server through kill -9', () => {
  it('misses nothing, repeats nothing, and shows nothing that did not last', async () => {
    using dir = temporaryFolder();
    const random = randomOf(20_261_123);
    // Compaction runs all the time, so that the history has to outlive its journals.
    const start = (port = 0) => startEmbeddedMongo({ dataDir: dir.path, compactAfter: 30_000, port });
    let mongo = await start();
    const { port } = mongo;

    const byEvent: Document[] = [];
    const byBatch: Document[] = [];
    const byDriver: Document[] = [];
    const atLast: Document[] = [];
    // The driver alone, which finds the server again at its old address.
    const lasting = await MongoClient.connect(mongo.uri);
    const stream = lasting.db('shop').watch([], { maxAwaitTimeMS: 50 });
    await stream.tryNext();
    const beginning = stream.resumeToken;
    const followers = [
      follower(byEvent, { keepTokenOf: 'event', batchSize: 3, from: beginning }),
      follower(byBatch, { keepTokenOf: 'batch', batchSize: 100, from: beginning }),
    ];
    const driver = (async () => {
      for (let current = stream; ;) {
        try {
          for await (const event of current) {
            byDriver.push(event);
            if ((event as Document)['documentKey']?._id === 'end') return;
          }
        } catch (error) {
          // The driver tries a few times; a server that is away for longer is a matter for whoever follows it.
          if (!(error instanceof MongoNetworkError) && !(error instanceof MongoServerSelectionError)) throw error;
          current = lasting.db('shop').watch([], { maxAwaitTimeMS: 50, resumeAfter: current.resumeToken });
        }
      }
    })();

    for (let round = 0; round < 4; round++) {
      const following = followers.map((follow) => follow(mongo));
      const acknowledged = { count: 0 };
      const writers = Array.from({ length: WRITERS }, (_, i) => write(mongo, `r${round}w${i}`, acknowledged));
      await expect.poll(() => acknowledged.count, { timeout: 30_000, interval: 1 }).toBeGreaterThan(15 + random(30));
      await mongo.kill();
      await Promise.all([...writers, ...following]);
      mongo = await start(port);
    }
    const client = await connect(mongo);
    await client.db('shop').collection<Row>('rows').insertOne({ _id: 'end' });
    // One that comes back only now: its token is as old as the data, and many compactions lie between.
    const late = follower(atLast, { keepTokenOf: 'event', batchSize: 1000, from: beginning });
    await Promise.all([driver, ...[...followers, late].map((follow) => follow(mongo))]);

    const stored = await client.db('shop').collection<Row>('rows').find().toArray();
    const counters = await client.db('shop').collection<Row>('counters').find().toArray();
    for (const [name, events] of Object.entries({ byDriver, byEvent, byBatch, atLast })) {
      const tokens = events.map(({ _id }) => String(_id._data));
      expect([...tokens].sort(), name).toEqual(tokens);
      expect(new Set(tokens).size, name).toBe(tokens.length);
      const inserted = events.filter(({ operationType, ns }) => operationType === 'insert' && ns.coll === 'rows');
      // Records are kept in the order of their making, which is that of the events but for open transactions.
      expect(new Set(inserted.map(({ documentKey }) => documentKey._id)), name).toEqual(
        new Set(stored.map(({ _id }) => _id)),
      );
      expect(inserted, name).toHaveLength(stored.length);
      for (const { _id, n } of counters) {
        const steps = events
          .filter(({ ns, documentKey }) => ns.coll === 'counters' && documentKey._id === _id)
          .map((event) => event['fullDocument']?.n ?? event['updateDescription'].updatedFields.n);
        expect(steps, `${name} ${_id}`).toEqual(Array.from({ length: n ?? 0 }, (_, i) => i + 1));
      }
    }
    expect(byEvent.map(({ _id }) => _id)).toEqual(byBatch.map(({ _id }) => _id));
    await Promise.all([client.close(), lasting.close()]);
    await mongo.stop();
  }, 180_000);

  it('goes on from the token of a stream that has seen nothing yet', async () => {
    using dir = temporaryFolder();
    let mongo = await startEmbeddedMongo({ dataDir: dir.path });
    let client = await connect(mongo);
    const stream = client.db('shop').watch([], { maxAwaitTimeMS: 20 });
    await stream.tryNext();
    const token = stream.resumeToken;
    await client.close(true);
    await mongo.kill();
    mongo = await startEmbeddedMongo({ dataDir: dir.path });
    client = await connect(mongo);
    await client.db('shop').collection<Row>('rows').insertOne({ _id: 'first' });
    const again = client.db('shop').watch([], { maxAwaitTimeMS: 20, resumeAfter: token });
    expect(await again.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 'first' } });
    await client.close();
    await mongo.stop();
  }, 60_000);
});
