import type { Collection, MongoClient } from 'mongodb';
import type { Anomaly } from './history.ts';
import type { Random } from './random.ts';
import { checkRegisters, type Register, type RegisterWrite } from './registers-checker.ts';
import { runWrite, type Workload, type WorkloadOptions } from './workload.ts';

interface RegisterRow {
  _id: string;
  n: number;
  writes: string[];
}
interface NameRow {
  _id: string;
  name: string;
}
interface ItemRow {
  _id: string;
  claimedBy: string | null;
}
interface InsertedRow {
  _id: string;
  text: string;
}

const MAJORITY = { readConcern: 'majority' } as const;

/** Single writes, which drivers repeat when a connection breaks, with indexes and collections that come and go. */
export function createRegisters({ client, db, random, ticks }: WorkloadOptions): Workload {
  const registers = Array.from({ length: 1 + random.below(3) }, (_, i) => `r${i}`);
  const allItems = Array.from({ length: 60 }, (_, i) => `item${i}`);
  const writes: RegisterWrite[] = [];
  const counts = { ok: 0, failed: 0, unknown: 0 };
  const tables = (own: MongoClient) => ({
    registers: own.db(db).collection<RegisterRow>('registers'),
    names: own.db(db).collection<NameRow>('names'),
    items: own.db(db).collection<ItemRow>('items'),
    inserted: own.db(db).collection<InsertedRow>('inserted'),
  });
  type Tables = ReturnType<typeof tables>;

  function note(write: RegisterWrite): void {
    counts[write.outcome] += 1;
    writes.push(write);
  }

  async function increment(rows: Collection<RegisterRow>, draw: Random, id: string): Promise<void> {
    const register = draw.pick(registers);
    const change = { $inc: { n: 1 }, $push: { writes: id } };
    if (draw.chance(0.5)) {
      const { outcome } = await runWrite(() => rows.updateOne({ _id: register }, change, { upsert: true }));
      note({ id, f: 'increment', register, outcome, answered: null });
      return;
    }
    const options = { upsert: true, returnDocument: 'after' } as const;
    const { outcome, result } = await runWrite(() => rows.findOneAndUpdate({ _id: register }, change, options));
    note({ id, f: 'increment', register, outcome, answered: result?.n ?? null });
  }

  async function swap(rows: Collection<RegisterRow>, draw: Random, id: string): Promise<void> {
    const register = draw.pick(registers);
    const read = await runWrite(() => rows.findOne({ _id: register }, MAJORITY));
    if (read.result === null) return;
    const { n } = read.result;
    const change = { $set: { n: n + 1 }, $push: { writes: id } };
    const { outcome, result } = await runWrite(() => rows.updateOne({ _id: register, n }, change));
    note({ id, f: 'swap', register, outcome, matched: result?.modifiedCount ?? 0 });
  }

  async function insert(rows: Collection<InsertedRow>, draw: Random, id: string): Promise<void> {
    const ids = Array.from({ length: 1 + draw.below(5) }, (_, i) => `${id}-${i}`);
    const text = 'x'.repeat(draw.below(400));
    const { outcome } = await runWrite(() => rows.insertMany(ids.map((_id) => ({ _id, text }))));
    note({ id, f: 'insert', ids, outcome });
  }

  async function claimOrTake(rows: Collection<ItemRow>, draw: Random, id: string): Promise<void> {
    if (draw.chance(0.5)) {
      const change = { $set: { claimedBy: id } };
      const { outcome, result } = await runWrite(() =>
        rows.findOneAndUpdate({ claimedBy: null }, change, { sort: { _id: 1 } }),
      );
      note({ id, f: 'claim', outcome, item: result?._id ?? null });
      return;
    }
    const { outcome, result } = await runWrite(() => rows.findOneAndDelete({ claimedBy: null }, { sort: { _id: -1 } }));
    note({ id, f: 'take', outcome, item: result?._id ?? null });
  }

  /** Changes of the catalog beside all that: outcomes don't matter, the data under them does. */
  async function disturb(own: MongoClient, all: Tables, draw: Random): Promise<void> {
    const side = own.db(db).collection(`side${draw.below(3)}`);
    const work = draw.pick([
      () => all.inserted.createIndex({ text: 1 }),
      () => all.inserted.dropIndex('text_1'),
      () => side.insertOne({ at: draw.below(100) }),
      () => side.drop(),
      () => side.rename(`side${draw.below(3)}`, { dropTarget: true }),
    ]);
    await runWrite<unknown>(work);
  }

  return {
    counts,
    async setUp() {
      const all = tables(client);
      await all.names.createIndex({ name: 1 }, { unique: true });
      await all.items.insertMany(allItems.map((_id) => ({ _id, claimedBy: null })));
      await all.items.createIndex({ claimedBy: 1, _id: 1 });
    },
    async step(own, draw) {
      const all = tables(own);
      const id = `w${ticks()}`;
      const kind = draw.below(12);
      if (kind < 4) await increment(all.registers, draw, id);
      else if (kind < 6) await swap(all.registers, draw, id);
      else if (kind < 8) await insert(all.inserted, draw, id);
      else if (kind === 8) {
        const name = `name${draw.below(40)}`;
        const { outcome } = await runWrite(() => all.names.insertOne({ _id: id, name }));
        note({ id, f: 'reserve', name, outcome });
      } else if (kind < 11) await claimOrTake(all.items, draw, id);
      else await disturb(own, all, draw);
    },
    async check(): Promise<Anomaly[]> {
      const all = tables(client);
      const names = await all.names.find().toArray();
      return checkRegisters(writes, {
        registers: (await all.registers.find().toArray()) satisfies Register[],
        inserted: (await all.inserted.find().toArray()).map(({ _id }) => _id),
        names: names.map(({ _id, name }) => ({ owner: _id, name })),
        items: await all.items.find().toArray(),
        allItems,
      });
    },
  };
}
