import { createLockTable, type LockTable } from './locks.ts';
import type { Op } from './ops.ts';
import type { SessionNote } from './session-note.ts';
import { createStore, type Store } from './state.ts';

/**
 * Makes committed changes durable. `commit` is called in the order in which the changes were applied to the live data;
 * the promise settles when they are on disk, null means that there is nothing to wait for.
 */
export interface Durability {
  commit(ops: readonly Op[], note: SessionNote | null): Promise<void> | null;
  /** Settles when everything committed so far is on disk. */
  settled(): Promise<void> | null;
}

/** The data of the server and what guards it. */
export interface Core {
  readonly live: Store;
  readonly locks: LockTable;
  readonly durability: Durability;
  /** A fresh record id; ids increase over the life of the data. */
  allocateRid(): number;
  allocateCid(): number;
}

const NOTHING_DURABLE: Durability = { commit: () => null, settled: () => null };

/** Creates the data of a server. `lastRid` and `lastCid` are the highest ids that recovery found. */
export function createCore({
  live = createStore(),
  durability = NOTHING_DURABLE,
  lastRid = 0,
  lastCid = 0,
}: {
  live?: Store;
  durability?: Durability;
  lastRid?: number;
  lastCid?: number;
} = {}): Core {
  let rid = lastRid;
  let cid = lastCid;
  return {
    live,
    locks: createLockTable(),
    durability,
    allocateRid: () => ++rid,
    allocateCid: () => ++cid,
  };
}
