import type { HeldLocks, LockOwner } from './locks.ts';
import type { Core } from './core.ts';
import type { DocumentOp, Op } from './ops.ts';
import { createStore, takeSnapshot, type Snapshot, type Store } from './state.ts';

/** An open transaction: what it sees, what it has written, and the locks it holds. */
export interface Transaction extends LockOwner {
  /** The data as it was when the transaction began; nobody changes it. */
  base: Snapshot;
  /** The transaction's own version of the data. */
  work: Store;
  /** Its client has not been told anything yet of what the data was. */
  unread: boolean;
  readonly ops: Op[];
  /** Records the transaction put in itself: nobody else knows them. */
  readonly created: Set<number>;
  /** Collections that the transaction created itself. */
  readonly madeHere: Set<number>;
  /** Lets those go on who wait for the end. */
  end(): void;
}

export function beginTransaction(core: Core): Transaction {
  const base = takeSnapshot(core.live);
  const { promise, resolve } = Promise.withResolvers<void>();
  const held: HeldLocks = { records: [], keys: [], namespaces: new Set() };
  return {
    base,
    work: createStore(base.clone()),
    unread: true,
    connectionId: 0,
    activeAt: performance.now(),
    waitsFor: null,
    ops: [],
    created: new Set(),
    madeHere: new Set(),
    held,
    ended: promise,
    end: resolve,
  };
}

/**
 * Lets a transaction begin at the present data, as if it had come later: its first write had to wait for another's end.
 * False when it has seen or changed anything already.
 */
export function beginLater(core: Core, transaction: Transaction): boolean {
  const { unread, ops, held } = transaction;
  if (!unread || ops.length + held.records.length + held.keys.length > 0) return false;
  transaction.base = takeSnapshot(core.live);
  transaction.work = createStore(transaction.base.clone());
  return true;
}

export const isDocumentOp = (op: Op): op is DocumentOp => op.kind === 'put' || op.kind === 'delete';
