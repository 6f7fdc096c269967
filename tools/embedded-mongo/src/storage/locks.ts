import { createLockQueue } from './lock-queue.ts';

/** What one transaction locks: a record by its id, or a key of a unique index by its name. */
export type Lockable = number | string;

/** Whoever may hold locks: a transaction. `ended` settles when it has committed or aborted. */
export interface LockOwner {
  readonly ended: Promise<void>;
  readonly held: HeldLocks;
  /** The connection that its client last used. */
  connectionId: number;
  /** When its client last asked for something or was answered, in milliseconds of `performance.now()`. */
  activeAt: number;
  /** What the owner waits for itself, while it does. */
  waitsFor: Lockable | null;
}

/** What one owner holds, kept with it so that releasing costs no search. */
export interface HeldLocks {
  readonly records: number[];
  readonly keys: string[];
  readonly namespaces: Set<string>;
}

/** A write met a lock: wait, then try again. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError';
  readonly owner: LockOwner;
  /** The namespace that was to be held alone; null when only a record or a key was in the way. */
  readonly namespace: string | null;
  /** The record or key that a transaction met; null for writes outside transactions, which wait for the owner to end. */
  readonly lock: Lockable | null;

  constructor(owner: LockOwner, met: { namespace?: string; lock?: Lockable } = {}) {
    super('blocked by an open transaction');
    this.owner = owner;
    this.namespace = met.namespace ?? null;
    this.lock = met.lock ?? null;
  }
}

/**
 * Locks of open transactions: on records by id, on keys of unique indexes, and on namespaces. A namespace is shared by
 * the transactions that write documents into it, or held alone by one that changes the catalog.
 */
export type LockTable = ReturnType<typeof createLockTable>;

export function createLockTable() {
  const records = new Map<number, LockOwner>();
  const keys = new Map<string, LockOwner>();
  const writers = new Map<string, Set<LockOwner>>();
  const exclusive = new Map<string, LockOwner>();
  const awaited = new Map<string, number>();

  const ownerOf = (lock: Lockable): LockOwner | undefined =>
    typeof lock === 'number' ? records.get(lock) : keys.get(lock);
  const queue = createLockQueue((lock) => ownerOf(lock) === undefined);

  return {
    /** Transactions that wait for records and keys. */
    queue,

    /**
     * Who has to go on for the lock to get free: its owner, or whom that one waits for. When that is the one that asks,
     * waiting would never end. Each transaction waits for one lock at a time, so there is one way to follow.
     */
    whoHasToGoOn(lock: Lockable): LockOwner | undefined {
      let owner = ownerOf(lock);
      while (owner !== undefined && owner.waitsFor !== null) {
        const next = ownerOf(owner.waitsFor);
        if (next === undefined) break;
        owner = next;
      }
      return owner;
    },

    ownerOf,
    recordOwner: (rid: number): LockOwner | undefined => records.get(rid),
    keyOwner: (key: string): LockOwner | undefined => keys.get(key),
    exclusiveOwner: (ns: string): LockOwner | undefined => exclusive.get(ns),

    /** Somebody other than `me` who writes into the namespace or holds it alone. */
    otherUser(ns: string, me: LockOwner | null): LockOwner | undefined {
      const holder = exclusive.get(ns);
      if (holder !== undefined && holder !== me) return holder;
      for (const writer of writers.get(ns) ?? []) if (writer !== me) return writer;
      return undefined;
    },

    lockRecord(rid: number, owner: LockOwner): void {
      if (records.get(rid) === owner) return;
      records.set(rid, owner);
      owner.held.records.push(rid);
    },

    lockKey(key: string, owner: LockOwner): void {
      if (keys.get(key) === owner) return;
      keys.set(key, owner);
      owner.held.keys.push(key);
    },

    shareNamespace(ns: string, owner: LockOwner): void {
      if (owner.held.namespaces.has(ns)) return;
      owner.held.namespaces.add(ns);
      const set = writers.get(ns);
      if (set === undefined) writers.set(ns, new Set([owner]));
      else set.add(owner);
    },

    lockNamespace(ns: string, owner: LockOwner): void {
      owner.held.namespaces.add(ns);
      exclusive.set(ns, owner);
    },

    /** Somebody waits to hold the namespace alone: no further transaction is to come in before. */
    isAwaited: (ns: string): boolean => awaited.has(ns),

    /** Says that one waits for the namespace; the answer takes that back. */
    await(ns: string): () => void {
      awaited.set(ns, (awaited.get(ns) ?? 0) + 1);
      return () => {
        const left = (awaited.get(ns) ?? 0) - 1;
        if (left > 0) awaited.set(ns, left);
        else awaited.delete(ns);
      };
    },

    release(owner: LockOwner): void {
      for (const rid of owner.held.records) records.delete(rid);
      for (const key of owner.held.keys) keys.delete(key);
      for (const ns of owner.held.namespaces) {
        if (exclusive.get(ns) === owner) exclusive.delete(ns);
        const set = writers.get(ns);
        if (set?.delete(owner) && set.size === 0) writers.delete(ns);
      }
      for (const lock of [...owner.held.records, ...owner.held.keys]) queue.freed(lock);
      owner.held.records.length = 0;
      owner.held.keys.length = 0;
      owner.held.namespaces.clear();
    },
  };
}
