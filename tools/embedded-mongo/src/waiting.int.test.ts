import { Long, MongoClient, UUID, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createServer, type EmbeddedServer } from './server/create-server.ts';
import { waitForOwner } from './server/lock-waits.ts';
import { reportWait } from './server/wait-report.ts';
import { createCore } from './storage/core.ts';
import { BlockedError } from './storage/locks.ts';
import { beginTransaction } from './storage/transaction.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';

/** One transaction, command by command. */
function transaction(client: RawClient) {
  const scope = { $db: 'test', lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1), autocommit: false };
  let started = false;
  return {
    run(command: Document): Promise<Document> {
      const start = started ? {} : { startTransaction: true };
      started = true;
      return client.command({ ...command, ...scope, ...start });
    },
    commit: () => client.command({ commitTransaction: 1, ...scope, $db: 'admin' }),
  };
}

const increment = (id: string): Document => ({ update: 'rows', updates: [{ q: { _id: id }, u: { $inc: { n: 1 } } }] });

describe('what waits for a transaction', () => {
  // In this process, so that the tests see what has arrived at it.
  let server: EmbeddedServer;
  let driver: MongoClient;
  const connect = (): Promise<RawClient> => openRawClient(server.port);
  const rows = () => driver.db('test').collection<{ _id: string; n: number }>('rows');
  const arrived = (command: string): number => server.context.counters.get(command) ?? 0;

  beforeAll(async () => {
    server = await createServer({ core: createCore(), port: 0 });
    driver = new MongoClient(`mongodb://127.0.0.1:${server.port}/?directConnection=true`);
  });
  afterAll(async () => {
    await driver.close();
    await server.close();
  });

  it('does not happen any more when its client has gone meanwhile', async () => {
    await rows().insertOne({ _id: 'gone', n: 0 });
    using holder = await connect();
    const holding = transaction(holder);
    await holding.run(increment('gone'));
    const before = arrived('update');
    const waiting = await connect();
    const connected = server.context.clients.size;
    void waiting.command({ ...increment('gone'), $db: 'test' });
    await expect.poll(() => arrived('update')).toBeGreaterThan(before);
    waiting[Symbol.dispose]();
    await expect.poll(() => server.context.clients.size).toBeLessThan(connected);
    expect(await holding.commit()).toMatchObject({ ok: 1 });
    // The next write of the same document comes after whatever had been waiting for it.
    expect(await rows().findOneAndUpdate({ _id: 'gone' }, { $inc: { n: 10 } }, { returnDocument: 'after' })).toEqual({
      _id: 'gone',
      n: 11,
    });
  });

  it('ends at its time limit, and refuses limits that no timer can hold', async () => {
    await rows().insertOne({ _id: 'late', n: 0 });
    using holder = await connect();
    const holding = transaction(holder);
    await holding.run(increment('late'));
    using waiting = await connect();
    const limited = (maxTimeMS: unknown): Promise<Document> =>
      waiting.command({ ...increment('late'), $db: 'test', maxTimeMS });
    expect(await limited(20)).toMatchObject({ ok: 0, code: 50 });
    expect(await limited(2 ** 31)).toMatchObject({ ok: 0, code: 2 });
    expect(await limited(-1)).toMatchObject({ ok: 0, code: 2 });
    const patient = limited(2 ** 31 - 1);
    await holding.commit();
    expect(await patient).toMatchObject({ ok: 1, n: 1 });
  });

  it('a change of the catalog comes in between transactions that overlap without end', async () => {
    await rows().insertMany(['a', 'b'].map((_id) => ({ _id, n: 0 })));
    using one = await connect();
    using two = await connect();
    let current = transaction(one);
    expect(await current.run(increment('a'))).toMatchObject({ ok: 1, n: 1 });
    const before = arrived('createIndexes');
    let made = false;
    const making = rows()
      .createIndex({ n: 1 })
      .then(() => (made = true));
    await expect.poll(() => arrived('createIndexes')).toBeGreaterThan(before);
    let refused = 0;
    for (let turn = 0; turn < 20 && !made; turn++) {
      // The next one begins before the last one ends.
      const next = transaction(turn % 2 ? one : two);
      const answer = await next.run(increment(turn % 2 ? 'a' : 'b'));
      if (answer['ok'] === 0) {
        expect(answer).toMatchObject({ code: 24, errorLabels: ['TransientTransactionError'] });
        refused += 1;
      }
      await current.commit();
      current = next;
    }
    await making;
    expect(refused).toBe(1);
  });

  it('is not begun when its client has gone while its session was busy', async () => {
    await rows().insertOne({ _id: 'busy', n: 0 });
    using holder = await connect();
    const holding = transaction(holder);
    await holding.run(increment('busy'));
    using first = await connect();
    const lsid = { id: new UUID() };
    const write = { ...increment('busy'), $db: 'test', lsid };
    const before = arrived('update');
    const waiting = first.command({ ...write, txnNumber: Long.fromNumber(1) });
    await expect.poll(() => arrived('update')).toBe(before + 1);
    const second = await connect();
    const connected = server.context.clients.size;
    void second.command({ ...write, txnNumber: Long.fromNumber(2), autocommit: false, startTransaction: true });
    await expect.poll(() => arrived('update')).toBe(before + 2);
    second[Symbol.dispose]();
    await expect.poll(() => server.context.clients.size).toBeLessThan(connected);
    await holding.commit();
    expect(await waiting).toMatchObject({ ok: 1, n: 1 });
    expect(await first.command({ ping: 1, $db: 'admin', lsid })).toMatchObject({ ok: 1 });
    const open = [...server.context.sessions.all()].filter(({ status }) => status === 'open');
    expect(open).toEqual([]);
  });

  it('nor when its client has gone for another reason', async () => {
    const admin = driver.db('admin');
    const data = { failCommands: ['insert'], blockConnection: true, blockTimeMS: 100 };
    await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
    const client = await connect();
    const connected = server.context.clients.size;
    const before = arrived('insert');
    const lsid = { id: new UUID() };
    const scope = { $db: 'test', lsid, txnNumber: Long.fromNumber(1), autocommit: false, startTransaction: true };
    void client.command({ insert: 'rows', documents: [{ _id: 'nobody', n: 0 }], ...scope });
    await expect.poll(() => arrived('insert')).toBe(before + 1);
    client[Symbol.dispose]();
    await expect.poll(() => server.context.clients.size).toBeLessThan(connected);
    // Looked at by the next command of the session, which comes after it.
    const key = Buffer.from(lsid.id.buffer).toString('hex');
    await expect.poll(() => server.context.sessions.get(key)).toBeDefined();
    await rows().insertOne({ _id: 'nobody', n: 1 }, { maxTimeMS: 2000 });
    expect(server.context.sessions.get(key)?.status).toBe('none');
  });

  it('is told of on stderr with what is known of the transaction', async () => {
    await rows().insertOne({ _id: 'told', n: 0 });
    using holder = await connect();
    const holding = transaction(holder);
    await holding.run(increment('told'));
    const [session] = [...server.context.sessions.all()].filter(({ status }) => status === 'open');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const blocked = new BlockedError(session!.transaction!);
    reportWait(server.context, { name: 'update', db: 'test' }, blocked);
    reportWait(server.context, { name: 'delete', db: 'test' }, blocked);
    const told = stderr.mock.calls.map(([text]) => String(text));
    stderr.mockRestore();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /^a update on test waits for transaction 1 of session [0-9a-f]{32}, [\d.]+ s old, idle, its connection open: 1 records, 0 keys, in test\.rows\n$/,
    );
    await holding.commit();
  });

  it('ends with LockTimeout when whoever is in the way never ends', async () => {
    const core = createCore();
    const owner = beginTransaction(core);
    const patience = {
      now: Date.now,
      deadline: Infinity,
      client: new AbortController().signal,
      canGoOn: () => true,
      report: () => undefined,
    };
    await expect(waitForOwner(core, new BlockedError(owner), Date.now() + 5, patience)).rejects.toMatchObject({
      code: 24,
    });
    const limited = { ...patience, deadline: Date.now() + 5 };
    await expect(waitForOwner(core, new BlockedError(owner), Infinity, limited)).rejects.toMatchObject({ code: 50 });
  });
});
