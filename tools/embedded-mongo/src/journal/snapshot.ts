import type { Change } from '../changes/change.ts';
import type { HistoryHead } from '../changes/history.ts';
import type { SessionNote } from '../storage/session-note.ts';
import type { CollectionState, Snapshot } from '../storage/state.ts';
import type { Op } from '../storage/ops.ts';
import { writeAll, type Disk } from './disk.ts';
import { encodeFrame } from './frames.ts';
import { FILE_MAGIC, snapshotPath } from './files.ts';
import { encodeChange, encodeHead, type LiveRecord } from './history-codec.ts';
import { encodeCommit, encodeHistory } from './op-codec.ts';
import { encodeTrailer, type Trailer } from './trailer.ts';

/** Documents are framed in groups of about this many bytes. */
const GROUP_BYTES = 1024 * 1024;

/**
 * Writes the whole content as the snapshot that a generation of the journal builds on. The file appears under its name
 * only when it is complete and on disk. The data must be frozen; writing yields to other work between groups.
 * @returns the size of the file in bytes.
 */
export async function writeSnapshot(options: {
  disk: Disk;
  dir: string;
  generation: number;
  catalog: Snapshot;
  notes: readonly SessionNote[];
  /** The history of changes: the journals that hold it go away. */
  past: { head: HistoryHead; changes: readonly Change[] };
  trailer: Trailer;
}): Promise<number> {
  const { disk } = options;
  const path = snapshotPath(options.dir, options.generation);
  const temporary = `${path}.tmp`;
  const file = await disk.open(temporary, 'new');
  let bytes = 0;
  const append = async (part: Uint8Array): Promise<void> => {
    await writeAll(file, part, bytes);
    bytes += part.length;
  };
  try {
    await append(FILE_MAGIC);
    for (const state of options.catalog.values()) {
      for (const group of collectionGroups(state)) await append(encodeFrame(encodeCommit(group, []), 0));
    }
    await append(encodeFrame(encodeCommit([], options.notes), 0));
    await append(encodeFrame(encodeHistory([encodeHead(options.past.head)]), 0));
    for (const group of historyGroups(options.past.changes, liveRecords(options.catalog)))
      await append(encodeFrame(encodeHistory(group), 0));
    await append(encodeFrame(encodeTrailer(options.trailer), 0));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, path);
  await disk.syncFolder(options.dir);
  return bytes;
}

/** A collection as changes that make it anew. Indexes come after the documents: they are built in one go. */
function* collectionGroups(state: CollectionState): Generator<Op[]> {
  const { cid, ns, db, name, uuid, options } = state;
  let group: Op[] = [{ kind: 'create', cid, db, name, uuid, options }];
  let bytes = 0;
  for (const record of state.records.values()) {
    group.push({ kind: 'put', ns, cid, record, form: null, changes: null });
    bytes += record.raw.length;
    if (bytes >= GROUP_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
  }
  for (const { spec } of state.indexes) group.push({ kind: 'createIndex', ns, cid, spec });
  yield group;
}

function liveRecords(catalog: Snapshot): LiveRecord {
  const collections = new Map([...catalog.values()].map((state) => [state.cid, state]));
  return (cid, rid) => collections.get(cid)?.records.get(rid);
}

function* historyGroups(changes: readonly Change[], live: LiveRecord): Generator<Buffer[]> {
  let group: Buffer[] = [];
  let bytes = 0;
  for (const change of changes) {
    const encoded = encodeChange(change, live);
    group.push(encoded);
    bytes += encoded.length;
    if (bytes >= GROUP_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) yield group;
}
