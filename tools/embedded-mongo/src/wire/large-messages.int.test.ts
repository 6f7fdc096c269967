import { readFileSync } from 'node:fs';
import { serialize, setInternalBufferSize, type Document } from 'bson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from '../index.ts';
import { openRawClient, opMsg, type RawClient } from '../testing/raw-client.ts';
import { MAX_MESSAGE_BYTES } from './messages.ts';

/** An insert of three documents whose message has the size, in bytes. */
function insertOf(bytes: number): Buffer {
  const body = serialize({ insert: 'large', $db: 'test' });
  const name = Buffer.from('documents\0');
  const overhead = opMsg(body).length + 1 + 4 + name.length;
  const empty = serialize({ _id: 1, b: Buffer.alloc(0) }).length;
  const room = bytes - overhead - 3 * empty;
  const sizes = [Math.ceil(room / 3), Math.ceil(room / 3), room - 2 * Math.ceil(room / 3)];
  const documents = sizes.map((size, _id) => serialize({ _id, b: Buffer.alloc(size) }));
  const length = Buffer.alloc(4);
  length.writeInt32LE(4 + name.length + documents.reduce((sum, doc) => sum + doc.length, 0));
  const frame = Buffer.concat([opMsg(body), Buffer.from([1]), length, name, ...documents]);
  frame.writeInt32LE(frame.length, 0);
  return frame;
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('large messages', () => {
  let mongo: EmbeddedMongo;
  let client: RawClient;
  // Each test has a server of its own: memory that an earlier one left free would hide what the next one takes.
  beforeEach(async () => {
    setInternalBufferSize(20_000_000);
    mongo = await startEmbeddedMongo();
    client = await openRawClient(mongo.port);
  });
  afterEach(async () => {
    client[Symbol.dispose]();
    await mongo.stop();
  });
  const run = (command: Document): Promise<Document> => client.command({ ...command, $db: 'test' });

  it('are taken up to 48 MB and not beyond', async () => {
    using other = await openRawClient(mongo.port);
    const answer = other.command({ ping: 1, $db: 'admin' });
    other.send(insertOf(MAX_MESSAGE_BYTES));
    await answer;
    await expect.poll(async () => (await run({ count: 'large' }))['n']).toBe(3);
    await run({ drop: 'large' });
    other.send(insertOf(MAX_MESSAGE_BYTES + 1));
    await other.closed;
    expect(await run({ count: 'large' })).toMatchObject({ n: 0 });
  });

  it('that are never finished take bounded memory, however many, and the server works on', async () => {
    const before = residentMb(mongo.pid);
    const half = insertOf(MAX_MESSAGE_BYTES).subarray(0, MAX_MESSAGE_BYTES / 2);
    const clients = await Promise.all(Array.from({ length: 40 }, () => openRawClient(mongo.port)));
    for (const one of clients) one.send(half);
    expect(await run({ insert: 'small', documents: [{ _id: 1 }] })).toMatchObject({ n: 1 });
    await expect.poll(() => residentMb(mongo.pid)).toBeGreaterThan(before + 50);
    expect(residentMb(mongo.pid)).toBeLessThan(before + 400);
    for (const one of clients) one[Symbol.dispose]();
    // Their room is there again for those that mean it.
    client.send(insertOf(40_000_000));
    await expect.poll(async () => (await run({ count: 'large' }))['n']).toBe(3);
  });

  it('of a thousand idle connections there are none', async () => {
    const before = residentMb(mongo.pid);
    const clients = await Promise.all(Array.from({ length: 1000 }, () => openRawClient(mongo.port)));
    await Promise.all(clients.map((one) => one.command({ hello: 1, $db: 'admin' })));
    expect(await run({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(residentMb(mongo.pid) - before).toBeLessThan(100);
    for (const one of clients) one[Symbol.dispose]();
    await expect.poll(async () => (await run({ serverStatus: 1 }))['connections'].current).toBeLessThan(10);
  });
});
