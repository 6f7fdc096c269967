import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Doc } from '../bson/index.ts';
import { idIndexSpec } from '../commands/index-definition.ts';
import { createCore, type Core } from '../storage/core.ts';
import { documentOf } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { createLiveWriter } from '../storage/writer.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createDisk, type Disk, type DiskFile } from './disk.ts';
import { openDataFolder } from './durability.ts';
import { recover } from './recovery.ts';

type Call = 'open' | 'write' | 'sync' | 'rename' | 'remove' | 'syncFolder';

/** A disk whose `at`-th call of a kind fails, and all of them after it. Writes take a few bytes at a time. */
function failingDisk(kind: Call, at: number, code: string): Disk & { readonly failed: () => boolean } {
  const disk = createDisk();
  let calls = 0;
  const check = (call: Call): void => {
    if (call === kind) calls += 1;
    if (calls >= at) throw Object.assign(new Error(`${code}: refused`), { code });
  };
  const wrapped = (file: DiskFile): DiskFile => ({
    ...file,
    async write(bytes, from, position) {
      const part = bytes.subarray(0, Math.min(bytes.length, from + 100));
      // Half of what was asked for fits before the disk is full.
      if (kind === 'write' && calls + 1 === at)
        await file.write(part.subarray(0, (from + part.length) >> 1), from, position);
      check('write');
      return file.write(part, from, position);
    },
    async sync() {
      check('sync');
      await file.sync();
    },
  });
  return {
    async open(path, what) {
      check('open');
      return wrapped(await disk.open(path, what));
    },
    async rename(from, to) {
      check('rename');
      await disk.rename(from, to);
    },
    async remove(path) {
      check('remove');
      await disk.remove(path);
    },
    async syncFolder(dir) {
      check('syncFolder');
      await disk.syncFolder(dir);
    },
    failed: () => calls >= at,
  };
}

const NS = 'db.rows';
const rows = (core: Core): CollectionState => core.live.catalog.get(NS) as CollectionState;

/** Commits pairs of documents until the disk refuses; answers the numbers of the commits that were answered. */
async function writePairs(dir: string, disk: Disk): Promise<{ answered: number[]; failures: Error[] }> {
  const failures: Error[] = [];
  const failed = Promise.withResolvers<null>();
  const answered: number[] = [];
  const onFailure = (error: Error): void => {
    failures.push(error);
    failed.resolve(null);
  };
  const opening = openDataFolder({ dir, disk, onFailure, minCompactionBytes: 2500 });
  // A failure ends the process: what waits for the disk then waits for ever.
  const folder = await Promise.race([opening, failed.promise]);
  if (folder === null) return { answered, failures };
  const core = createCore({ live: folder.recovered.store, durability: folder.durability });
  folder.attach({ store: core.live, notes: () => [], ids: () => core.lastIds() });
  const writer = createLiveWriter(core);
  const cid = core.allocateCid();
  writer.change({ kind: 'create', cid, db: 'db', name: 'rows', uuid: new Uint8Array(16), options: new Doc() }, [NS]);
  writer.change({ kind: 'createIndex', ns: NS, cid, spec: idIndexSpec(undefined) }, [NS]);
  for (let pair = 0; pair < 30 && failures.length === 0; pair++) {
    for (const half of [0, 1]) {
      writer.insert(rows(core), Doc.of(['_id', pair * 2 + half], ['text', 'x'.repeat(100)]));
    }
    const done = await Promise.race([Promise.resolve(core.durability.flush()).then(() => pair), failed.promise]);
    if (done !== null && failures.length === 0) answered.push(done);
  }
  if (failures.length === 0) {
    await Promise.race([folder.compact(), failed.promise]);
    await Promise.race([folder.close(), failed.promise]);
  }
  return { answered, failures };
}

function storedPairs(dir: string): Map<number, number> {
  const pairs = new Map<number, number>();
  for (const record of recover(dir).store.catalog.get(NS)?.records.values() ?? []) {
    const pair = Math.floor(Number(documentOf(record).get('_id')) / 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

describe('a disk that refuses', () => {
  const faults: [Call, string][] = [
    ['write', 'ENOSPC'],
    ['sync', 'EIO'],
    ['open', 'ENOSPC'],
    ['rename', 'EIO'],
    ['remove', 'EIO'],
    ['syncFolder', 'EIO'],
  ];
  for (const [kind, code] of faults) {
    it(`${kind} with ${code}, at any time: nothing is answered falsely, and all that was answered is there`, async () => {
      let tried = 0;
      for (let at = 1; ; at += 1 + Math.floor(at / 4)) {
        using dir = temporaryFolder();
        const disk = failingDisk(kind, at, code);
        const result = await writePairs(dir.path, disk).catch((error: unknown) => error as Error);
        if (!disk.failed()) break;
        tried += 1;
        if (result instanceof Error) {
          // It did not even start.
          expect(result.message).toContain(code);
          expect([...storedPairs(dir.path)]).toEqual([]);
          continue;
        }
        expect(result.failures.map(({ message }) => message)[0], `${kind} ${at}`).toContain(code);
        const stored = storedPairs(dir.path);
        expect(
          result.answered.filter((pair) => !stored.has(pair)),
          `${kind} ${at}`,
        ).toEqual([]);
        expect(
          [...stored.values()].filter((count) => count !== 2),
          `${kind} ${at}`,
        ).toEqual([]);
        // With a disk that works again it goes on.
        const again = await compactAgain(dir.path);
        expect(again).toEqual([]);
      }
      expect(tried).toBeGreaterThan(1);
    }, 30_000);
  }
});

/** Opens the folder anew, compacts and closes it; answers what failed. */
async function compactAgain(dir: string): Promise<Error[]> {
  const failures: Error[] = [];
  const folder = await openDataFolder({ dir, onFailure: (error) => failures.push(error) });
  const core = createCore({ live: folder.recovered.store, durability: folder.durability });
  folder.attach({ store: core.live, notes: () => [], ids: () => core.lastIds() });
  await folder.compact();
  await folder.close();
  expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  return failures;
}
