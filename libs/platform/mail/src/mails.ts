import { afterCommit, sessionOption, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import type { Queues } from '@cartwright/platform-queue';
import type { z } from 'zod';
import { deliverMail } from './mail-jobs.ts';
import { ensureMailIndexes, mailRows, type MailRow } from './mail-rows.ts';
import type { MailTemplate } from './template.ts';

export interface NewMail<Schema extends z.ZodType = z.ZodType> {
  readonly template: MailTemplate<string, Schema>;
  /** Names this mail for good, like `order.paid:<order id>`: written again, it is the same mail and is sent once. */
  readonly key: string;
  /** One address. */
  readonly to: string;
  readonly data: z.input<Schema>;
}

export type Mails = {
  /**
   * Writes a mail in the transaction of the change it tells of; it is sent after the commit. One with the same key is
   * left alone. Throws a ZodError when the data doesn't fit the template.
   */
  write<Schema extends z.ZodType>(tx: Tx, mail: NewMail<Schema>): Promise<void>;
  /** Creates the collection and its indexes; called once at start. */
  ensureIndexes(): Promise<void>;
  /** Mails not sent yet and the age of the oldest in milliseconds, and those given up; for metrics and health. */
  lag(): Promise<{ open: number; oldestMs: number; failed: number }>;
};

/** The writing side of mail. */
export const createMails = (options: {
  mongo: Mongo;
  queues: Pick<Queues, 'enqueue'>;
  logger: Pick<Logger, 'warn'>;
  clock: () => Date;
}): Mails => {
  const { mongo, queues, logger, clock } = options;
  const rows = mailRows(mongo);
  return {
    write: async (tx, { template, key, to, data }) => {
      const now = clock();
      const { _id, ...row }: MailRow = {
        _id: key,
        template: template.name,
        to,
        data: template.data.parse(data),
        status: 'pending',
        attempts: 0,
        createdAt: now,
        dueAt: now,
      };
      const { upsertedCount } = await rows.updateOne(
        { _id },
        { $setOnInsert: row },
        { ...sessionOption(tx), upsert: true },
      );
      if (upsertedCount === 0) return;
      afterCommit(tx, `mail ${key}`, () => {
        // Saves waiting for the sweeper, which finds the row whatever becomes of this.
        queues.enqueue(deliverMail, { mailId: key, attempt: 0 }).catch((error: unknown) => {
          logger.warn({ err: error }, 'a mail was not enqueued and waits for the sweeper');
        });
      });
    },
    ensureIndexes: () => ensureMailIndexes(mongo),
    lag: async () => {
      const open = { dueAt: { $exists: true } };
      const [count, failed, oldest] = await Promise.all([
        rows.countDocuments(open),
        rows.countDocuments({ status: 'failed' }),
        rows.find(open).sort({ createdAt: 1 }).limit(1).toArray(),
      ]);
      const since = oldest[0]?.createdAt;
      return { open: count, failed, oldestMs: since ? Math.max(0, clock().getTime() - since.getTime()) : 0 };
    },
  };
};
