import { Long, MongoClient, UUID, type ClientSession } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startEmbeddedMongo, type EmbeddedMongo } from './index.ts';
import { openRawClient, type RawClient } from './testing/raw-client.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

interface Account {
  _id: string;
  balance: number;
}
interface Transfer {
  _id: string;
  from: string;
  to: string;
  amount: number;
}

const ACCOUNTS = 8;
const START = 1000;

/** Small reproducible random numbers (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

async function connect(mongo: EmbeddedMongo) {
  const client = await MongoClient.connect(mongo.uri, { serverSelectionTimeoutMS: 2000 });
  return {
    client,
    accounts: client.db('bank').collection<Account>('accounts'),
    transfers: client.db('bank').collection<Transfer>('transfers'),
  };
}

/** Moves money until the server dies, noting the transfers that were acknowledged. */
async function trade(
  mongo: EmbeddedMongo,
  name: string,
  random: (below: number) => number,
  acknowledged: Set<string>,
): Promise<void> {
  const { client, accounts, transfers } = await connect(mongo);
  const move = async (session: ClientSession, transfer: Transfer): Promise<void> => {
    session.startTransaction();
    await accounts.updateOne({ _id: transfer.from }, { $inc: { balance: -transfer.amount } }, { session });
    await accounts.updateOne({ _id: transfer.to }, { $inc: { balance: transfer.amount } }, { session });
    await transfers.insertOne(transfer, { session });
    await session.commitTransaction();
  };
  try {
    for (let i = 0; ; i++) {
      const from = random(ACCOUNTS);
      const to = (from + 1 + random(ACCOUNTS - 1)) % ACCOUNTS;
      const transfer = { _id: `${name}-${i}`, from: `a${from}`, to: `a${to}`, amount: 1 + random(20) };
      const session = client.startSession();
      try {
        await move(session, transfer);
        acknowledged.add(transfer._id);
      } catch (error) {
        if ((error as { code?: number }).code !== 112) throw error;
        await session.abortTransaction().catch(() => undefined);
      }
    }
  } catch {
    // The server was killed: nothing after this was acknowledged.
  } finally {
    await client.close(true).catch(() => undefined);
  }
}

/** Reads all accounts until the server dies: every snapshot has to hold the same sum. */
async function audit(mongo: EmbeddedMongo, audits: { count: number }): Promise<void> {
  const { client, accounts } = await connect(mongo);
  const session = client.startSession();
  try {
    for (;;) {
      session.startTransaction();
      const low = await accounts.find({ _id: { $lt: 'a4' } }, { session }).toArray();
      const high = await accounts.find({ _id: { $gte: 'a4' } }, { session }).toArray();
      await session.commitTransaction();
      const sum = [...low, ...high].reduce((total, { balance }) => total + balance, 0);
      if (sum !== ACCOUNTS * START) throw new RangeError(`a snapshot held ${sum}`);
      audits.count += 1;
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
  } finally {
    await client.close(true).catch(() => undefined);
  }
}

describe('durability', () => {
  it('keeps every acknowledged transfer whole through kill -9', async () => {
    using dir = temporaryFolder();
    const acknowledged = new Set<string>();
    const random = randomOf(20_261_123);
    // Compaction runs all the time, so that crashes meet it as well.
    const start = () => startEmbeddedMongo({ dataDir: dir.path, compactAfter: 20_000 });
    let mongo = await start();
    const setup = await connect(mongo);
    await setup.accounts.insertMany(Array.from({ length: ACCOUNTS }, (_, i) => ({ _id: `a${i}`, balance: START })));
    await setup.client.close();

    for (let round = 0; round < 4; round++) {
      const before = acknowledged.size;
      const traders = Array.from({ length: 6 }, (_, i) =>
        trade(mongo, `r${round}t${i}`, randomOf(random(2 ** 31)), acknowledged),
      );
      const audits = { count: 0 };
      const auditor = audit(mongo, audits);
      const wanted = before + 20 + random(60);
      await expect
        .poll(() => (audits.count > 0 ? acknowledged.size : 0), { timeout: 20_000, interval: 1 })
        .toBeGreaterThan(wanted);
      await mongo.kill();
      await Promise.all(traders);
      await auditor;
      mongo = await start();

      const { client, accounts, transfers } = await connect(mongo);
      const balances = new Map((await accounts.find().toArray()).map(({ _id, balance }) => [_id, balance]));
      const done = await transfers.find().toArray();
      await client.close();
      const expected = new Map(Array.from({ length: ACCOUNTS }, (_, i) => [`a${i}`, START]));
      for (const { from, to, amount } of done) {
        expected.set(from, (expected.get(from) ?? 0) - amount);
        expected.set(to, (expected.get(to) ?? 0) + amount);
      }
      const stored = new Set(done.map(({ _id }) => _id));
      expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
      expect(balances).toEqual(expected);
      expect([...balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(ACCOUNTS * START);
    }
    await mongo.stop();
  }, 120_000);

  it('remembers retryable writes and commits over a restart', async () => {
    using dir = temporaryFolder();
    const lsid = { id: new UUID() };
    const add = (n: number) => ({
      update: 'rows',
      $db: 'bank',
      updates: [{ q: { _id: 1 }, u: { $inc: { n } } }],
      lsid,
    });
    const transaction = { lsid, txnNumber: Long.fromNumber(8), autocommit: false };
    const commit = { commitTransaction: 1, $db: 'admin', ...transaction };
    const withServer = async (work: (client: RawClient) => Promise<void>): Promise<void> => {
      const mongo = await startEmbeddedMongo({ dataDir: dir.path });
      using client = await openRawClient(mongo.port);
      await work(client);
      await mongo.kill();
    };
    await withServer(async (client) => {
      await client.command({ insert: 'rows', $db: 'bank', documents: [{ _id: 1, n: 0 }] });
      expect(await client.command({ ...add(1), txnNumber: Long.fromNumber(7) })).toMatchObject({ n: 1, ok: 1 });
    });
    await withServer(async (client) => {
      const again = await client.command({ ...add(1), txnNumber: Long.fromNumber(7) });
      expect(again).toMatchObject({ n: 1, retriedStmtIds: [0], ok: 1 });
      await client.command({ ...add(10), ...transaction, startTransaction: true });
      expect(await client.command(commit)).toMatchObject({ ok: 1 });
    });
    await withServer(async (client) => {
      expect(await client.command(commit)).toMatchObject({ ok: 1 });
      const found = await client.command({ find: 'rows', $db: 'bank' });
      expect(found['cursor'].firstBatch).toEqual([{ _id: 1, n: 11 }]);
    });
  }, 60_000);

  it('refuses a second server on the same folder, and starts again after a clean stop', async () => {
    using dir = temporaryFolder();
    const mongo = await startEmbeddedMongo({ dataDir: dir.path });
    await expect(startEmbeddedMongo({ dataDir: dir.path })).rejects.toThrow(/in use/);
    await mongo.stop();
    await (await startEmbeddedMongo({ dataDir: dir.path })).stop();
  }, 60_000);
});
