import { unlinkSync } from 'node:fs';
import type { Stamp } from '../changes/change.ts';
import { createChangeHistory, type ChangeHistory } from '../changes/history.ts';
import type { SessionNote } from '../storage/session-note.ts';
import { applyOp, type Op } from '../storage/ops.ts';
import { createStore, type Store } from '../storage/state.ts';
import { createDocumentCache, type DocumentCache, type StoredRecord } from '../storage/record.ts';
import { journalPath, listFiles, snapshotPath, syncFolderNow } from './files.ts';
import { readHistory } from './history-codec.ts';
import { decodeCommit, readCatalogOp, type Item } from './op-codec.ts';
import { CorruptDataError, readFrames } from './read-frames.ts';
import { readTrailer, type Trailer } from './trailer.ts';

/** What a data folder held. */
export interface Recovered {
  readonly store: Store;
  readonly cache: DocumentCache;
  readonly notes: readonly SessionNote[];
  readonly lastRid: number;
  readonly lastCid: number;
  /** The folder knows its history of changes; otherwise one begins now. */
  readonly hasHistory: boolean;
  /** The journal to go on with, and the length of its valid part; 0 when there is none yet. */
  readonly generation: number;
  readonly offset: number;
  /** Bytes of the snapshot that the journals build on. */
  readonly snapshotBytes: number;
  readonly journalBytes: number;
}

/**
 * Rebuilds the data from the newest snapshot and the journals after it. A torn end of the last journal is left out: what
 * stood there was never acknowledged. Files that are no longer needed are removed. The latest changes go to `history`.
 * @throws CorruptDataError when acknowledged data is missing or damaged.
 */
export function recover(dir: string, history: ChangeHistory = createChangeHistory()): Recovered {
  const files = listFiles(dir);
  const base = files.snapshots.at(-1) ?? 0;
  const replay = createReplay(history);
  let snapshotBytes = 0;
  if (files.snapshots.length > 0) snapshotBytes = loadSnapshot(snapshotPath(dir, base), replay);
  const journals = files.journals.filter((generation) => generation >= base);
  journals.forEach((generation, i) => {
    if (generation !== base + i) throw new CorruptDataError(`${journalPath(dir, base + i)} is missing`);
  });
  if (journals.length === 0 && files.snapshots.length > 0)
    throw new CorruptDataError(`${journalPath(dir, base)} is missing`);
  let offset = 0;
  let journalBytes = 0;
  journals.forEach((generation, i) => {
    offset = readFrames(journalPath(dir, generation), i === journals.length - 1, (payload) => replay.commit(payload));
    journalBytes += offset;
  });
  removeOld(dir, base, files);
  const result = replay.result();
  history.resume({ complete: result.hasHistory || result.lastCid === 0 });
  return { ...result, generation: journals.at(-1) ?? base, offset, snapshotBytes, journalBytes };
}

function loadSnapshot(path: string, replay: Replay): number {
  let trailer: Trailer | null = null;
  const size = readFrames(path, false, (payload) => {
    if (trailer !== null) throw new CorruptDataError(`${path} goes on after its end`);
    trailer = readTrailer(payload);
    if (trailer === null) replay.commit(payload);
    else replay.atLeast(trailer);
  });
  if (trailer === null) throw new CorruptDataError(`${path} is not complete`);
  return size;
}

function removeOld(dir: string, base: number, files: ReturnType<typeof listFiles>): void {
  const old = [
    ...files.journals.filter((generation) => generation < base).map((generation) => journalPath(dir, generation)),
    ...files.snapshots.filter((generation) => generation < base).map((generation) => snapshotPath(dir, generation)),
    ...files.leftovers,
  ];
  for (const path of old) unlinkSync(path);
  if (old.length > 0) syncFolderNow(dir);
}

type Replay = ReturnType<typeof createReplay>;

function createReplay(history: ChangeHistory) {
  const store = createStore();
  const cache = createDocumentCache();
  const namespaces = new Map<number, string>();
  const notes = new Map<string, SessionNote>();
  let lastRid = 0;
  let lastCid = 0;
  let hasHistory = false;
  /** The time of the next change; null in snapshots, whose changes have none. */
  let stamp: Stamp | null = null;
  let index = 0;

  function change(op: Op): void {
    const before = applyOp(store, op);
    if (stamp === null) {
      history.learn(op);
      return;
    }
    const own = stamp.transaction === null && index > 0 ? { ...stamp, counter: stamp.counter + index } : stamp;
    history.clock.passBy(own);
    history.append(op, before, own, stamp.transaction === null ? 0 : index);
    index += 1;
  }

  function apply(item: Item): void {
    switch (item.kind) {
      case 'put':
      case 'delete': {
        const ns = namespaces.get(item.cid);
        if (ns === undefined) throw new CorruptDataError(`the journal writes to the unknown collection ${item.cid}`);
        lastRid = Math.max(lastRid, item.rid);
        applyDocument(ns, item);
        return;
      }
      case 'note':
        mergeNote(item.note);
        return;
      case 'catalog': {
        const cid = item.doc.get('cid');
        const op = readCatalogOp(item.doc, typeof cid === 'number' ? namespaces.get(cid) : undefined);
        change(op);
        lastCid = Math.max(lastCid, op.cid);
        if (op.kind === 'create' || op.kind === 'rename') namespaces.set(op.cid, `${op.db}.${op.name}`);
        if (op.kind === 'drop') namespaces.delete(op.cid);
        return;
      }
      case 'stamp':
        ({ stamp } = item);
        index = 0;
        return;
      case 'history': {
        const known = readHistory(item.doc, cache, liveRecord);
        if (known.kind === 'change') history.restore(known.change);
        else {
          history.restoreHead(known.head);
          hasHistory = true;
        }
        return;
      }
    }
  }

  function liveRecord(cid: number, rid: number): StoredRecord | undefined {
    const ns = namespaces.get(cid);
    return ns === undefined ? undefined : store.catalog.get(ns)?.records.get(rid);
  }

  function applyDocument(ns: string, item: Extract<Item, { kind: 'put' | 'delete' }>): void {
    if (item.kind === 'delete') {
      change({ kind: 'delete', ns, cid: item.cid, rid: item.rid, changes: null });
      return;
    }
    const record: StoredRecord = { rid: item.rid, raw: item.raw, doc: null, cache };
    change({ kind: 'put', ns, cid: item.cid, record, form: item.form, changes: null });
  }

  function mergeNote(note: SessionNote): void {
    const known = notes.get(note.session);
    if (known === undefined || known.txnNumber < note.txnNumber) notes.set(note.session, note);
    else if (known.txnNumber === note.txnNumber) {
      notes.set(note.session, { ...note, statements: [...known.statements, ...note.statements] });
    }
  }

  return {
    commit(payload: Buffer): void {
      stamp = null;
      for (const item of decodeCommit(payload)) apply(item);
    },
    atLeast(trailer: Trailer): void {
      lastRid = Math.max(lastRid, trailer.lastRid);
      lastCid = Math.max(lastCid, trailer.lastCid);
    },
    result: () => ({ store, cache, notes: [...notes.values()], lastRid, lastCid, hasHistory }),
  };
}
