/** Whoever may hold locks: a transaction. `ended` settles when it has committed or aborted. */
export interface LockOwner {
  readonly ended: Promise<void>;
  readonly held: HeldLocks;
}

/** What one owner holds, kept with it so that releasing costs no search. */
export interface HeldLocks {
  readonly records: number[];
  readonly keys: string[];
  readonly namespaces: Set<string>;
}

/** A write outside transactions met a lock: wait for the owner to end, then try again. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError';
  readonly owner: LockOwner;
  /** The namespace that was to be held alone; null when only a record or a key was in the way. */
  readonly namespace: string | null;

  constructor(owner: LockOwner, namespace: string | null = null) {
    super('blocked by an open transaction');
    this.owner = owner;
    this.namespace = namespace;
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

  return {
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
      owner.held.records.length = 0;
      owner.held.keys.length = 0;
      owner.held.namespaces.clear();
    },
  };
}
