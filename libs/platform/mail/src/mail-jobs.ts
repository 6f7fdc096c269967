import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/**
 * Sends one mail, once `attempt` tries have been made of it. The mail's record decides on further tries, each with a job of
 * its own; a job fails when the mail is given up, so it is among the dead letters then, and retrying it there tries the
 * mail again.
 */
export const deliverMail = defineJob({
  queue: 'mail',
  name: 'mail.deliver',
  payload: z.object({ mailId: z.string(), attempt: z.number().int() }),
  attempts: 1,
  backoffMs: 1_000,
  key: ({ mailId, attempt }) => `${mailId}/${attempt}`,
});

/** Repeating: finds mails whose job was lost, or whose worker died. */
export const sweepMails = defineJob({
  queue: 'maintenance',
  name: 'mail.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
});

/** The jobs of mail, for the worker's catalog. */
export const mailJobs = [deliverMail, sweepMails] as const;
