import { MongoError } from '../engine/index.ts';
import type { Core } from '../storage/core.ts';
import type { BlockedError, Lockable, LockOwner } from '../storage/locks.ts';
import { beginLater, type Transaction } from '../storage/transaction.ts';
import { writeConflict } from '../storage/writer.ts';
import { TRANSACTION_LIFETIME_MS } from './transactions.ts';
import { endsWithin, timeLimitError } from './waiting.ts';

/**
 * How long a transaction waits for one whose client does nothing before it is told of a WriteConflict, in milliseconds.
 * MongoDB tells at once; waiting spares the client attempts that would fail.
 */
export const STANDSTILL_MS = 500;

/** The most that a transaction waits at one lock while others before it come and go, in milliseconds. */
export const TRANSACTION_WAIT_MS = 10_000;

/** How long a write outside transactions waits for those before it, in milliseconds: all of them have ended by then. */
export const WRITE_WAIT_MS = TRANSACTION_LIFETIME_MS + 10_000;

/** After this long it is told on stderr who is waited for, in milliseconds. */
export const REPORT_AFTER_MS = 10_000;

export interface Patience {
  readonly now: () => number;
  /** When the client's own time limit ends, in milliseconds since the epoch; Infinity without one. */
  readonly deadline: number;
  readonly client: AbortSignal | undefined;
  /** Whether the client of a transaction has a connection left to go on over; others may wait over all that it has. */
  canGoOn(owner: LockOwner): boolean;
  /** Tells who is waited for. */
  report(blocked: BlockedError): void;
}

/** Waits outside transactions until whoever is in the way has ended. @throws MongoError 24, 50, 279 */
export async function waitForOwner(core: Core, blocked: BlockedError, until: number, patience: Patience) {
  const { owner, namespace } = blocked;
  const leave = namespace === null ? null : core.locks.await(namespace);
  const late = setTimeout(() => patience.report(blocked), REPORT_AFTER_MS);
  try {
    const limit = Math.min(until, patience.deadline);
    const ended = await endsWithin(owner.ended, limit - patience.now(), patience.client);
    if (!ended) throw limit === until ? lockTimeout() : timeLimitError();
  } finally {
    clearTimeout(late);
    leave?.();
  }
}

const lockTimeout = (): MongoError =>
  new MongoError(24, `Unable to acquire a lock within ${WRITE_WAIT_MS} ms of waiting for open transactions.`);

/**
 * Waits within a transaction for its turn at a record or key. One whose first statement this is begins anew on the data
 * of that moment, so that it need not fail.
 * @throws MongoError 112, 50, 279
 */
export async function waitForTurn(core: Core, transaction: Transaction, lock: Lockable, patience: Patience) {
  const { queue, ownerOf, whoHasToGoOn } = core.locks;
  const first = whoHasToGoOn(lock);
  if (first !== undefined && !patience.canGoOn(first)) throw writeConflict();
  const place = queue.join(lock);
  const until = Math.min(patience.now() + TRANSACTION_WAIT_MS, patience.deadline);
  transaction.waitsFor = lock;
  try {
    let waiting = true;
    while (waiting) {
      const lastMove = Math.max(place.movedAt(), ownerOf(lock)?.activeAt ?? 0);
      const left = Math.min(lastMove + STANDSTILL_MS - performance.now(), until - patience.now());
      if (left <= 0) throw patience.now() < patience.deadline ? writeConflict() : timeLimitError();
      waiting = !(await endsWithin(place.turn, left, patience.client));
    }
  } finally {
    transaction.waitsFor = null;
    place.leave();
  }
  beginLater(core, transaction);
}
