import type { ClientSession, Collection, MongoClient } from 'mongodb';
import { checkBank, type Transfer } from './bank-checker.ts';
import type { Anomaly } from './history.ts';
import type { Random } from './random.ts';
import { runTransaction, runWrite, type Workload, type WorkloadOptions } from './workload.ts';

interface Account {
  _id: string;
  balance: number;
}
interface TransferRow {
  _id: string;
  from: string;
  to: string;
  amount: number;
}

const MAX_BALANCE = 30;

/** Transfers between a few accounts, which close when they are empty, and reads of all of them. */
export function createBank({ client, db, random, ticks }: WorkloadOptions): Workload {
  const names = Array.from({ length: 3 + random.below(5) }, (_, i) => `a${i}`);
  const start = new Map(names.map((name) => [name, 1 + random.below(MAX_BALANCE)]));
  const transfers: Transfer[] = [];
  const snapshots: ReadonlyMap<string, number>[] = [];
  const counts = { ok: 0, failed: 0, unknown: 0 };
  const accountsOf = (own: MongoClient): Collection<Account> => own.db(db).collection<Account>('accounts');
  const transfersOf = (own: MongoClient): Collection<TransferRow> => own.db(db).collection<TransferRow>('transfers');

  async function transfer(own: MongoClient, draw: Random): Promise<void> {
    const from = draw.pick(names);
    const to = draw.pick(names.filter((name) => name !== from));
    const amount = 1 + draw.below(5);
    const id = `t${ticks()}`;
    const byReading = draw.chance(0.5);
    let possible = true;
    const outcome = await runTransaction(own, draw, async (session) => {
      possible = await move({ accounts: accountsOf(own), session, from, to, amount, byReading });
      if (!possible) return false;
      await transfersOf(own).insertOne({ _id: id, from, to, amount }, { session });
      return draw.chance(0.97);
    });
    counts[outcome] += 1;
    if (possible) transfers.push({ id, from, to, amount, outcome });
  }

  async function readInTransaction(own: MongoClient, draw: Random): Promise<void> {
    const seen = new Map<string, number>();
    const middle = draw.pick(names);
    const outcome = await runTransaction(own, draw, async (session) => {
      seen.clear();
      for (const filter of [{ _id: { $gte: middle } }, { _id: { $lt: middle } }]) {
        for (const { _id, balance } of await accountsOf(own).find(filter, { session }).toArray()) {
          seen.set(_id, balance);
        }
      }
      return true;
    });
    counts[outcome] += 1;
    if (outcome === 'ok') snapshots.push(seen);
  }

  async function readAtOnce(own: MongoClient): Promise<void> {
    const { outcome, result } = await runWrite(() => accountsOf(own).find({}, { readConcern: 'majority' }).toArray());
    counts[outcome] += 1;
    if (result !== null) snapshots.push(balancesOf(result));
  }

  return {
    counts,
    async setUp() {
      const rows = [...start].map(([_id, balance]) => ({ _id, balance }));
      await accountsOf(client).insertMany(rows);
    },
    async step(own, draw) {
      const kind = draw.below(10);
      if (kind < 7) await transfer(own, draw);
      else if (kind < 9) await readInTransaction(own, draw);
      else await readAtOnce(own);
    },
    async check(): Promise<Anomaly[]> {
      const [accounts, rows] = [await accountsOf(client).find().toArray(), await transfersOf(client).find().toArray()];
      return checkBank({
        start,
        transfers,
        snapshots,
        finalBalances: balancesOf(accounts),
        finalTransfers: rows.map(({ _id }) => _id),
      });
    },
  };
}

const balancesOf = (accounts: readonly Account[]): Map<string, number> =>
  new Map(accounts.map(({ _id, balance }) => [_id, balance]));

/** Moves money in one of two ways; false when there is not enough of it. */
async function move(order: {
  accounts: Collection<Account>;
  session: ClientSession;
  from: string;
  to: string;
  amount: number;
  byReading: boolean;
}): Promise<boolean> {
  const { accounts, session, from, to, amount, byReading } = order;
  const source = await accounts.findOne({ _id: from }, { session });
  if (source === null || source.balance < amount) return false;
  if (source.balance === amount) await accounts.deleteOne({ _id: from }, { session });
  else if (byReading) {
    await accounts.updateOne({ _id: from }, { $set: { balance: source.balance - amount } }, { session });
  } else {
    await accounts.updateOne({ _id: from }, { $inc: { balance: -amount } }, { session });
  }
  if (byReading) {
    const target = await accounts.findOne({ _id: to }, { session });
    const balance = (target?.balance ?? 0) + amount;
    await accounts.replaceOne({ _id: to }, { balance }, { upsert: true, session });
  } else {
    await accounts.updateOne({ _id: to }, { $inc: { balance: amount } }, { upsert: true, session });
  }
  return true;
}
