import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import { PostponeError, type Queues } from '@cartwright/platform-queue';
import { renderMail } from './layout.ts';
import { deliverMail } from './mail-jobs.ts';
import { mailRows, type MailRow } from './mail-rows.ts';
import { MailRefused, type Mailer } from './mailer.ts';
import type { AnyMailTemplate, MailShop } from './template.ts';

/** The waits between tries double from the first to the longest; all of them together are about a day. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const ATTEMPTS_MAX = 100;
/** How long the mail of a worker that died waits; one at work renews its lease. */
const LEASE_MS = 30_000;
/** Renewals within a lease: one or two may fail before the mail is taken over. */
const RENEWALS = 3;
/** A job has this long to come by itself. */
const SWEEP_GRACE_MS = 20_000;
const SWEEP_BATCH = 500;
const DAY_MS = 24 * 3_600_000;
/** As long as proof that an event was handled is kept, so that a late repetition finds the mail sent. */
const SENT_KEPT_MS = 60 * DAY_MS;
const FAILED_KEPT_MS = 30 * DAY_MS;
const ERROR_MAX = 300;
const MARK_TRIES = 5;
const MARK_PAUSE_MS = 200;

/**
 * Sends written mails. A worker takes a mail by a lease, and looks whether it still holds it right before it sends, so one
 * that was halted meanwhile does not send what another has sent. What remains: a worker that dies, or loses the
 * database, between the mail server's yes and its own note of it. The mail is sent again then, under the same Message-ID.
 */
export function createMailDelivery(options: {
  mongo: Mongo;
  mailer: Pick<Mailer, 'send'>;
  templates: readonly AnyMailTemplate[];
  shop: MailShop;
  queues: Pick<Queues, 'enqueue' | 'enqueueMany'>;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  clock: () => Date;
  firstWaitMs?: number;
  longestWaitMs?: number;
  attemptsMax?: number;
  leaseMs?: number;
  sweepGraceMs?: number;
}) {
  const { mongo, mailer, shop, queues, logger, clock } = options;
  const { firstWaitMs = FIRST_WAIT_MS, longestWaitMs = LONGEST_WAIT_MS, attemptsMax = ATTEMPTS_MAX } = options;
  const { leaseMs = LEASE_MS, sweepGraceMs = SWEEP_GRACE_MS } = options;
  const templates = new Map(options.templates.map((template) => [template.name, template]));
  const rows = mailRows(mongo);
  const fromNow = (milliseconds: number): Date => new Date(clock().getTime() + milliseconds);

  /** A mail that is due becomes this worker's; null when it is done, not due, or somebody else's. */
  function claim(mailId: string, attempt: number): Promise<MailRow | null> {
    const lease = newId();
    return rows.findOneAndUpdate(
      {
        _id: mailId,
        $or: [
          { status: 'pending', attempts: attempt },
          // Whoever held it is gone.
          { status: 'sending', dueAt: { $lte: clock() } },
          // Somebody retries it by hand.
          { status: 'failed' },
        ],
      },
      { $set: { status: 'sending', lease, dueAt: fromNow(leaseMs) }, $inc: { attempts: 1 }, $unset: { expiresAt: '' } },
      { returnDocument: 'after' },
    );
  }

  /** Whether the mail is still this worker's, for a whole lease from now. */
  async function stillHeld({ _id, lease }: MailRow): Promise<boolean> {
    const mine = { _id, status: 'sending' as const, ...(lease === undefined ? {} : { lease }) };
    const { matchedCount } = await rows.updateOne(
      { ...mine, dueAt: { $gt: clock() } },
      { $set: { dueAt: fromNow(leaseMs) } },
    );
    return matchedCount === 1;
  }

  /** Whoever holds the mail now: it has been sent. */
  async function markSent({ _id }: MailRow): Promise<void> {
    const sent = { status: 'sent' as const, sentAt: clock(), expiresAt: fromNow(SENT_KEPT_MS) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await rows.updateOne(
          { _id },
          { $set: sent, $unset: { to: '', data: '', dueAt: '', lease: '', lastError: '' } },
        );
        return;
      } catch (error) {
        if (attempt >= MARK_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, MARK_PAUSE_MS * 2 ** attempt));
      }
    }
  }

  /** Puts a mail back for later, or gives it up. Throws when it is given up. */
  async function putBack(row: MailRow, error: unknown): Promise<void> {
    const { _id, template, attempts, lease } = row;
    const lastError = messageOf(error);
    const facts = { mail: _id, template, attempts };
    const mine = { _id, ...(lease === undefined ? {} : { lease }) };
    if (error instanceof MailRefused || attempts >= attemptsMax) {
      const failed = { status: 'failed' as const, lastError, expiresAt: fromNow(FAILED_KEPT_MS) };
      const { matchedCount } = await rows.updateOne(mine, { $set: failed, $unset: { dueAt: '', lease: '' } });
      if (matchedCount === 0) return;
      logger.error({ alert: 'mail_failed', ...facts }, 'a mail is given up');
      throw new Error(`The mail ${_id} is given up: ${lastError}`);
    }
    const wait = waitAfter(attempts);
    const again = { status: 'pending' as const, lastError, dueAt: fromNow(wait) };
    const { matchedCount } = await rows.updateOne(mine, { $set: again, $unset: { lease: '' } });
    if (matchedCount === 0) return;
    logger.warn({ ...facts, wait }, 'a mail could not be sent, it is tried again');
    await queues.enqueue(deliverMail, { mailId: _id, attempt: attempts }, { delayMs: wait });
  }

  /** With a little chance, so that mails that failed together don't come back together. */
  function waitAfter(attempts: number): number {
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempts - 1, 30));
    return Math.round(wait * (0.8 + Math.random() * 0.4));
  }

  async function send(row: MailRow): Promise<boolean> {
    const template = templates.get(row.template);
    if (!template) throw new Error(`There is no template ${row.template}`);
    const mail = renderMail(template.compose(row.data, shop), shop);
    if (!(await stillHeld(row))) return false;
    const renewing = setInterval(() => {
      stillHeld(row).catch((error: unknown) => {
        logger.warn({ err: error, mail: row._id }, 'the lease of a mail could not be renewed');
      });
    }, leaseMs / RENEWALS);
    try {
      await mailer.send({ to: row.to ?? '', messageKey: row._id, ...mail });
    } finally {
      clearInterval(renewing);
    }
    return true;
  }

  /** Whether somebody has it, or had it when they died: the lease tells which, once it is over. */
  const isTaken = async (mailId: string): Promise<boolean> =>
    (await rows.findOne({ _id: mailId, status: 'sending' }, { projection: { _id: 1 } })) !== null;

  return {
    /**
     * Sends a mail unless that is done or not due. Throws when the mail is given up, and a PostponeError while somebody
     * else has it: the job comes back until the mail is sent or the lease is over.
     */
    async deliver({ mailId, attempt }: { mailId: string; attempt: number }): Promise<void> {
      let row: MailRow | null;
      let taken: boolean;
      try {
        row = await claim(mailId, attempt);
        taken = row === null && (await isTaken(mailId));
      } catch (error) {
        logger.warn({ err: error, mail: mailId }, 'a mail could not be taken, it waits for the sweeper');
        return;
      }
      if (taken) throw new PostponeError(`The mail ${mailId} is being sent`);
      if (!row) return;
      let isSent: boolean;
      try {
        isSent = await send(row);
      } catch (error) {
        await putBack(row, error);
        return;
      }
      if (isSent) await markSent(row);
    },

    /** Enqueues what is overdue: its job was lost, or its worker died. Answers how many. */
    async sweep(): Promise<number> {
      const overdue = await rows
        .find({ dueAt: { $lte: fromNow(-sweepGraceMs) } })
        .sort({ dueAt: 1 })
        .limit(SWEEP_BATCH)
        .toArray();
      await queues.enqueueMany(
        deliverMail,
        overdue.map(({ _id, attempts }) => ({ mailId: _id, attempt: attempts })),
      );
      if (overdue.length > 0) logger.info({ mails: overdue.length }, 'overdue mails enqueued');
      return overdue.length;
    },
  };
}

export type MailDelivery = ReturnType<typeof createMailDelivery>;

/** What went wrong, for operators; addresses are nobody's business there. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\S+@\S+/g, '…').slice(0, ERROR_MAX);
}
