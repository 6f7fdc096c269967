import { describe, expect, it, vi } from 'vitest';
import { decodeDoc, Doc } from '../bson/index.ts';
import { idIndexSpec } from '../commands/index-definition.ts';
import { createDisk, type Disk } from '../journal/disk.ts';
import { openDataFolder } from '../journal/durability.ts';
import { createCore, type Core } from '../storage/core.ts';
import { beginTransaction } from '../storage/transaction.ts';
import { applyCommit, createLiveWriter, createTransactionWriter, type Writer } from '../storage/writer.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createChangeHistory, type ChangeHistory } from './history.ts';

const NS = 'db.rows';

function makeCollection(core: Core): void {
  const writer = createLiveWriter(core);
  const cid = core.allocateCid();
  const uuid = Buffer.alloc(16, 7);
  writer.change({ kind: 'create', cid, db: 'db', name: 'rows', uuid, options: new Doc() }, [NS]);
  writer.change({ kind: 'createIndex', ns: NS, cid, spec: idIndexSpec(undefined) }, [NS]);
}

function insert(writer: Writer, id: number, text = ''): void {
  const state = writer.collection(NS);
  if (state === undefined) throw new Error('no collection');
  writer.insert(state, Doc.of(['_id', id], ['text', text]));
}

const idsOf = (history: ChangeHistory): unknown[] =>
  history.retained().flatMap(({ op }) => (op.kind === 'put' ? [decodeDoc(op.record.raw).get('_id')] : []));

/** Everything about the changes but the objects that hold it. */
const shownOf = (history: ChangeHistory): unknown[] =>
  history.retained().map(({ stamp, index, op, before, collection }) => {
    const raw = op.kind === 'put' ? Buffer.from(op.record.raw).toString('hex') : null;
    const old = before === null ? null : Buffer.from(before.raw).toString('hex');
    const form = op.kind === 'put' && before !== null ? op.form : null;
    const uuid = collection === null ? null : Buffer.from(collection.uuid).toString('hex');
    return { stamp, index, kind: op.kind, raw, old, form, uuid };
  });

async function open(dir: string, options: { historyBytes?: number; disk?: Disk } = {}) {
  const folder = await openDataFolder({
    dir,
    onFailure: (error) => {
      throw error;
    },
    ...options,
  });
  const { store, lastRid, lastCid } = folder.recovered;
  const { history, durability } = folder;
  const core = createCore({ live: store, history, durability, lastRid, lastCid });
  folder.attach({ store, notes: () => [], ids: () => core.lastIds() });
  return { folder, core, history };
}

describe('the history of changes', () => {
  it('keeps the latest changes within its limit and knows up to where it has lost them', () => {
    const history = createChangeHistory({ limitBytes: 20_000 });
    const core = createCore({ history });
    makeCollection(core);
    for (let id = 0; id < 5000; id++) insert(createLiveWriter(core), id, 'x'.repeat(100));
    const ids = idsOf(history);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.length).toBeLessThan(20_000 / 300);
    expect(ids.at(-1)).toBe(4999);
    expect(ids).toEqual(Array.from(ids, (_, i) => 5000 - ids.length + i));
    const oldest = history.at(history.oldest());
    const { lost } = history.head();
    expect(lost).not.toBeNull();
    expect(history.find(lost ?? oldest.stamp)).toBe(history.oldest());
    expect(history.find(oldest.stamp)).toBe(history.oldest());
    expect(history.find(history.at(history.end() - 1).stamp)).toBe(history.end() - 1);
  });

  it('shows nothing of a change before it is on disk', async () => {
    using dir = temporaryFolder();
    const real = createDisk();
    let gate = Promise.resolve();
    const disk: Disk = {
      ...real,
      async open(path, what) {
        const file = await real.open(path, what);
        return { ...file, sync: () => gate.then(() => file.sync()) };
      },
    };
    const { folder, core, history } = await open(dir.path, { disk });
    makeCollection(core);
    await core.durability.flush();
    const before = history.settled();
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    const heard = vi.fn();
    history.onSettled(heard);
    insert(createLiveWriter(core), 1);
    const flushed = core.durability.flush();
    await new Promise((done) => setImmediate(done));
    expect(history.end()).toBe(before + 1);
    expect(history.settled()).toBe(before);
    expect(heard).not.toHaveBeenCalled();
    resolve();
    await flushed;
    expect(history.settled()).toBe(before + 1);
    expect(heard).toHaveBeenCalledOnce();
    await folder.close();
  });

  it('is the same after a restart, with and without a compaction between', async () => {
    using dir = temporaryFolder();
    const first = await open(dir.path);
    const { core } = first;
    makeCollection(core);
    insert(createLiveWriter(core), 1);
    await core.durability.flush();
    const transaction = beginTransaction(core);
    const within = createTransactionWriter(core, transaction);
    insert(within, 2);
    insert(within, 3);
    applyCommit(core, transaction, { session: 'ab'.repeat(16), txnNumber: 2 ** 40 });
    await core.durability.flush();
    const writer = createLiveWriter(core);
    const state = writer.collection(NS);
    const [one, two] = state?.records.values() ?? [];
    if (state === undefined || one === undefined || two === undefined) throw new Error('no records');
    writer.replace(state, one, Doc.of(['_id', 1], ['text', 'a']), ['text', 'other.0.é']);
    const now = writer.collection(NS);
    const [changed] = now?.records.values() ?? [];
    if (now === undefined || changed === undefined) throw new Error('no record');
    writer.replace(now, changed, Doc.of(['_id', 1]), 'replacement');
    writer.remove(now, two);
    await core.durability.flush();
    const expected = shownOf(first.history);
    expect(expected).toHaveLength(8);
    const { epoch } = first.history.head();
    await first.folder.close();

    const second = await open(dir.path);
    expect(shownOf(second.history)).toEqual(expected);
    expect(second.history.head().epoch).toBe(epoch);
    await second.folder.compact();
    createLiveWriter(second.core).change({ kind: 'drop', ns: NS, cid: 1 }, [NS]);
    await second.core.durability.flush();
    await second.folder.close();

    const third = await open(dir.path);
    expect(shownOf(third.history).slice(0, -1)).toEqual(expected);
    expect(third.history.head()).toMatchObject({ epoch, lost: null });
    // Dropped meanwhile: its changes still know which collection they were made in.
    await third.folder.compact();
    await third.folder.close();
    const fourth = await open(dir.path, { historyBytes: 1000 });
    expect(shownOf(fourth.history)).toEqual(shownOf(third.history).slice(-3));
    expect(fourth.history.head().lost).not.toBeNull();
    await fourth.folder.close();
  });

  it('gives later times to changes after a restart than any that was seen before', async () => {
    using dir = temporaryFolder();
    const first = await open(dir.path);
    makeCollection(first.core);
    await first.core.durability.flush();
    // Times that never came to the disk.
    let shown = first.history.clock.tick();
    for (let i = 0; i < 10; i++) shown = first.history.clock.tick();
    await first.folder.close();
    const second = await open(dir.path);
    expect(second.history.clock.tick().greaterThan(shown)).toBe(true);
    await second.folder.close();
  });
});
