import type { Mongo } from '@cartwright/platform-mongo';

/** An event in the outbox. pending: no relay took it yet; relayed: jobs made; done: every expected handler has run. */
export type OutboxRow = {
  _id: string;
  type: string;
  version: number;
  aggregateId: string;
  aggregateVersion: number;
  payload: unknown;
  occurredAt: Date;
  createdAt: Date;
  status: 'pending' | 'relayed' | 'done';
  /**
   * The handlers that must have run before the event is done: those that its writer knew, and those that relays know
   * besides. Absent while nobody has said anything; such an event stays open.
   */
  expects?: string[];
  /** Handlers that have run. */
  handled: string[];
  /** Handlers that were expected and are not in the code any more. */
  givenUp?: string[];
  /** When a relay should take the row (again); absent once it is done. */
  dueAt?: Date;
  /** The claim of the relay that took it last. */
  claim?: string;
  relays: number;
  doneAt?: Date;
  /** What the last handler that failed for good said; absent again once the row is done. */
  failure?: { handler: string; reason: string; at: Date };
  /** Since when the row is known not to get done by itself. */
  stuckAt?: Date;
};

/** Proof that a handler has run for an event; written in the transaction of its effects. `_id` is `event/handler`. */
export type InboxRow = { _id: string; eventId: string; handler: string; at: Date };

const DONE_KEPT_SECONDS = 14 * 24 * 3_600;
/** Longer than any row stays open, so that a late delivery still finds the proof. */
const INBOX_KEPT_SECONDS = 60 * 24 * 3_600;

export const outboxRows = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<OutboxRow>('outbox');
export const inboxRows = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<InboxRow>('inbox');

/** Rows that are not done, and the index that holds only those. */
export const OPEN = { dueAt: { $exists: true } } as const;
export const OPEN_INDEX = 'open';
export const STUCK = { stuckAt: { $exists: true } } as const;

/** Creates both collections with their indexes; a collection made inside of a transaction would cost a conflict. */
export const ensureOutboxIndexes = async (mongo: Pick<Mongo, 'connection'>): Promise<void> => {
  await outboxRows(mongo).createIndex(
    { dueAt: 1, createdAt: 1 },
    { name: OPEN_INDEX, partialFilterExpression: { ...OPEN } },
  );
  await outboxRows(mongo).createIndex(
    { stuckAt: -1, _id: -1 },
    { name: 'stuck', partialFilterExpression: { ...STUCK } },
  );
  await outboxRows(mongo).createIndex({ doneAt: 1 }, { name: 'done_expiry', expireAfterSeconds: DONE_KEPT_SECONDS });
  await inboxRows(mongo).createIndex({ at: 1 }, { name: 'inbox_expiry', expireAfterSeconds: INBOX_KEPT_SECONDS });
};

/**
 * The update that notes handlers as having run and closes the row when nothing is missing any more. What is missing is
 * decided by the row alone, in the same step: a process that knows fewer handlers than others closes nothing too early.
 */
export const settling = (handlers: readonly string[], now: Date) => {
  const complete = {
    $and: [{ $ne: [{ $type: '$expects' }, 'missing'] }, { $setIsSubset: ['$expects', '$handled'] }],
  };
  return [
    { $set: { handled: { $setUnion: ['$handled', [...handlers]] } } },
    {
      $set: {
        status: { $cond: [complete, 'done', '$status'] },
        doneAt: { $cond: [complete, { $ifNull: ['$doneAt', now] }, '$$REMOVE'] },
        dueAt: { $cond: [complete, '$$REMOVE', '$dueAt'] },
        claim: { $cond: [complete, '$$REMOVE', '$claim'] },
        failure: { $cond: [complete, '$$REMOVE', '$failure'] },
        stuckAt: { $cond: [complete, '$$REMOVE', '$stuckAt'] },
      },
    },
  ];
};

/** The channel on which committed appends wake the relays. */
export const nudgeChannel = (key: (...parts: string[]) => string): string => key('outbox', 'nudge');
