import { pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

const queueName = z.string().trim().min(1).max(60);
const count = z.number().int().min(0);

export const queueSchema = z.object({
  name: z.string(),
  paused: z.boolean(),
  /** False when a job has waited for too long and none was finished meanwhile. */
  healthy: z.boolean(),
  waiting: count,
  active: count,
  delayed: count,
  /** The dead letters. */
  failed: count,
  oldestWaitingMs: count,
  /** How long ago a job was finished; null when that isn't known. */
  sinceProgressMs: count.nullable(),
});
export const queuesOutput = z.object({ items: z.array(queueSchema) });

export const queueInput = z.strictObject({ queue: queueName });
export const deadLettersInput = z.strictObject({ queue: queueName, ...pageInput });

/** A job that failed for good. Of its payload, only ids, figures and moments are shown. */
export const deadLetterSchema = z.object({
  id: z.string(),
  name: z.string(),
  payload: z.unknown(),
  attempts: count,
  reason: z.string(),
  enqueuedAt: z.date(),
  failedAt: z.date(),
});
export const deadLettersOutput = pageOf(deadLetterSchema);

/** Some dead letters of a queue, or all of them. */
export const selectionInput = z.union([
  z.strictObject({ queue: queueName, jobIds: z.array(z.string().min(1).max(100)).min(1).max(500) }),
  z.strictObject({ queue: queueName, all: z.literal(true) }),
]);
/** How many there were; those that are no dead letters any more are not counted. */
export const selectionOutput = z.object({ count });

export const boardOutput = z.object({ url: z.string() });

export type QueueDto = z.infer<typeof queueSchema>;
export type DeadLetterDto = z.infer<typeof deadLetterSchema>;
export type DeadLetterSelection = z.infer<typeof selectionInput>;
