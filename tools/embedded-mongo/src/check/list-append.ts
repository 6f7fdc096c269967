import type { ClientSession, Collection, MongoClient } from 'mongodb';
import type { Anomaly, MicroOp, Txn } from './history.ts';
import { checkListAppend } from './list-append-checker.ts';
import type { Random } from './random.ts';
import { runTransaction, runWrite, type Workload, type WorkloadOptions } from './workload.ts';

interface List {
  _id: string;
  values: number[];
  /** Indexed and changed by every append: reads through it meet entries that move. */
  last: number;
  tag: string;
}

/** Random transactions that append to a few lists and read them, in several ways. */
export function createListAppend({ client, db, random, ticks }: WorkloadOptions): Workload {
  const keys = Array.from({ length: 2 + random.below(4) }, (_, i) => `k${i}`);
  const history: Txn[] = [];
  const counts = { ok: 0, failed: 0, unknown: 0 };
  let nextValue = 0;

  async function record(clientId: number, run: (ops: MicroOp[]) => Promise<Txn['outcome']>): Promise<void> {
    const start = ticks();
    const ops: MicroOp[] = [];
    const outcome = await run(ops);
    counts[outcome] += 1;
    const end = outcome === 'unknown' ? Infinity : ticks();
    history.push({ id: history.length, client: clientId, start, end, outcome, ops });
  }

  return {
    counts,
    async setUp() {
      await client.db(db).createCollection('lists');
      await listsOf(client, db).createIndex({ last: 1 });
      await listsOf(client, db).createIndex({ tag: 1, _id: 1 });
    },
    async step(own, draw, clientId) {
      const lists = listsOf(own, db);
      const kind = draw.below(10);
      if (kind < 7) {
        await record(clientId, (ops) =>
          runTransaction(own, draw, async (session) => {
            for (let i = 0; i <= draw.below(4); i++) {
              const key = draw.pick(keys);
              await (draw.chance(0.5)
                ? append({ lists, session, ops, key, value: nextValue++, draw })
                : read({ lists, session, ops, key, keys, draw }));
            }
            return draw.chance(0.95);
          }),
        );
      } else if (kind < 9) {
        await record(clientId, async (ops) => {
          const [key, value] = [draw.pick(keys), nextValue++];
          const { outcome, result } = await runWrite(() => appendAlone(lists, key, value));
          if (outcome === 'ok') ops.push({ f: 'read', key, values: result?.values ?? [] });
          ops.push({ f: 'append', key, value });
          return outcome;
        });
      } else {
        await record(clientId, async (ops) => {
          const { outcome, result } = await runWrite(() => lists.find({}, { readConcern: 'majority' }).toArray());
          if (result !== null) pushReads(ops, keys, result);
          return outcome;
        });
      }
    },
    async check(): Promise<Anomaly[]> {
      const final = await listsOf(client, db).find({}, { readConcern: 'majority' }).toArray();
      return checkListAppend(history, new Map(keys.map((key) => [key, valuesOf(final, key)])));
    },
  };
}

const listsOf = (client: MongoClient, db: string): Collection<List> => client.db(db).collection<List>('lists');
const valuesOf = (found: readonly List[], key: string): number[] => found.find(({ _id }) => _id === key)?.values ?? [];

function pushReads(ops: MicroOp[], keys: readonly string[], found: readonly List[]): void {
  for (const key of keys) ops.push({ f: 'read', key, values: valuesOf(found, key) });
}

const pushed = (value: number) => ({ $push: { values: value }, $set: { last: value }, $setOnInsert: { tag: 'list' } });

/** A write of its own that the driver may repeat; answers the list before it. */
const appendAlone = (lists: Collection<List>, key: string, value: number): Promise<List | null> =>
  lists.findOneAndUpdate({ _id: key }, pushed(value), { upsert: true, returnDocument: 'before' });

interface Step {
  readonly lists: Collection<List>;
  readonly session: ClientSession;
  readonly ops: MicroOp[];
  readonly key: string;
  readonly draw: Random;
}

async function append({ lists, session, ops, key, draw, value }: Step & { value: number }): Promise<void> {
  const way = draw.below(5);
  if (way <= 1) {
    await lists.updateOne({ _id: key }, pushed(value), { upsert: true, session });
  } else if (way === 2) {
    const after = await lists.findOneAndUpdate({ _id: key }, pushed(value), {
      upsert: true,
      returnDocument: 'after',
      session,
    });
    ops.push({ f: 'append', key, value }, { f: 'read', key, values: after?.values ?? [] });
    return;
  } else {
    // Read, then write what was read with one more: a lost update takes the appends of others away.
    const before = await lists.findOne({ _id: key }, { session });
    const values = [...(before?.values ?? []), value];
    ops.push({ f: 'read', key, values: before?.values ?? [] });
    if (way === 3) {
      await lists.replaceOne({ _id: key }, { values, last: value, tag: 'list' }, { upsert: true, session });
    } else {
      if (before !== null) await lists.deleteOne({ _id: key }, { session });
      await lists.insertOne({ _id: key, values, last: value, tag: 'list' }, { session });
    }
  }
  ops.push({ f: 'append', key, value });
}

async function read({ lists, session, ops, key, draw, keys }: Step & { keys: readonly string[] }): Promise<void> {
  switch (draw.below(4)) {
    case 0:
      return pushReads(ops, keys, await lists.find({ last: { $gte: 0 } }, { session }).toArray());
    case 1:
      return pushReads(ops, keys, await lists.aggregate<List>([{ $match: { tag: 'list' } }], { session }).toArray());
    default:
      ops.push({ f: 'read', key, values: (await lists.findOne({ _id: key }, { session }))?.values ?? [] });
  }
}
