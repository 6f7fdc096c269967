import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from '../index.ts';
import { openRawClient, opMsg, type RawClient } from '../testing/raw-client.ts';
import { crc32c } from './crc32c.ts';

/** Small reproducible random numbers. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

describe('frames', () => {
  let mongo: EmbeddedMongo;
  beforeAll(async () => {
    mongo = await startEmbeddedMongo();
  });
  afterAll(() => mongo.stop());

  const ping = serialize({ ping: 1, $db: 'admin' });
  const connect = (): Promise<RawClient> => openRawClient(mongo.port);
  const alive = async (): Promise<void> => {
    using client = await connect();
    expect(await client.command({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 });
  };

  it('that break the protocol close their connection and nothing else', async () => {
    const header = (length: number, opCode: number): Buffer => {
      const bytes = Buffer.alloc(16);
      bytes.writeInt32LE(length, 0);
      bytes.writeInt32LE(opCode, 12);
      return bytes;
    };
    const wrongKind = opMsg(ping);
    wrongKind[20] = 7;
    const shortDocument = opMsg(ping);
    shortDocument.writeInt32LE(4000, 21);
    const badChecksum = Buffer.concat([opMsg(ping, 1, 1), Buffer.alloc(4)]);
    badChecksum.writeInt32LE(badChecksum.length, 0);
    const frames: Record<string, Buffer> = {
      'a negative length': header(-5, 2013),
      'a length below the header': header(12, 2013),
      'a huge length': header(0x7fffffff, 2013),
      'an unknown opcode': header(16, 2999),
      'no section': Buffer.concat([header(20, 2013), Buffer.alloc(4)]),
      'an unknown section': wrongKind,
      'a document longer than its message': shortDocument,
      'an unknown flag': opMsg(ping, 1, 4),
      'a wrong checksum': badChecksum,
      text: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    };
    for (const [what, bytes] of Object.entries(frames)) {
      using client = await connect();
      client.send(bytes);
      await expect(client.closed, what).resolves.toBeUndefined();
    }
    await alive();
  });

  it('with a right checksum are accepted', async () => {
    using client = await connect();
    const reply = client.command({ ping: 1, $db: 'admin' });
    await reply;
    const frame = Buffer.concat([opMsg(ping, 2, 1), Buffer.alloc(4)]);
    frame.writeInt32LE(frame.length, 0);
    frame.writeUInt32LE(crc32c(frame.subarray(0, -4)), frame.length - 4);
    client.send(frame);
    expect(await client.command({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 });
  });

  it('that come byte by byte or many at once are answered in order', async () => {
    using client = await connect();
    const answer = client.command({ ping: 1, $db: 'admin' });
    for (const byte of opMsg(serialize({ buildInfo: 1, $db: 'admin' }))) client.send(Uint8Array.of(byte));
    expect(await answer).toMatchObject({ ok: 1 });
    using other = await connect();
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        other.command(i % 2 ? { ping: 1, $db: 'admin' } : { nope: 1, $db: 'admin' }),
      ),
    );
    expect(many.map((reply) => reply['ok'])).toEqual(Array.from({ length: 50 }, (_, i) => i % 2));
  });

  it('with broken or too deep documents are answered with an error', async () => {
    using client = await connect();
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 300; i++) deep = { a: deep };
    expect(await client.command({ insert: 'x', $db: 'test', documents: [deep] })).toMatchObject({ ok: 0, code: 22 });
    expect(await client.command({ find: 'x', $db: 'te/st' })).toMatchObject({ ok: 0, code: 73 });
    expect(await client.command({ find: 'x' })).toMatchObject({ ok: 0, code: 40571 });
    const body = JSON.parse(
      '{"insert":"x","$db":"test","documents":[{"_id":1,"__proto__":{"polluted":true},"constructor":1}]}',
    );
    expect(await client.command(body)).toMatchObject({ ok: 1 });
    const path = JSON.parse('{"$set":{"__proto__.polluted":1,"constructor.prototype.polluted":1}}');
    await client.command({ update: 'x', $db: 'test', updates: [{ q: { _id: 1 }, u: path }] });
    expect({}).not.toHaveProperty('polluted');
    await alive();
  });

  it('of random and mutated bytes never stop the server', async () => {
    const random = randomOf(7);
    const commands = [
      { find: 'rows', $db: 'test', filter: { a: { $gt: 1 } }, sort: { a: 1 }, limit: 3 },
      { insert: 'rows', $db: 'test', documents: [{ a: 1, b: [1, 2, { c: 'x' }] }] },
      {
        aggregate: 'rows',
        $db: 'test',
        pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }],
        cursor: {},
      },
      { update: 'rows', $db: 'test', updates: [{ q: { a: 1 }, u: { $push: { b: 5 } }, upsert: true }] },
    ];
    for (let i = 0; i < 400; i++) {
      using client = await connect();
      const frame = opMsg(serialize(commands[i % commands.length] ?? {}));
      for (let change = 0; change <= random(6); change++) frame[16 + random(frame.length - 16)] = random(256);
      if (random(4) === 0) for (let at = 0; at < frame.length; at++) frame[at] = random(256);
      client.send(frame);
      if (i % 20 === 0) await alive();
    }
    await alive();
  }, 60_000);

  it('of many idle connections cost little', async () => {
    const clients = await Promise.all(Array.from({ length: 300 }, connect));
    await alive();
    for (const client of clients) client[Symbol.dispose]();
    await alive();
  });
});
