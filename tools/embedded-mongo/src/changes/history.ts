import { randomBytes } from 'node:crypto';
import { compareTimes, createClusterClock, type ClusterClock, type ClusterTime } from '../sessions/clock.ts';
import type { Op } from '../storage/ops.ts';
import type { StoredRecord } from '../storage/record.ts';
import type { Change, CollectionIdentity, Stamp, TransactionId } from './change.ts';

/** What is kept for change streams at most, in bytes: documents before and after, and a little for each change. */
export const DEFAULT_HISTORY_BYTES = 32 * 1024 * 1024;

/** What a change costs besides its documents, in bytes. */
const CHANGE_BYTES = 256;

/** What identifies a history besides its changes. */
export interface HistoryHead {
  /** Random; tokens of another history are told by it. */
  readonly epoch: number;
  /** Changes up to this time are not there any more; null when nothing has been lost. */
  readonly lost: ClusterTime | null;
  /** The time of the last change ever recorded. */
  readonly last: ClusterTime | null;
}

/**
 * The latest changes in their order, numbered from the start of the process. Change streams read what has settled: what
 * is on disk, or everything when nothing is kept on disk.
 */
export interface ChangeHistory {
  readonly clock: ClusterClock;
  head(): HistoryHead;
  /** Moves the clock on for a change, or for all changes of a transaction. */
  stamp(transaction: TransactionId | null): Stamp;
  /** Adds a change that has just been applied. */
  append(op: Op, before: StoredRecord | null, stamp: Stamp, index: number): Change;
  /** Notes a collection without a change: one that a snapshot brings back. */
  learn(op: Op): void;
  /** Puts back a change of an earlier run. */
  restore(change: Change): void;
  restoreHead(head: HistoryHead): void;
  /** Ends recovery. Unless the history is complete, changes up to now can't be told. */
  resume(options: { complete: boolean }): void;
  /** Number of the oldest change that is there, of the first that has not settled, and of the next to come. */
  oldest(): number;
  settled(): number;
  end(): number;
  at(number: number): Change;
  /** Number of the first change at or after a time. */
  find(time: ClusterTime): number;
  retained(): readonly Change[];
  /** Lets change streams see the changes below a number. */
  settle(number: number): void;
  /** Calls the listener whenever changes have settled, until the returned function is called. */
  onSettled(listener: () => void): () => void;
}

export function createChangeHistory({
  limitBytes = DEFAULT_HISTORY_BYTES,
  now = Date.now,
}: { limitBytes?: number | undefined; now?: () => number } = {}): ChangeHistory {
  const clock = createClusterClock(now);
  const collections = new Map<number, CollectionIdentity>();
  const listeners = new Set<() => void>();
  let epoch = randomBytes(4).readUInt32BE(0);
  let lost: ClusterTime | null = null;
  let last: ClusterTime | null = null;
  let kept: Change[] = [];
  let skip = 0;
  let base = 0;
  let bytes = 0;
  let settled = 0;

  const at = (number: number): Change => kept[number - base] as Change;
  const oldest = (): number => base + skip;
  const end = (): number => base + kept.length;

  function identify(op: Op): CollectionIdentity | null {
    if (op.kind === 'dropDatabase') return null;
    const known = collections.get(op.cid) ?? null;
    if (op.kind === 'create') {
      const created = { uuid: op.uuid, options: op.options };
      collections.set(op.cid, created);
      return created;
    }
    if (op.kind === 'drop') collections.delete(op.cid);
    else if (op.kind === 'options' && known !== null) {
      collections.set(op.cid, { uuid: known.uuid, options: op.options });
    }
    return known;
  }

  function push(change: Change): void {
    kept.push(change);
    bytes += costOf(change);
    while (bytes > limitBytes && skip < kept.length) dropOldest();
    // Taken out in large steps, so that dropping one costs nothing.
    if (skip > 1024 && skip * 2 > kept.length) {
      kept = kept.slice(skip);
      base += skip;
      skip = 0;
    }
  }

  function dropOldest(): void {
    const change = kept[skip] as Change;
    lost = change.stamp;
    bytes -= costOf(change);
    kept[skip] = GONE;
    skip += 1;
  }

  return {
    clock,
    head: () => ({ epoch, lost, last }),
    stamp(transaction) {
      const wallMs = now();
      const { seconds, counter } = clock.advance(wallMs);
      return { seconds, counter, wallMs, transaction };
    },
    append(op, before, stamp, index) {
      // Index keys are of no use once they are in their trees.
      if (op.kind === 'put' || op.kind === 'delete') op.changes = null;
      const change = { stamp, index, op, before, collection: identify(op) };
      last = stamp;
      push(change);
      return change;
    },
    learn: (op) => void identify(op),
    restore(change) {
      clock.passBy(change.stamp);
      last = change.stamp;
      push(change);
    },
    restoreHead(head) {
      ({ epoch, lost, last } = head);
      for (const time of [lost, last]) if (time !== null) clock.passBy(time);
    },
    resume({ complete }) {
      if (!complete) {
        const { seconds, counter } = clock.advance(now());
        lost = { seconds, counter };
        last = lost;
      }
      settled = end();
      // The crashed run may have shown times of changes that never reached the disk; they are not given out again.
      if (last !== null) clock.passBy({ seconds: Math.max(last.seconds, Math.floor(now() / 1000)) + 1, counter: 0 });
    },
    oldest,
    settled: () => settled,
    end,
    at,
    find(time) {
      let low = oldest();
      let high = end();
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (compareTimes(at(middle).stamp, time) < 0) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    retained: () => kept.slice(skip),
    settle(number) {
      if (number <= settled) return;
      settled = number;
      for (const listener of listeners) listener();
    },
    onSettled(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Stands where a change has been taken out, so that it is not kept alive. */
const GONE: Change = {
  stamp: { seconds: 0, counter: 0, wallMs: 0, transaction: null },
  index: 0,
  op: { kind: 'dropDatabase', cid: 0, db: '' },
  before: null,
  collection: null,
};

function costOf({ op, before }: Change): number {
  const after = op.kind === 'put' ? op.record.raw.length : 0;
  return CHANGE_BYTES + after + (before?.raw.length ?? 0);
}
