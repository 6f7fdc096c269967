import { copyFileSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Doc } from '../bson/index.ts';
import { createChangeHistory } from '../changes/history.ts';
import { idIndexSpec, readIndexSpec } from '../commands/index-definition.ts';
import { createCore, type Core } from '../storage/core.ts';
import { documentOf } from '../storage/record.ts';
import type { CollectionState, Store } from '../storage/state.ts';
import { createLiveWriter } from '../storage/writer.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openDataFolder } from './durability.ts';
import { lockFolder } from './lock-file.ts';
import { recover } from './recovery.ts';

const NS = 'db.rows';

async function open(dir: string, minCompactionBytes?: number) {
  const failures: Error[] = [];
  const folder = await openDataFolder({
    dir,
    onFailure: (error) => failures.push(error),
    ...(minCompactionBytes === undefined ? {} : { minCompactionBytes }),
  });
  const { store, lastRid, lastCid } = folder.recovered;
  const core = createCore({ live: store, history: folder.history, durability: folder.durability, lastRid, lastCid });
  folder.attach({ store, notes: () => folder.recovered.notes, ids: () => core.lastIds() });
  return { folder, core, failures };
}

function makeCollection(core: Core): void {
  const writer = createLiveWriter(core);
  const cid = core.allocateCid();
  writer.change({ kind: 'create', cid, db: 'db', name: 'rows', uuid: new Uint8Array(16), options: new Doc() }, [NS]);
  writer.change({ kind: 'createIndex', ns: NS, cid, spec: idIndexSpec(undefined) }, [NS]);
  const byKey = readIndexSpec(Doc.of(['key', Doc.of(['k', 1])], ['name', 'k_1'], ['unique', true]), undefined);
  writer.change({ kind: 'createIndex', ns: NS, cid, spec: byKey }, [NS]);
}

function insert(core: Core, ...ids: number[]): void {
  const writer = createLiveWriter(core);
  for (const id of ids) writer.insert(rows(core.live), Doc.of(['_id', id], ['k', `k${id}`]));
}

const rows = (store: Store): CollectionState => store.catalog.get(NS) as CollectionState;
const idsOf = (store: Store): unknown[] =>
  [...rows(store).records.values()].map((record) => documentOf(record).get('_id'));

describe('a data folder', () => {
  it('gives back what was written, in natural order, with its indexes', async () => {
    using dir = temporaryFolder();
    const first = await open(dir.path);
    makeCollection(first.core);
    insert(first.core, 3, 1, 2);
    const writer = createLiveWriter(first.core);
    const [three] = rows(first.core.live).records.values();
    if (three === undefined) throw new Error('no record');
    writer.replace(rows(first.core.live), three, Doc.of(['_id', 3], ['k', 'moved']), 'replacement');
    await first.core.durability.flush();
    await first.folder.close();

    const second = await open(dir.path);
    expect(idsOf(second.core.live)).toEqual([3, 1, 2]);
    const [, byKey] = rows(second.core.live).indexes;
    expect(byKey?.tree.size).toBe(3);
    expect(byKey?.spec.unique).toBe(true);
    insert(second.core, 4);
    expect(second.core.lastIds().lastRid).toBe(4);
    expect(() => insert(second.core, 4)).toThrow(/E11000/);
    await second.folder.close();
    expect(second.failures).toEqual([]);
  });

  it('shares the documents of its history with those that are stored, also behind a snapshot', async () => {
    using dir = temporaryFolder();
    const first = await open(dir.path);
    makeCollection(first.core);
    insert(first.core, 1, 2, 3);
    const writer = createLiveWriter(first.core);
    const [one, two] = rows(first.core.live).records.values();
    if (one === undefined || two === undefined) throw new Error('no records');
    writer.replace(rows(first.core.live), one, Doc.of(['_id', 1], ['k', 'new']), 'replacement');
    writer.remove(rows(first.core.live), two);
    await first.folder.compact();
    await first.folder.close();

    const history = createChangeHistory();
    const { store } = recover(dir.path, history);
    const kept = history.retained().flatMap(({ op, before }) => {
      if (op.kind === 'put') return [[op.record, before]];
      return op.kind === 'delete' ? [[null, before]] : [];
    });
    const told = kept.map((pair) => pair.map((record) => record && documentOf(record).get('k')));
    expect(told).toEqual([
      ['k1', null],
      ['k2', null],
      ['k3', null],
      ['new', 'k1'],
      [null, 'k2'],
    ]);
    const [changed, third] = rows(store).records.values();
    expect(kept[2]?.[0]).toBe(third);
    expect(kept[3]?.[0]).toBe(changed);
  });

  it('loses nothing but the last commit when the journal is cut anywhere in it', async () => {
    using dir = temporaryFolder();
    const { folder, core } = await open(dir.path);
    makeCollection(core);
    insert(core, 1);
    await core.durability.flush();
    insert(core, 2);
    await core.durability.flush();
    const journal = join(dir.path, 'journal-0.log');
    const before = readFileSync(journal).length;
    insert(core, 3, 4);
    await core.durability.flush();
    await folder.close();
    const whole = readFileSync(journal).length;
    for (let length = before; length <= whole; length++) {
      const copy = join(dir.path, `cut-${length}`);
      mkdirSync(copy);
      copyFileSync(journal, join(copy, 'journal-0.log'));
      truncateSync(join(copy, 'journal-0.log'), length);
      const recovered = recover(copy);
      expect(idsOf(recovered.store), `cut at ${length}`).toEqual(length === whole ? [1, 2, 3, 4] : [1, 2]);
      expect(recovered.offset).toBe(length === whole ? whole : before);
    }
  });

  it('goes on after a torn end as if it had never been written', async () => {
    using dir = temporaryFolder();
    const first = await open(dir.path);
    makeCollection(first.core);
    insert(first.core, 1);
    await first.core.durability.flush();
    await first.folder.close();
    const journal = join(dir.path, 'journal-0.log');
    writeFileSync(journal, Buffer.concat([readFileSync(journal), Buffer.alloc(100, 0x5a)]));
    const second = await open(dir.path);
    insert(second.core, 2);
    await second.core.durability.flush();
    await second.folder.close();
    expect(idsOf(recover(dir.path).store)).toEqual([1, 2]);
  });

  it('begins a journal anew whose first bytes never reached the disk', async () => {
    using dir = temporaryFolder();
    writeFileSync(join(dir.path, 'journal-0.log'), Buffer.alloc(8));
    const { folder, core } = await open(dir.path);
    makeCollection(core);
    insert(core, 1);
    await core.durability.flush();
    await folder.close();
    expect(idsOf(recover(dir.path).store)).toEqual([1]);
  });

  it('refuses to serve when something that was on disk is damaged', async () => {
    using dir = temporaryFolder();
    const { folder, core } = await open(dir.path);
    makeCollection(core);
    for (let id = 1; id <= 5; id++) {
      insert(core, id);
      await core.durability.flush();
    }
    await folder.close();
    const journal = join(dir.path, 'journal-0.log');
    const bytes = readFileSync(journal);
    const at = bytes.indexOf('k3') + 1;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(journal, bytes);
    await expect(open(dir.path)).rejects.toThrow(/damaged/);
    // The folder is free again after the refusal.
    lockFolder(dir.path).release();
  });

  it('keeps everything through a compaction, with writes going on', async () => {
    using dir = temporaryFolder();
    const { folder, core } = await open(dir.path);
    makeCollection(core);
    insert(core, 1, 2, 3);
    await core.durability.flush();
    const compacted = folder.compact();
    insert(core, 4);
    await core.durability.flush();
    await compacted;
    insert(core, 5);
    await core.durability.flush();
    await folder.close();
    expect(readdirSync(dir.path).sort()).toEqual(['journal-1.log', 'snapshot-1.data']);
    const recovered = recover(dir.path);
    expect(idsOf(recovered.store)).toEqual([1, 2, 3, 4, 5]);
    expect(rows(recovered.store).indexes.map(({ tree }) => tree.size)).toEqual([5, 5]);
    expect(recovered.lastRid).toBe(5);
  });

  it('compacts by itself when the journal has grown', async () => {
    using dir = temporaryFolder();
    const { folder, core } = await open(dir.path, 2000);
    makeCollection(core);
    for (let id = 1; id <= 200; id++) {
      insert(core, id);
      await core.durability.flush();
    }
    await expect.poll(() => readdirSync(dir.path).some((name) => name.startsWith('snapshot-'))).toBe(true);
    await folder.close();
    expect(idsOf(recover(dir.path).store)).toHaveLength(200);
  });

  it('falls back to the journals when a crash interrupts a compaction', async () => {
    using dir = temporaryFolder();
    const { folder, core } = await open(dir.path);
    makeCollection(core);
    insert(core, 1);
    await core.durability.flush();
    await folder.close();
    writeFileSync(join(dir.path, 'snapshot-1.data.tmp'), 'half a snapshot');
    copyFileSync(join(dir.path, 'journal-0.log'), join(dir.path, 'kept'));
    expect(idsOf(recover(dir.path).store)).toEqual([1]);
    expect(readdirSync(dir.path)).not.toContain('snapshot-1.data.tmp');
  });
});
