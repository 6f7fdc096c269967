import type { Change, Stamp } from '../changes/change.ts';
import { createChangeHistory, type ChangeHistory } from '../changes/history.ts';
import { createLockTable, type LockTable } from './locks.ts';
import { applyOp, type Op } from './ops.ts';
import { createDocumentCache, type DocumentCache } from './record.ts';
import type { SessionNote } from './session-note.ts';
import { createStore, type Store } from './state.ts';

/**
 * Makes changes durable. Changes are recorded in the very moment in which they are applied to the live data, so the
 * journal has them in the same order; a flush sends off all that has been recorded, whoever did it, as one unit.
 */
export interface Durability {
  record(change: Change): void;
  /** Recorded in the same step as the changes it tells of. */
  recordNote(note: SessionNote): void;
  /** Settles when everything recorded so far is on disk; null means that there is nothing to wait for. */
  flush(): Promise<void> | null;
}

/** The data of the server and what guards it. */
export interface Core {
  readonly live: Store;
  readonly locks: LockTable;
  readonly durability: Durability;
  readonly cache: DocumentCache;
  /** The latest changes, for change streams. */
  readonly history: ChangeHistory;
  /** Applies a change to the live data, and records it in the same moment. `index` counts within a transaction. */
  apply(op: Op, stamp: Stamp, index: number): void;
  /** A fresh record id; ids increase over the life of the data. */
  allocateRid(): number;
  allocateCid(): number;
  /** The highest ids given out so far. */
  lastIds(): { lastRid: number; lastCid: number };
}

/** Nothing reaches a disk: changes are settled as soon as the command that made them is done. */
const nothingDurable = (history: ChangeHistory): Durability => ({
  record: () => undefined,
  recordNote: () => undefined,
  flush() {
    history.settle(history.end());
    return null;
  },
});

/** Creates the data of a server. `lastRid` and `lastCid` are the highest ids that recovery found. */
export function createCore({
  live = createStore(),
  history = createChangeHistory(),
  durability = nothingDurable(history),
  lastRid = 0,
  lastCid = 0,
  cache = createDocumentCache(),
}: {
  live?: Store;
  history?: ChangeHistory;
  durability?: Durability;
  lastRid?: number;
  lastCid?: number;
  /** The cache that the records of `live` belong to. */
  cache?: DocumentCache;
} = {}): Core {
  let rid = lastRid;
  let cid = lastCid;
  return {
    live,
    locks: createLockTable(),
    durability,
    cache,
    history,
    apply(op, stamp, index) {
      const before = applyOp(live, op);
      durability.record(history.append(op, before, stamp, index));
    },
    allocateRid: () => ++rid,
    allocateCid: () => ++cid,
    lastIds: () => ({ lastRid: rid, lastCid: cid }),
  };
}
