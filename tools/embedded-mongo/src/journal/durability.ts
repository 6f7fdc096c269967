import { mkdirSync } from 'node:fs';
import type { Change } from '../changes/change.ts';
import { createChangeHistory, type ChangeHistory } from '../changes/history.ts';
import type { Durability } from '../storage/core.ts';
import type { SessionNote } from '../storage/session-note.ts';
import { takeSnapshot, type Store } from '../storage/state.ts';
import { createDisk, type Disk } from './disk.ts';
import { journalPath, listFiles, snapshotPath } from './files.ts';
import { openJournal } from './journal.ts';
import { lockFolder } from './lock-file.ts';
import { encodeHead } from './history-codec.ts';
import { encodeChanges, encodeHistory } from './op-codec.ts';
import { recover, type Recovered } from './recovery.ts';
import { writeSnapshot } from './snapshot.ts';
import type { Trailer } from './trailer.ts';

/** Journals smaller than this are never worth a new snapshot, in bytes. */
const MIN_COMPACTION_BYTES = 64 * 1024 * 1024;

/** A data folder in use: recovered, locked, and written to by `durability`. */
export interface DataFolder {
  readonly recovered: Recovered;
  readonly history: ChangeHistory;
  readonly durability: Durability;
  /** Tells compaction what else has to go into a snapshot. Called once the server is made. */
  attach(source: { store: Store; notes: () => readonly SessionNote[]; ids: () => Trailer }): void;
  /** Writes a new snapshot now and drops the journals before it. */
  compact(): Promise<void>;
  /** Flushes and lets go of the folder. */
  close(): Promise<void>;
}

/**
 * Opens a data folder, made when it is not there.
 * @throws DataFolderLockedError when another server uses it, CorruptDataError when it can't be trusted.
 */
export async function openDataFolder(options: {
  dir: string;
  onFailure: (error: Error) => void;
  minCompactionBytes?: number;
  /** How much is kept for change streams, in bytes. */
  historyBytes?: number | undefined;
  disk?: Disk;
}): Promise<DataFolder> {
  const { dir, onFailure, minCompactionBytes = MIN_COMPACTION_BYTES, disk = createDisk() } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dir);
  try {
    const history = createChangeHistory({ limitBytes: options.historyBytes });
    const recovered = recover(dir, history);
    const journal = await openJournal({
      disk,
      dir,
      generation: recovered.generation,
      offset: recovered.offset,
      onFailure,
    });
    let source: Parameters<DataFolder['attach']>[0] | null = null;
    let { snapshotBytes } = recovered;
    let olderJournalBytes = recovered.journalBytes - recovered.offset;
    let compaction: Promise<void> | null = null;
    let changes: Change[] = [];
    let notes: SessionNote[] = [];

    function flush(): Promise<void> | null {
      if (changes.length === 0 && notes.length === 0) return journal.settled();
      const payload = encodeChanges(changes, joinNotes(notes));
      changes = [];
      notes = [];
      const done = journal.append(payload);
      const end = history.end();
      void done.then(() => history.settle(end));
      return done;
    }

    async function compactNow(from: NonNullable<typeof source>): Promise<void> {
      // In one step: what is committed up to here goes into the snapshot, what follows into the new journal.
      void flush();
      const catalog = takeSnapshot(from.store);
      const remembered = from.notes();
      const trailer = from.ids();
      const past = { head: history.head(), changes: history.retained() };
      olderJournalBytes += journal.size();
      const generation = await journal.rotate();
      snapshotBytes = await writeSnapshot({ disk, dir, generation, catalog, notes: remembered, past, trailer });
      const files = listFiles(dir);
      for (const old of files.journals) if (old < generation) await disk.remove(journalPath(dir, old));
      for (const old of files.snapshots) if (old < generation) await disk.remove(snapshotPath(dir, old));
      await disk.syncFolder(dir);
      olderJournalBytes = 0;
    }

    function compact(): Promise<void> {
      if (source === null) return Promise.resolve();
      compaction ??= compactNow(source)
        .catch((error: unknown) => onFailure(error instanceof Error ? error : new Error(String(error))))
        .finally(() => {
          compaction = null;
        });
      return compaction;
    }

    function compactWhenLarge(): void {
      if (compaction !== null) return;
      if (journal.size() + olderJournalBytes > Math.max(minCompactionBytes, snapshotBytes)) void compact();
    }

    // Tokens that are given out from now on have to be known again after a crash.
    if (!recovered.hasHistory) await journal.append(encodeHistory([encodeHead(history.head())]));

    return {
      recovered,
      history,
      durability: {
        record: (change) => void changes.push(change),
        recordNote: (note) => void notes.push(note),
        flush() {
          const done = flush();
          compactWhenLarge();
          return done;
        },
      },
      attach(given) {
        source = given;
        compactWhenLarge();
      },
      compact,
      async close() {
        void flush();
        await compaction;
        await journal.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Joins the notes of one retryable write, which come one for each of its statements. */
function joinNotes(notes: readonly SessionNote[]): SessionNote[] {
  const joined: (SessionNote & { statements: SessionNote['statements'][number][] })[] = [];
  for (const note of notes) {
    const last = joined.at(-1);
    if (last?.session === note.session && last.txnNumber === note.txnNumber && last.transaction === note.transaction) {
      last.statements.push(...note.statements);
    } else {
      joined.push({ ...note, statements: [...note.statements] });
    }
  }
  return joined;
}
