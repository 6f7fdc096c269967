import {
  Long,
  MongoClient,
  MongoServerError,
  type ChangeStreamOptions,
  type Collection,
  type Document,
  Timestamp,
} from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo } from './index.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { openTestServer, type TestServer } from './testing/test-server.ts';
import { inShort, opened, SOON, take } from './testing/watching.ts';

interface Row {
  _id: number | string;
  [field: string]: unknown;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof MongoServerError ? error.code : error),
  );

describe('resuming a change stream', () => {
  let server: TestServer;
  let next = 0;
  const fresh = (): Collection<Row> => server.db.collection<Row>(`c${next++}`);
  const from = (rows: Collection<Row>, options: ChangeStreamOptions) => rows.watch([], { ...SOON, ...options });

  beforeAll(async () => {
    server = await openTestServer({ monitorCommands: true });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('goes on behind any of its events, in transactions as well', async () => {
    const rows = fresh();
    await using stream = await opened(from(rows, {}));
    const start = stream.resumeToken;
    await rows.insertOne({ _id: 0 });
    await server.client.withSession((session) =>
      session.withTransaction(async () => {
        for (const _id of [1, 2, 3]) await rows.insertOne({ _id }, { session });
      }),
    );
    await rows.insertMany([{ _id: 4 }, { _id: 5 }]);
    const events = await take(stream, 6);
    expect(inShort(events)).toEqual(['insert 0', 'insert 1', 'insert 2', 'insert 3', 'insert 4', 'insert 5']);
    for (const option of ['resumeAfter', 'startAfter']) {
      await using all = from(rows, { [option]: start });
      expect(await take(all, 6)).toEqual(events);
      for (let i = 0; i < 5; i++) {
        await using rest = from(rows, { [option]: events[i]?.['_id'] });
        expect(await take(rest, 5 - i), `${option} ${i}`).toEqual(events.slice(i + 1));
      }
    }
    const times = [0, 1, 2, 3, 4, 5].map((i) => events[i]?.['clusterTime'] as Timestamp);
    for (const [i, first] of [
      [0, 0],
      [1, 1],
      [3, 1],
      [4, 4],
      [5, 5],
    ] as const) {
      await using rest = from(rows, { startAtOperationTime: times[i] as Timestamp });
      expect(await take(rest, 6 - first), `time ${i}`).toEqual(events.slice(first));
    }
  });

  it('goes on from the token behind a batch in which nothing passed', async () => {
    const rows = fresh();
    const other = fresh();
    const stream = await opened(rows.watch([{ $match: { operationType: 'delete' } }], SOON));
    const before = stream.resumeToken;
    await rows.insertOne({ _id: 1 });
    await other.insertOne({ _id: 1 });
    await stream.tryNext();
    const token = stream.resumeToken;
    expect(token).not.toEqual(before);
    await stream.close();
    await rows.insertOne({ _id: 2 });
    await using again = from(rows, { resumeAfter: token });
    expect(inShort(await take(again, 1))).toEqual(['insert 2']);
  });

  it('ends with an invalidation, past which only startAfter goes', async () => {
    const rows = fresh();
    await rows.insertOne({ _id: 1 });
    await using stream = await opened(from(rows, {}));
    await rows.drop();
    await rows.insertOne({ _id: 2 });
    const [dropped, invalidated] = await take(stream, 2);
    expect(invalidated).toMatchObject({ operationType: 'invalidate', clusterTime: dropped?.['clusterTime'] });
    expect(invalidated).not.toHaveProperty('ns');
    await expect(stream.next()).rejects.toThrow();
    expect(await codeOf(from(rows, { resumeAfter: invalidated?.['_id'] }).tryNext())).toBe(260);
    for (const option of ['resumeAfter', 'startAfter']) {
      await using behindDrop = from(rows, { [option]: dropped?.['_id'] });
      expect(await take(behindDrop, 1)).toEqual([invalidated]);
      await expect(behindDrop.next()).rejects.toThrow();
    }
    await using past = from(rows, { startAfter: invalidated?.['_id'] });
    expect(inShort(await take(past, 1))).toEqual(['insert 2']);
  });

  it('is refused for a token of another stream', async () => {
    const [rows, other] = [fresh(), fresh()];
    await using stream = await opened(from(rows, {}));
    await rows.insertOne({ _id: 1 });
    const [event] = await take(stream, 1);
    expect(await codeOf(from(other, { resumeAfter: event?.['_id'] }).tryNext())).toBe(280);
    await using ofDatabase = server.db.watch([], { ...SOON, resumeAfter: event?.['_id'] });
    await other.insertOne({ _id: 1 });
    expect(inShort(await take(ofDatabase, 1))).toEqual(['insert 1']);
    await using elsewhere = await openTestServer();
    await elsewhere.db.collection<Row>('x').insertOne({ _id: 1 });
    expect(await codeOf(elsewhere.db.watch([], { resumeAfter: event?.['_id'] }).tryNext())).toBe(286);
  });

  it('waits for a time to come', async () => {
    const rows = fresh();
    // By the clock on the wall: the time of the last operation may be long ago.
    const start = new Timestamp({ t: Math.floor(Date.now() / 1000) + 3, i: 1 });
    await using stream = await opened(from(rows, { startAtOperationTime: start }));
    let event: Document | null = null;
    const written: Timestamp[] = [];
    while (event === null) {
      const documents = [{ _id: written.length }];
      const { operationTime } = await server.db.command({ insert: rows.collectionName, documents });
      written.push(operationTime as Timestamp);
      event = await stream.tryNext();
    }
    // How many come before that time is up to the machine.
    const first = written.findIndex((time) => time.greaterThanOrEqual(start));
    expect(event['documentKey']._id).toBe(first);
    expect((event['clusterTime'] as Timestamp).greaterThanOrEqual(start)).toBe(true);
  });

  it('keeps waiting for that time when it is resumed before', async () => {
    const rows = fresh();
    const { t } = (await server.db.command({ ping: 1 }))['operationTime'] as Timestamp;
    const start = new Timestamp({ t: t + 600, i: 1 });
    const stream = await opened(from(rows, { startAtOperationTime: start }));
    await rows.insertOne({ _id: 1 });
    expect(await stream.tryNext()).toBeNull();
    const token = stream.resumeToken;
    await stream.close();
    await rows.insertOne({ _id: 2 });
    await using resumed = from(rows, { resumeAfter: token });
    expect(await resumed.tryNext()).toBeNull();
  });

  it('is what the driver does by itself after errors that say so, and after broken connections', async () => {
    const rows = fresh();
    await using stream = await opened(from(rows, {}));
    const opens: string[] = [];
    server.client.on('commandStarted', ({ commandName }) => commandName === 'aggregate' && opens.push(commandName));
    const fail = (data: Document) =>
      server.client.db('admin').command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['getMore'], ...data },
      });
    const failures = [
      { errorCode: 11600 },
      { errorCode: 43 },
      { errorCode: 2, errorLabels: ['ResumableChangeStreamError'] },
      { closeConnection: true },
    ];
    for (const [i, failure] of failures.entries()) {
      await rows.insertOne({ _id: 2 * i });
      await fail(failure);
      const reading = take(stream, 2);
      await rows.insertOne({ _id: 2 * i + 1 });
      expect(inShort(await reading), JSON.stringify(failure)).toEqual([`insert ${2 * i}`, `insert ${2 * i + 1}`]);
      expect(opens).toHaveLength(i + 1);
    }
    await fail({ errorCode: 2 });
    expect(await codeOf(stream.next())).toBe(2);
  });
});

describe('a history that is not kept', () => {
  it.each(['memory', 'disk'])('is told as lost, in %s', async (kind) => {
    using dir = temporaryFolder();
    const mongo = await startEmbeddedMongo({
      historyBytes: 50_000,
      ...(kind === 'disk' ? { dataDir: dir.path, compactAfter: 100_000 } : {}),
    });
    const client = await MongoClient.connect(mongo.uri);
    const rows = client.db('test').collection<Row>('rows');
    const stream = await opened(rows.watch([], SOON));
    const early = stream.resumeToken;
    await rows.insertOne({ _id: 'first' });
    const [first] = await take(stream, 1);
    for (let i = 0; i < 100; i++) await rows.insertOne({ _id: i, text: 'x'.repeat(1000) });
    const lost = { code: 286, codeName: 'ChangeStreamHistoryLost' };
    await expect(stream.next()).rejects.toMatchObject(lost);
    for (const start of [
      { resumeAfter: early },
      { resumeAfter: first?.['_id'] },
      { startAfter: first?.['_id'] },
      { startAtOperationTime: first?.['clusterTime'] as Timestamp },
    ]) {
      await expect(rows.watch([], start).tryNext()).rejects.toMatchObject(lost);
    }
    await using again = await opened(rows.watch([], SOON));
    for (let i = 100; i < 110; i++) await rows.insertOne({ _id: i });
    expect(inShort(await take(again, 10))).toEqual(Array.from({ length: 10 }, (_, i) => `insert ${100 + i}`));
    await client.close();
    await mongo.stop();
  });
});

describe('the cursor of a change stream', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const aggregate = { aggregate: 'rows', $db: 'test', pipeline: [{ $changeStream: {} }], cursor: {} };
  const open = async (client: RawClient): Promise<{ id: Long; token: Document }> => {
    const { cursor } = await client.command(aggregate);
    expect(cursor).toMatchObject({
      firstBatch: [],
      ns: 'test.rows',
      postBatchResumeToken: { _data: expect.any(String) },
    });
    return { id: Long.fromValue(cursor.id), token: cursor.postBatchResumeToken };
  };
  const getMore = (id: Long, maxTimeMS: number): Document => ({
    getMore: id,
    collection: 'rows',
    $db: 'test',
    maxTimeMS,
  });

  /** Waits for news, also when another reader came first. */
  async function reading(client: RawClient, id: Long): Promise<Document> {
    for (;;) {
      const reply = await client.command(getMore(id, 60_000));
      if (reply['code'] !== 36) return reply;
    }
  }

  it('waits for news as long as it is asked to, and stays open', async () => {
    using client = await openRawClient(server.mongo.port);
    using writer = await openRawClient(server.mongo.port);
    const { id } = await open(client);
    const began = performance.now();
    const empty = await client.command(getMore(id, 300));
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
    expect(empty['cursor']).toMatchObject({ nextBatch: [], postBatchResumeToken: { _data: expect.any(String) } });
    expect(Long.fromValue(empty['cursor'].id).equals(id)).toBe(true);
    const waiting = client.command(getMore(id, 60_000));
    await writer.command({ insert: 'rows', $db: 'test', documents: [{ _id: 1 }] });
    const { cursor } = await waiting;
    expect(cursor.nextBatch).toHaveLength(1);
    expect(cursor.postBatchResumeToken).toEqual(cursor.nextBatch[0]._id);
  });

  it('has one reader at a time, who is told when the cursor is killed', async () => {
    using client = await openRawClient(server.mongo.port);
    using other = await openRawClient(server.mongo.port);
    const { id } = await open(client);
    const waiting = reading(client, id);
    await expect.poll(async () => (await other.command(getMore(id, 1)))['code'], { interval: 5 }).toBe(36);
    const killed = await other.command({ killCursors: 'rows', $db: 'test', cursors: [id] });
    expect(killed['cursorsKilled']).toHaveLength(1);
    expect(await waiting).toMatchObject({ ok: 0, code: 237 });
    expect(await client.command(getMore(id, 1))).toMatchObject({ ok: 0, code: 43 });
  });

  it('goes away with the connection of a waiting reader, and with its session', async () => {
    using observer = await openRawClient(server.mongo.port);
    const openCursors = async (): Promise<number> =>
      (await observer.command({ serverStatus: 1, $db: 'admin' }))['metrics'].cursor.open.total;
    const before = await openCursors();
    using client = await openRawClient(server.mongo.port);
    const { id } = await open(client);
    expect(await openCursors()).toBe(before + 1);
    void reading(client, id);
    await expect.poll(async () => (await observer.command(getMore(id, 1)))['code'], { interval: 5 }).toBe(36);
    client[Symbol.dispose]();
    await expect.poll(openCursors, { interval: 5 }).toBe(before);

    const session = server.client.startSession();
    const stream = await opened(server.db.watch([], { ...SOON, session }));
    expect(await openCursors()).toBe(before + 1);
    await observer.command({ killSessions: [session.id], $db: 'admin' });
    expect(await openCursors()).toBe(before);
    await stream.close();
    await session.endSession();
  });
});
