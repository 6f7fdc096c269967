import type { Mongo } from '@cartwright/platform-mongo';

/**
 * A mail on its way. pending: waits for its time; sending: a worker has it until `dueAt`; sent: a mail server took it;
 * failed: given up. Whom it is for and what it says is kept until it is sent, no longer.
 */
export type MailRow = {
  /** The mail's key. */
  _id: string;
  template: string;
  to?: string;
  data?: unknown;
  status: 'pending' | 'sending' | 'sent' | 'failed';
  /** How often sending was begun. */
  attempts: number;
  createdAt: Date;
  /** When to send it, or how long the worker that sends it may take; absent once it is sent or failed. */
  dueAt?: Date;
  /** Names the worker that sends it. */
  lease?: string;
  lastError?: string;
  sentAt?: Date;
  /** When this row is forgotten; absent while it is open. */
  expiresAt?: Date;
};

export const mailRows = (mongo: Pick<Mongo, 'connection'>) => mongo.connection.collection<MailRow>('mails');

export const ensureMailIndexes = async (mongo: Pick<Mongo, 'connection'>): Promise<void> => {
  await mailRows(mongo).createIndex({ dueAt: 1 }, { name: 'due', sparse: true });
  await mailRows(mongo).createIndex(
    { createdAt: 1 },
    { name: 'failed', partialFilterExpression: { status: 'failed' } },
  );
  await mailRows(mongo).createIndex({ expiresAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });
};
