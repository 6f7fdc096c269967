import { encodeDoc, type Doc } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import { keyChanges, type KeyChange } from './changes.ts';
import type { Core } from './core.ts';
import { duplicateKeyError } from './duplicate-key.ts';
import { BlockedError, type Lockable, type LockOwner } from './locks.ts';
import type { TransactionId } from '../changes/change.ts';
import { applyOp, type CatalogOp, type DocumentOp, type Op, type UpdateForm } from './ops.ts';
import type { StoredRecord } from './record.ts';
import type { CollectionState, IndexState, Store } from './state.ts';
import type { Transaction } from './transaction.ts';

/** Where the statements of one command read and write: the live data, or a transaction's version of it. */
export interface Writer {
  readonly store: Store;
  readonly transaction: Transaction | null;
  collection(ns: string): CollectionState | undefined;
  insert(state: CollectionState, doc: Doc, raw?: Uint8Array): void;
  /** `form` says how the update was made, for change streams. */
  replace(state: CollectionState, before: StoredRecord, doc: Doc, form: UpdateForm): void;
  remove(state: CollectionState, before: StoredRecord): void;
  /** Makes sure that nobody else is using the namespaces, as a change of the catalog needs. */
  claim(namespaces: readonly string[]): void;
  /** Changes the catalog; `namespaces` are those that nobody else may be using. */
  change(op: CatalogOp, namespaces: readonly string[]): void;
  /** Whether anything was changed in the live data. */
  wrote(): boolean;
}

/** A transaction can't go on: somebody else has changed, or is changing, what it writes. */
export const writeConflict = (): MongoError =>
  new MongoError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
  );

/** A change of the catalog waits for the transactions before this one. */
const lockTimeout = (ns: string): MongoError =>
  new MongoError(24, `Unable to acquire a lock on '${ns}' within a max lock request timeout.`);

/** Writes straight into the live data. A lock of an open transaction raises BlockedError before anything is changed. */
export function createLiveWriter(core: Core): Writer {
  const { live, locks, history } = core;
  let wrote = false;

  function apply(op: Op): void {
    core.apply(op, history.stamp(null), 0);
    wrote = true;
  }

  function write(op: DocumentOp, state: CollectionState, before: StoredRecord | null, after: Doc | null): void {
    const holder = locks.exclusiveOwner(state.ns) ?? (before === null ? undefined : locks.recordOwner(before.rid));
    if (holder !== undefined) throw new BlockedError(holder);
    const rid = op.kind === 'put' ? op.record.rid : op.rid;
    op.changes = keyChanges(state, rid, before, after);
    if (after !== null) {
      forUniqueKeys(state, op.changes, (index, key) => {
        if (index.tree.get(key) !== undefined) throw duplicateKeyError(state.ns, index.spec, after, key);
      });
      forUniqueKeys(state, op.changes, (index, key) => {
        const owner = locks.keyOwner(lockName(state, index, key));
        if (owner !== undefined) throw new BlockedError(owner);
      });
    }
    apply(op);
  }

  function claim(namespaces: readonly string[]): void {
    for (const ns of namespaces) {
      const user = locks.otherUser(ns, null);
      if (user !== undefined) throw new BlockedError(user, { namespace: ns });
    }
  }

  return {
    store: live,
    transaction: null,
    collection: (ns) => live.catalog.get(ns),
    ...documentWrites(core, write),
    claim,
    change(op, namespaces) {
      claim(namespaces);
      apply(op);
    },
    wrote: () => wrote,
  };
}

/**
 * Writes into a transaction's workspace, taking locks. What was committed since this one began raises WriteConflict;
 * what another transaction has locked raises BlockedError, or WriteConflict where waiting could not help.
 */
export function createTransactionWriter(core: Core, transaction: Transaction): Writer {
  const { live, locks } = core;

  function enter(ns: string, state: CollectionState): void {
    const holder = locks.exclusiveOwner(ns);
    if (holder === transaction) return;
    if (holder !== undefined) throw writeConflict();
    if (!transaction.held.namespaces.has(ns) && locks.isAwaited(ns)) throw lockTimeout(ns);
    const now = live.catalog.get(ns);
    if (now === undefined || now.cid !== state.cid || !sameIndexes(now, transaction.base.get(ns)))
      throw writeConflict();
    locks.shareNamespace(ns, transaction);
  }

  const blocked = (owner: LockOwner, lock: Lockable): Error =>
    locks.whoHasToGoOn(lock) === transaction ? writeConflict() : new BlockedError(owner, { lock });

  function lockBefore(state: CollectionState, before: StoredRecord): void {
    if (transaction.created.has(before.rid)) return;
    const owner = locks.recordOwner(before.rid);
    if (owner === transaction) return;
    if (owner !== undefined) throw blocked(owner, before.rid);
    const now = live.catalog.get(state.ns)?.records.get(before.rid);
    if (now !== transaction.base.get(state.ns)?.records.get(before.rid)) throw writeConflict();
    locks.lockRecord(before.rid, transaction);
  }

  function lockKeys(state: CollectionState, changes: readonly KeyChange[], after: Doc): void {
    const now = live.catalog.get(state.ns);
    forUniqueKeys(state, changes, (index, key) => {
      if (index.tree.get(key) !== undefined) throw duplicateKeyError(state.ns, index.spec, after, key);
      const owner = locks.keyOwner(lockName(state, index, key));
      if (owner !== undefined && owner !== transaction) throw blocked(owner, lockName(state, index, key));
      // Somebody committed this key since the transaction began, unless the holder is a record the transaction moved away.
      const holder = now?.indexes.find((other) => other.spec.name === index.spec.name)?.tree.get(key);
      if (holder !== undefined && locks.recordOwner(holder) !== transaction) throw writeConflict();
      locks.lockKey(lockName(state, index, key), transaction);
    });
  }

  function write(op: DocumentOp, state: CollectionState, before: StoredRecord | null, after: Doc | null): void {
    enter(state.ns, state);
    if (before !== null) lockBefore(state, before);
    const rid = op.kind === 'put' ? op.record.rid : op.rid;
    op.changes = keyChanges(state, rid, before, after);
    if (after !== null) lockKeys(state, op.changes, after);
    if (before === null) transaction.created.add(rid);
    applyOp(transaction.work, op);
    transaction.ops.push(op);
  }

  function claim(namespaces: readonly string[]): void {
    for (const ns of namespaces) {
      if (locks.exclusiveOwner(ns) === transaction) continue;
      if (locks.otherUser(ns, transaction) !== undefined) throw writeConflict();
      const now = live.catalog.get(ns);
      const then = transaction.base.get(ns);
      if (now?.cid !== then?.cid || !sameIndexes(now, then)) throw writeConflict();
      locks.lockNamespace(ns, transaction);
    }
  }

  return {
    get store() {
      return transaction.work;
    },
    transaction,
    collection: (ns) => transaction.work.catalog.get(ns),
    ...documentWrites(core, write),
    claim,
    change(op, namespaces) {
      claim(namespaces);
      if (op.kind === 'create') transaction.madeHere.add(op.cid);
      applyOp(transaction.work, op);
      transaction.ops.push(op);
    },
    wrote: () => false,
  };
}

/** Bytes in memory of their own: encoders hand out slices of larger blocks, which one document would keep alive. */
export function ownBytes(bytes: Buffer): Uint8Array {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}

type Write = (op: DocumentOp, state: CollectionState, before: StoredRecord | null, after: Doc | null) => void;

function documentWrites(core: Core, write: Write): Pick<Writer, 'insert' | 'replace' | 'remove'> {
  return {
    insert(state, doc, raw = ownBytes(encodeDoc(doc))) {
      const record: StoredRecord = { rid: core.allocateRid(), raw, doc: null, cache: core.cache };
      write({ kind: 'put', ns: state.ns, cid: state.cid, record, form: null, changes: null }, state, null, doc);
    },
    replace(state, before, doc, form) {
      const raw = ownBytes(encodeDoc(doc));
      const record: StoredRecord = { rid: before.rid, raw, doc, cache: core.cache };
      write({ kind: 'put', ns: state.ns, cid: state.cid, record, form, changes: null }, state, before, doc);
      core.cache.keep(record);
    },
    remove(state, before) {
      write({ kind: 'delete', ns: state.ns, cid: state.cid, rid: before.rid, changes: null }, state, before, null);
    },
  };
}

function forUniqueKeys(
  state: CollectionState,
  changes: readonly KeyChange[],
  visit: (index: IndexState, key: string) => void,
): void {
  for (let i = 0; i < changes.length; i++) {
    const index = state.indexes[i] as IndexState;
    if (index.spec.unique) for (const key of (changes[i] as KeyChange).add) visit(index, key);
  }
}

const lockName = (state: CollectionState, index: IndexState, key: string): string =>
  `${state.cid}\0${index.spec.name}\0${key}`;

function sameIndexes(a: CollectionState | undefined, b: CollectionState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.indexes.length === b.indexes.length && a.indexes.every((index, i) => index.spec === b.indexes[i]?.spec);
}

/** Takes a transaction's changes into the live data, all at once, and lets its locks go. */
export function applyCommit(core: Core, transaction: Transaction, id: TransactionId | null): void {
  if (transaction.ops.length > 0) {
    const stamp = core.history.stamp(id);
    transaction.ops.forEach((op, index) => core.apply(op, stamp, index));
  }
  finish(core, transaction);
}

/** Lets go of everything the transaction holds; its changes vanish with its workspace. */
export function finish(core: Core, transaction: Transaction): void {
  core.locks.release(transaction);
  transaction.end();
}
