import type { Mongo } from '@cartwright/platform-mongo';

/** An event in the outbox. pending: no job made yet; relayed: jobs made; done: every handler has run. */
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
  /** Handlers that have run. */
  handled: string[];
  /** When a relay should take the row (again); absent once it is done. */
  dueAt?: Date;
  /** The claim of the relay that took it last. */
  claim?: string;
  relays: number;
  doneAt?: Date;
};

/** Proof that a handler has run for an event; written in the transaction of its effects. `_id` is `event/handler`. */
export type InboxRow = { _id: string; eventId: string; handler: string; at: Date };

const DONE_KEPT_SECONDS = 14 * 24 * 3_600;
/** Longer than any row stays open, so that a late delivery still finds the proof. */
const INBOX_KEPT_SECONDS = 60 * 24 * 3_600;

export const outboxRows = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<OutboxRow>('outbox');
export const inboxRows = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<InboxRow>('inbox');

/** Creates both collections with their indexes; a collection made inside of a transaction would cost a conflict. */
export const ensureOutboxIndexes = async (mongo: Pick<Mongo, 'connection'>): Promise<void> => {
  await outboxRows(mongo).createIndex({ dueAt: 1 }, { name: 'due', sparse: true });
  await outboxRows(mongo).createIndex({ doneAt: 1 }, { name: 'done_expiry', expireAfterSeconds: DONE_KEPT_SECONDS });
  await inboxRows(mongo).createIndex({ at: 1 }, { name: 'inbox_expiry', expireAfterSeconds: INBOX_KEPT_SECONDS });
};

/** The channel on which committed appends wake the relays. */
export const nudgeChannel = (key: (...parts: string[]) => string): string => key('outbox', 'nudge');
