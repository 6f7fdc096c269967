import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from '../index.ts';
import { openRawClient } from '../testing/raw-client.ts';
import { fuzzFrames } from './fuzz.ts';

describe('a server among clients that misbehave', () => {
  let mongo: EmbeddedMongo;
  beforeAll(async () => {
    mongo = await startEmbeddedMongo();
  });
  afterAll(() => mongo.stop());

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`answers or closes whatever is sent to it: seed ${seed}`, async () => {
      expect(await fuzzFrames({ seed, port: mongo.port, pid: mongo.pid })).toEqual([]);
    });
  }

  it('works on beside a thousand idle connections, some with half a message', async () => {
    const idle = await Promise.all(Array.from({ length: 1000 }, () => openRawClient(mongo.port)));
    for (const client of idle.slice(0, 100)) client.send(Buffer.from([200, 0, 0, 0, 1]));
    const client = new MongoClient(mongo.uri);
    const rows = client.db('test').collection<{ _id: number }>('idle');
    await rows.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id })));
    expect(await rows.countDocuments()).toBe(3000);
    for (const one of idle) one[Symbol.dispose]();
    await expect.poll(async () => (await client.db().admin().serverStatus())['connections'].current).toBeLessThan(20);
    await client.close();
  });

  it('goes on after connections that broke in the middle of a cursor', async () => {
    const client = new MongoClient(mongo.uri);
    const rows = client.db('test').collection<{ _id: number; n: number }>('broken');
    await rows.insertMany(Array.from({ length: 500 }, (_, _id) => ({ _id, n: 0 })));
    for (let i = 0; i < 20; i++) {
      using other = await openRawClient(mongo.port);
      const reply = await other.command({ find: 'broken', batchSize: 2, $db: 'test' });
      expect(reply['cursor'].firstBatch).toHaveLength(2);
    }
    // Nobody waits for anything: every document can still be written.
    expect(await rows.updateMany({}, { $inc: { n: 1 } }, { maxTimeMS: 5000 })).toMatchObject({ modifiedCount: 500 });
    await client.close();
  });
});
