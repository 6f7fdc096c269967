import { setInternalBufferSize } from 'bson';
import { Long, UUID, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { createCore } from './storage/core.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';

const number = (n: number): Long => Long.fromNumber(n);

describe('rules that hold for every command', () => {
  let server: EmbeddedServer;
  let client: RawClient;
  beforeAll(async () => {
    server = await createServer({ core: createCore(), port: 0 });
    client = await openRawClient(server.port);
    await run({ insert: 'rows', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] });
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server.close();
  });

  const run = (command: Document): Promise<Document> => client.command({ ...command, $db: command['$db'] ?? 'test' });
  const session = (): Document => ({ lsid: { id: new UUID() } });
  const insert = { insert: 'writes', documents: [{}] };
  const count = async (): Promise<number> => (await run({ count: 'writes' }))['n'] as number;

  /** The commands are refused with the codes, and nothing is written. */
  async function refused(cases: readonly [string, Document, number][]): Promise<void> {
    const before = await count();
    for (const [what, command, code] of cases) expect(await run(command), what).toMatchObject({ ok: 0, code });
    expect(await count()).toBe(before);
  }

  describe('numbers of sessions', () => {
    it('are refused where they mean nothing', async () => {
      const lsid = session();
      await refused([
        ['without a session', { ...insert, txnNumber: number(1) }, 72],
        ['below zero', { ...insert, ...lsid, txnNumber: number(-1) }, 72],
        ['of another type', { ...insert, ...lsid, txnNumber: 1 }, 14],
        ['at a read', { find: 'rows', ...lsid, txnNumber: number(1) }, 50768],
        ['at a command', { ping: 1, ...lsid, txnNumber: number(1) }, 50768],
        ['a session that is a text', { ...insert, lsid: 'x' }, 14],
        ['a session without id', { ...insert, lsid: {} }, 40414],
        ['a session with more', { ...insert, lsid: { ...lsid['lsid'], more: 1 } }, 40415],
        ['autocommit without number', { ...insert, ...lsid, autocommit: false }, 72],
        ['autocommit', { ...insert, ...lsid, txnNumber: number(1), autocommit: true }, 72],
        ['a start without autocommit', { ...insert, ...lsid, txnNumber: number(1), startTransaction: true }, 72],
        ['no start', { ...insert, ...lsid, txnNumber: number(1), autocommit: false, startTransaction: false }, 72],
      ]);
    });

    it('belong to a retryable write or a transaction, once', async () => {
      const lsid = session();
      const at = (n: number): Document => ({ ...lsid, txnNumber: number(n) });
      const within = (n: number): Document => ({ ...at(n), autocommit: false });
      expect(await run({ ...insert, ...at(1) })).toMatchObject({ ok: 1 });
      await refused([['a transaction at it', { ...insert, ...within(1), startTransaction: true }, 117]]);
      expect(await run({ ...insert, ...within(2), startTransaction: true })).toMatchObject({ ok: 1 });
      await refused([
        ['a second start', { ...insert, ...within(2), startTransaction: true }, 117],
        ['a retryable write in it', { ...insert, ...at(2) }, 72],
        ['an older one', { ...insert, ...at(1) }, 225],
      ]);
      const commit = { commitTransaction: 1, ...within(2), $db: 'admin' };
      expect(await run(commit)).toMatchObject({ ok: 1 });
      expect(await run(commit)).toMatchObject({ ok: 1 });
      await refused([
        ['a retryable write after it', { ...insert, ...at(2) }, 72],
        ['going on after it', { ...insert, ...within(2) }, 256],
        ['aborting it', { abortTransaction: 1, ...within(2), $db: 'admin' }, 256],
        ['going on with one that is not there', { ...insert, ...within(3) }, 251],
      ]);
    });

    it('start transactions with what can be in one only', async () => {
      const start = (): Document => ({ ...session(), txnNumber: number(1), autocommit: false, startTransaction: true });
      await refused([
        ['in admin', { find: 'rows', ...start(), $db: 'admin' }, 263],
        ['in config', { find: 'rows', ...start(), $db: 'config' }, 263],
        ['in local', { find: 'rows', ...start(), $db: 'local' }, 263],
        ['a commit', { commitTransaction: 1, ...start(), $db: 'admin' }, 263],
        ['an abort', { abortTransaction: 1, ...start(), $db: 'admin' }, 263],
        ['killCursors', { killCursors: 'rows', cursors: [number(1)], ...start() }, 263],
        ['count', { count: 'rows', ...start() }, 263],
      ]);
    });

    it('are not for writes of many documents', async () => {
      const at = (): Document => ({ ...session(), txnNumber: number(1) });
      const update = { update: 'rows', updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }] };
      expect(await run({ ...update, ...at() })).toMatchObject({ n: 0, writeErrors: [{ code: 72 }] });
      const remove = { delete: 'rows', deletes: [{ q: {}, limit: 0 }] };
      expect(await run({ ...remove, ...at() })).toMatchObject({ n: 0, writeErrors: [{ code: 72 }] });
      expect(await run({ count: 'rows' })).toMatchObject({ n: 3 });
    });
  });

  describe('sessions', () => {
    it('end when they are told to, one after another or all', async () => {
      const [first, second] = [session(), session()];
      const open = async (lsid: Document): Promise<Document> =>
        (await run({ find: 'rows', batchSize: 1, ...lsid }))['cursor'];
      const [a, b] = [await open(first), await open(second)];
      const more = (cursor: Document, lsid: Document): Promise<Document> =>
        run({ getMore: Long.fromBigInt(BigInt(cursor['id'])), collection: 'rows', batchSize: 1, ...lsid });
      expect(await run({ endSessions: [first['lsid']], $db: 'admin' })).toMatchObject({ ok: 1 });
      expect(await more(a, first)).toMatchObject({ code: 43 });
      expect(await more(b, second)).toMatchObject({ ok: 1 });
      expect(await run({ killSessions: [], $db: 'admin' })).toMatchObject({ ok: 1 });
      expect(await more(b, second)).toMatchObject({ code: 43 });
      await refused([['a list of something else', { endSessions: [{ id: 'x' }], $db: 'admin' }, 14]]);
      await refused([['no list', { refreshSessions: 1, $db: 'admin' }, 14]]);
    });

    it('own their cursors', async () => {
      const [own, other] = [session(), session()];
      const open = async (lsid: Document): Promise<Long> =>
        Long.fromBigInt(BigInt((await run({ find: 'rows', batchSize: 1, ...lsid }))['cursor'].id));
      const [inSession, outside] = [await open(own), await open({})];
      const more = (getMore: Long, lsid: Document): Document => ({ getMore, collection: 'rows', ...lsid });
      await refused([
        ['of no session, from one', more(outside, own), 50736],
        ['of a session, from none', more(inSession, {}), 50737],
        ['of a session, from another', more(inSession, other), 50738],
        ['outside of a transaction, in one', { ...more(outside, {}), $db: 'other' }, 13],
      ]);
      expect(await run(more(inSession, own))).toMatchObject({ cursor: { nextBatch: [{ _id: 2 }, { _id: 3 }] } });
      expect(await run({ killCursors: 'rows', cursors: [outside, number(5)] })).toMatchObject({
        cursorsKilled: [outside],
        cursorsNotFound: [5],
      });
      await refused([['killed', more(outside, {}), 43]]);
    });
  });

  it('a cursor that failed is gone instead of at its end', async () => {
    await run({ insert: 'divisors', documents: [{ n: 1 }, { n: 2 }, { n: 0 }, { n: 4 }] });
    const opened = await run({
      find: 'divisors',
      batchSize: 1,
      projection: { q: { $divide: [1, '$n'] } },
    });
    const more = { getMore: Long.fromBigInt(BigInt(opened['cursor'].id)), collection: 'divisors' };
    expect(await run(more)).toMatchObject({ ok: 0 });
    expect(await run(more)).toMatchObject({ ok: 0, code: 43 });
  });

  it('read concerns are those there are, where they mean something', async () => {
    const concern = (readConcern: unknown, command: Document = { find: 'rows' }): Document => ({
      ...command,
      readConcern,
    });
    await refused([
      ['an unknown level', concern({ level: 'most' }), 9],
      ['a level that is a number', concern({ level: 1 }), 14],
      ['an unknown field', concern({ after: 1 }), 72],
      ['no document', concern('local'), 9],
      ['a time that is none', concern({ afterClusterTime: 1 }), 14],
      ['snapshot outside of transactions', concern({ level: 'snapshot' }), 238],
      ['majority at a write', concern({ level: 'majority' }, insert), 72],
    ]);
    for (const level of ['local', 'available', 'majority', 'linearizable']) {
      expect(await run(concern({ level })), level).toMatchObject({ ok: 1 });
    }
    const within = { ...session(), txnNumber: number(1), autocommit: false };
    const start = { ...within, startTransaction: true };
    await refused([['linearizable in a transaction', { ...concern({ level: 'linearizable' }), ...start }, 72]]);
    expect(await run({ ...concern({ level: 'snapshot' }), ...start })).toMatchObject({ ok: 1 });
    await refused([['later in a transaction', { ...concern({ level: 'majority' }), ...within }, 72]]);
  });

  it('write concerns that one node can not satisfy come with the result', async () => {
    const concern = (writeConcern: unknown, command: Document = insert): Document => ({ ...command, writeConcern });
    await refused([
      ['below zero', concern({ w: -1 }), 9],
      ['of too many', concern({ w: 51 }), 9],
      ['an unknown field', concern({ nodes: 1 }), 9],
      ['at a read', concern({ w: 1 }, { find: 'rows' }), 72],
      ['at an aggregation that reads', concern({ w: 1 }, { aggregate: 'rows', pipeline: [], cursor: {} }), 72],
      [
        'in a transaction',
        { ...concern({ w: 1 }), ...session(), txnNumber: number(1), autocommit: false, startTransaction: true },
        72,
      ],
    ]);
    const before = await count();
    expect(await run(concern({ w: 'majority', j: true, wtimeout: 100 }))).not.toHaveProperty('writeConcernError');
    expect(await run(concern({ w: 2 }))).toMatchObject({ ok: 1, n: 1, writeConcernError: { code: 100 } });
    expect(await run(concern({ w: 'nobody' }))).toMatchObject({ ok: 1, n: 1, writeConcernError: { code: 79 } });
    expect(await count()).toBe(before + 3);
    const out = { aggregate: 'rows', pipeline: [{ $out: 'copy' }], cursor: {} };
    expect(await run(concern({ w: 3 }, out))).toMatchObject({
      ok: 1,
      writeConcernError: { code: 100 },
      cursor: { id: 0 },
    });
  });

  it('versions of the API are checked', async () => {
    await refused([
      ['another version', { ping: 1, apiVersion: '2' }, 322],
      ['strict without a version', { ping: 1, apiStrict: true }, 4886600],
      ['a command that is not part of it', { distinct: 'rows', key: 'a', apiVersion: '1', apiStrict: true }, 323],
    ]);
    expect(await run({ find: 'rows', apiVersion: '1', apiStrict: true, apiDeprecationErrors: true })).toMatchObject({
      ok: 1,
    });
  });

  it('fields that servers send to each other are unknown', async () => {
    for (const field of ['$client', '$audit', '$configServerState', 'maxTimeMSOpOnly', 'databaseVersion', 'rawData']) {
      await refused([[field, { ...insert, [field]: 1 }, 40415]]);
    }
    await refused([['a wrong read preference', { find: 'rows', $readPreference: { mode: 'any' } }, 9]]);
  });

  it('limits of time are whole numbers in their range', async () => {
    await refused([
      ['below zero', { ...insert, maxTimeMS: -1 }, 2],
      ['a fraction', { ...insert, maxTimeMS: 1.5 }, 2],
      ['too long', { ...insert, maxTimeMS: 2 ** 31 }, 2],
      ['a text', { ...insert, maxTimeMS: '1' }, 14],
      ['where fields are not looked at', { serverStatus: 1, maxTimeMS: -1 }, 2],
    ]);
  });

  it('documents and answers beyond 16 MB are refused', async () => {
    // What drivers would not even encode.
    setInternalBufferSize(20 * 1024 * 1024);
    const big = Buffer.alloc(9 * 1024 * 1024);
    await run({ insert: 'large', documents: [{ _id: 1, big }] });
    await run({ insert: 'large', documents: [{ _id: 2, big: Buffer.alloc(9 * 1024 * 1024, 1) }] });
    expect(await run({ distinct: 'large', key: 'big' })).toMatchObject({ ok: 0, code: 17217 });
    expect(await run({ find: 'large', filter: { big: Buffer.alloc(17 * 1024 * 1024) } })).toMatchObject({
      code: 10334,
    });
    const group = { aggregate: 'large', pipeline: [{ $group: { _id: null, all: { $push: '$big' } } }], cursor: {} };
    expect(await run(group)).toMatchObject({ ok: 0, code: 10334 });
    expect(await run({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  describe('failpoints', () => {
    const fail = (mode: unknown, data?: Document): Promise<Document> =>
      run({ configureFailPoint: 'failCommand', mode, ...(data === undefined ? {} : { data }), $db: 'admin' });

    it('meet the clients and namespaces they name, under any name of a command', async () => {
      using named = await openRawClient(server.port);
      await named.command({ hello: 1, $db: 'admin', client: { application: { name: 'tester' } } });
      await fail(
        { times: 3 },
        { failCommands: ['findAndModify'], errorCode: 91, appName: 'tester', namespace: 'test.rows' },
      );
      const modify = { findandmodify: 'rows', query: { _id: 1 }, update: { $set: { a: 1 } }, $db: 'test' };
      expect(await run(modify)).toMatchObject({ ok: 1 });
      expect(await named.command({ ...modify, findandmodify: 'others' })).toMatchObject({ ok: 1 });
      expect(await named.command(modify)).toMatchObject({ ok: 0, code: 91 });
      await fail('off');
      expect(await named.command(modify)).toMatchObject({ ok: 1 });
    });

    it('give writes the label of retryable ones when they are', async () => {
      await fail({ times: 3 }, { failCommands: ['insert'], errorCode: 91 });
      expect((await run(insert))['errorLabels']).toBeUndefined();
      const at = { ...session(), txnNumber: number(1) };
      expect((await run({ ...insert, ...at }))['errorLabels']).toEqual(['RetryableWriteError']);
      await fail({ times: 1 }, { failCommands: ['insert'], writeConcernError: { code: 91, errmsg: 'gone' } });
      expect(await run({ ...insert, ...at })).toMatchObject({
        ok: 1,
        writeConcernError: { code: 91 },
        errorLabels: ['RetryableWriteError'],
      });
      await fail('off');
    });

    it('take only what they do', async () => {
      const refusedData: [unknown, Document | undefined, number][] = [
        ['alwaysOn', undefined, 2],
        ['alwaysOn', { failCommands: [] }, 2],
        ['alwaysOn', { failCommands: ['ping'], threadName: 'x' }, 2],
        ['alwaysOn', { failCommands: ['ping'], errorCode: 'x' }, 14],
        ['alwaysOn', { failCommands: ['ping'], blockConnection: true }, 72],
        ['alwaysOn', { failCommands: [1] }, 14],
        [{ times: -1 }, { failCommands: ['ping'] }, 2],
        [{ often: 1 }, { failCommands: ['ping'] }, 2],
        ['sometimes', { failCommands: ['ping'] }, 9],
      ];
      for (const [mode, data, code] of refusedData) expect(await fail(mode, data)).toMatchObject({ ok: 0, code });
      expect(await run({ ping: 1 })).toMatchObject({ ok: 1 });
    });
  });
});
