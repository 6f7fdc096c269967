import { Long, type Document } from 'mongodb';
import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dateAt, decodeDoc, Doc, encodeDoc, FarDate, millisecondsOf } from './bson/index.ts';
import { compareValues, encodeKey } from './engine/index.ts';
import { opMsg, openRawClient, type RawClient } from './testing/raw-client.ts';
import { openTestServer, type TestServer } from './testing/test-server.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const EDGE = 8_640_000_000_000_000n;
/** In their order; the last two are one number to JavaScript. */
const TIMES = [MIN, MIN + 1n, -EDGE - 1n, -EDGE, -1n, 0n, 1n, EDGE, EDGE + 1n, MAX - 1n, MAX];

describe('dates further away than those of JavaScript', () => {
  it('survive encoding, and keep their order and their difference', () => {
    const dates = TIMES.map(dateAt);
    const decoded = decodeDoc(encodeDoc(Doc.of(['dates', dates]))).get('dates') as Date[];
    expect(decoded.map(millisecondsOf)).toEqual(TIMES);
    expect(decoded.filter((date) => date instanceof FarDate)).toHaveLength(6);
    const keys = decoded.map((date) => encodeKey(date));
    for (let i = 0; i < dates.length; i++) {
      for (let j = 0; j < dates.length; j++) {
        expect(Math.sign(compareValues(decoded[i]!, decoded[j]!))).toBe(Math.sign(i - j));
        expect(keys[i]! < keys[j]!).toBe(i < j);
      }
    }
  });

  describe('in a collection', () => {
    let server: TestServer;
    let client: RawClient;
    const rows = () => server.db.collection<{ _id: number } & Document>('rows');

    beforeAll(async () => {
      server = await openTestServer();
      client = await openRawClient(server.mongo.port);
      await rows().createIndex({ at: 1 }, { unique: true });
      const bytes = Buffer.from(
        serialize({
          insert: 'rows',
          documents: TIMES.map((time, _id) => ({ _id, n: 0, at: Long.fromBigInt(time) })),
          $db: 'test',
        }),
      );
      // The same bytes as dates: no client can make these.
      for (let at = bytes.indexOf('\x12at\0'); at >= 0; at = bytes.indexOf('\x12at\0', at)) bytes[at] = 9;
      client.send(opMsg(bytes));
      await vi.waitUntil(async () => (await rows().countDocuments()) === TIMES.length, 10_000);
    });
    afterAll(async () => {
      client[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    });

    const ids = async (pipeline: Document[]): Promise<number[]> =>
      (await rows().aggregate(pipeline).toArray()).map(({ _id }) => _id as number);

    it('are sorted, with the index and without, and found one by one', async () => {
      const inOrder = TIMES.map((_time, i) => i);
      expect((await rows().find().sort({ at: -1 }).toArray()).map(({ _id }) => _id)).toEqual(inOrder.toReversed());
      const natural = await rows().find().sort({ at: 1 }).hint({ $natural: 1 }).toArray();
      expect(natural.map(({ _id }) => _id)).toEqual(inOrder);
      for (const [i, time] of TIMES.entries()) {
        const at = { $toDate: Long.fromBigInt(time) };
        expect(await ids([{ $match: { $expr: { $eq: ['$at', at] } } }])).toEqual([i]);
      }
    });

    it('stay what they are when another field is updated', async () => {
      await rows().updateMany({}, { $inc: { n: 1 } });
      const shown = await rows()
        .aggregate([{ $sort: { _id: 1 } }, { $project: { n: 1, at: { $toLong: '$at' } } }], { promoteLongs: false })
        .toArray();
      expect(shown.map(({ at }) => (at as Long).toBigInt())).toEqual(TIMES);
      expect(shown.every(({ n }) => Number(n) === 1)).toBe(true);
    });

    it('are added to and subtracted from exactly, within 64 bits', async () => {
      const last = { $match: { _id: TIMES.length - 1 } };
      const [row] = await rows()
        .aggregate([last, { $project: { minusOne: { $toLong: { $subtract: ['$at', 1] } } } }], { promoteLongs: false })
        .toArray();
      expect((row?.['minusOne'] as Long).toBigInt()).toBe(MAX - 1n);
      await expect(ids([last, { $project: { a: { $add: ['$at', 1] } } }])).rejects.toMatchObject({ code: 15 });
      const [pair] = await rows()
        .aggregate([{ $match: { _id: TIMES.indexOf(EDGE) } }, { $project: { far: { $toLong: { $add: ['$at', 1] } } } }])
        .toArray();
      expect(pair?.['far']).toBe(Number(EDGE + 1n));
    });

    it('have no parts', async () => {
      const project = { $project: { year: { $year: '$at' } } };
      await expect(ids([{ $match: { _id: 0 } }, project])).rejects.toMatchObject({ code: 238 });
    });
  });
});
