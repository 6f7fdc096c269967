import type { Doc } from '../bson/index.ts';
import type { ClusterTime } from '../sessions/clock.ts';
import type { Op } from '../storage/ops.ts';
import type { StoredRecord } from '../storage/record.ts';

/** The client transaction that changes were made in. */
export interface TransactionId {
  /** Hex of the session id. */
  readonly session: string;
  readonly txnNumber: number;
}

/** When changes were made, shared by all of one transaction. */
export interface Stamp extends ClusterTime {
  /** Milliseconds since the epoch. */
  readonly wallMs: number;
  readonly transaction: TransactionId | null;
}

/** What a collection was when a change was made. */
export interface CollectionIdentity {
  readonly uuid: Uint8Array;
  readonly options: Doc;
}

/** One change of the data, as it was applied, with what change streams tell about it. */
export interface Change {
  readonly stamp: Stamp;
  /** Place within the transaction; 0 outside. */
  readonly index: number;
  readonly op: Op;
  /** The document before the change. */
  readonly before: StoredRecord | null;
  readonly collection: CollectionIdentity | null;
}

/** Whether a change stands right behind another in the same unit: the next of a transaction, or the next tick. */
export function follows(change: Change, previous: Change): boolean {
  const [a, b] = [previous.stamp, change.stamp];
  if (a === b) return change.index === previous.index + 1;
  if (a.transaction !== null || b.transaction !== null) return false;
  return a.seconds === b.seconds && a.counter + 1 === b.counter && a.wallMs === b.wallMs;
}

/** Whether documents before and after changes of the collection may be told. */
export function keepsImages(collection: CollectionIdentity | null): boolean {
  const setting = collection?.options.get('changeStreamPreAndPostImages');
  return typeof setting === 'object' && setting !== null && 'get' in setting && setting.get('enabled') === true;
}
