import { Queue } from 'bullmq';
import type { JobsOptions } from 'bullmq';
import type { z } from 'zod';
import { notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { BOUNDED_BACKOFF } from './backoff.ts';
import { producerConnection, queueKeyPrefix } from './connection.ts';
import { discardDeadLetters, listDeadLetters, retryDeadLetters } from './dead-letters.ts';
import type { DeadLetter, Selection } from './dead-letters.ts';
import { keyOf } from './job.ts';
import type { JobDefinition } from './job.ts';
import { sealPayload } from './payload.ts';
import { readProgress } from './progress.ts';
import { countsOf, healthOf } from './queue-health.ts';
import type { QueueCounts, QueueHealth } from './queue-health.ts';
import { stuckAfterOf, type QueueSettingsFor } from './queue-settings.ts';

export type EnqueueOptions = {
  /** Run not before this many milliseconds from now. */
  delayMs?: number | undefined;
};

/** When a job runs again and again; `pattern` is a cron expression, in UTC unless a time zone is named. */
export type Schedule = { everyMs: number } | { pattern: string; timezone?: string | undefined };

export type Queues = {
  /** Adds a job. Throws a ZodError for a wrong payload, and the driver's error while Redis is away. */
  enqueue<Schema extends z.ZodType>(
    job: JobDefinition<string, Schema>,
    payload: z.input<Schema>,
    options?: EnqueueOptions,
  ): Promise<void>;
  /** Adds many jobs of one kind in one trip. */
  enqueueMany<Schema extends z.ZodType>(
    job: JobDefinition<string, Schema>,
    payloads: readonly z.input<Schema>[],
  ): Promise<void>;
  /** Removes a keyed job, if it is there; false when it can't be removed because it is running. */
  remove<Schema extends z.ZodType>(job: JobDefinition<string, Schema>, payload: z.input<Schema>): Promise<boolean>;
  /** Makes a job run again and again, replacing its earlier schedule. */
  upsertRepeating<Schema extends z.ZodType>(
    job: JobDefinition<string, Schema>,
    payload: z.input<Schema>,
    schedule: Schedule,
  ): Promise<void>;
  /** Whether a job has a schedule. */
  isRepeating(job: JobDefinition): Promise<boolean>;
  /** How many jobs each queue holds, by state. Failed ones are the dead letters. */
  counts(): Promise<Record<string, QueueCounts>>;
  /** How each queue gets on. */
  health(): Promise<Record<string, QueueHealth>>;
  /**
   * A page of a queue's dead letters, the latest first. Throws NOT_FOUND for a queue that isn't there and CURSOR_INVALID
   * for a cursor that isn't one.
   */
  deadLetters(
    queue: string,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: DeadLetter[]; nextCursor?: string }>;
  /** Has dead letters tried again, with all their attempts. Answers how many there were. */
  retry(queue: string, selection: Selection): Promise<number>;
  /** Throws dead letters away. Answers how many there were. */
  discard(queue: string, selection: Selection): Promise<number>;
  /** Lets no worker take jobs of this queue until it is resumed; running ones end. */
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
  /** Whether the queue of this job is paused. */
  isPaused(job: JobDefinition): Promise<boolean>;
  /** The queues themselves, for a dashboard that knows BullMQ. */
  forDashboard(): readonly Queue[];
  close(): Promise<void>;
};

/** Dead letters are kept for people to look at: this many per queue, for 30 days. */
const DEAD_LETTERS = { count: 5_000, age: 30 * 24 * 3_600 };

/** Opens the producing side of all queues named by the job catalog. */
export const createQueues = <const Jobs extends readonly JobDefinition[]>(options: {
  redisUrl: string;
  prefix: string;
  jobs: Jobs;
  queues?: QueueSettingsFor<Jobs> | undefined;
  logger: Logger;
}): Queues => {
  const { redisUrl, prefix, jobs, logger } = options;
  const keyPrefix = queueKeyPrefix(prefix);
  const connection = producerConnection({ redisUrl, logger });
  const queues = new Map<string, Queue>();
  for (const name of new Set(jobs.map((job) => job.queue))) {
    const queue = new Queue(name, { connection, prefix: keyPrefix });
    queue.on('error', (error) => logger.warn({ err: error, queue: name }, 'queue error'));
    queues.set(name, queue);
  }

  const queueOf = (job: JobDefinition): Queue => {
    const queue = queues.get(job.queue);
    if (!queue) throw new Error(`The job catalog has no queue ${job.queue} (job ${job.name})`);
    return queue;
  };

  const named = (name: string): Queue => {
    const queue = queues.get(name);
    if (!queue) throw notFound('queue');
    return queue;
  };

  const watched = (name: string) => ({ queue: named(name), redis: connection });

  const commonOptions = (job: JobDefinition) => ({
    attempts: job.attempts,
    // The delay is for eyes only: workers go by the definition.
    backoff: { type: BOUNDED_BACKOFF, delay: job.backoffMs },
    removeOnComplete: true,
    removeOnFail: job.keepFailed === false ? true : DEAD_LETTERS,
  });

  const optionsOf = (job: JobDefinition, payload: unknown, delayMs?: number): JobsOptions => {
    // Not a job id: that would block the key for as long as a dead letter holds it.
    const id = keyOf(job, payload);
    return {
      ...commonOptions(job),
      ...(id === undefined ? {} : { deduplication: { id } }),
      ...(delayMs === undefined ? {} : { delay: Math.max(0, Math.round(delayMs)) }),
    };
  };

  return {
    enqueue: async (job, payload, { delayMs } = {}) => {
      const parsed = job.payload.parse(payload);
      await queueOf(job).add(job.name, sealPayload(job, parsed), optionsOf(job, parsed, delayMs));
    },
    enqueueMany: async (job, payloads) => {
      if (payloads.length === 0) return;
      const items = payloads.map((payload) => {
        const parsed = job.payload.parse(payload);
        return { name: job.name, data: sealPayload(job, parsed), opts: optionsOf(job, parsed) };
      });
      await queueOf(job).addBulk(items);
    },
    remove: async (job, payload) => {
      const key = keyOf(job, job.payload.parse(payload));
      if (key === undefined) throw new Error(`The job ${job.name} has no key and can't be removed`);
      const queue = queueOf(job);
      const jobId = await queue.getDeduplicationJobId(key);
      return jobId === null || (await queue.remove(jobId)) === 1;
    },
    upsertRepeating: async (job, payload, schedule) => {
      const parsed = job.payload.parse(payload);
      const repeat =
        'everyMs' in schedule
          ? { every: schedule.everyMs }
          : { pattern: schedule.pattern, tz: schedule.timezone ?? 'UTC' };
      await queueOf(job).upsertJobScheduler(job.name, repeat, {
        name: job.name,
        data: sealPayload(job, parsed),
        opts: commonOptions(job),
      });
    },
    isRepeating: async (job) => (await queueOf(job).getJobScheduler(job.name)) !== undefined,
    counts: async () => {
      const entries = [...queues].map(async ([name, queue]) => [name, await countsOf(queue)] as const);
      return Object.fromEntries(await Promise.all(entries));
    },
    health: async () => {
      const progress = await readProgress(connection, keyPrefix);
      const entries = [...queues].map(async ([name, queue]) => {
        const stuckAfterMs = stuckAfterOf(options.queues, name, jobs);
        const state = await healthOf({ queue, redis: connection }, { progressAt: progress.get(name), stuckAfterMs });
        return [name, state] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
    deadLetters: async (queue, page) => listDeadLetters(watched(queue), page),
    retry: async (queue, selection) => retryDeadLetters(watched(queue), selection),
    discard: async (queue, selection) => discardDeadLetters(watched(queue), selection),
    pause: async (queue) => named(queue).pause(),
    resume: async (queue) => named(queue).resume(),
    isPaused: (job) => queueOf(job).isPaused(),
    forDashboard: () => [...queues.values()],
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
};
