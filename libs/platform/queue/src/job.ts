import type { z } from 'zod';
import type { Fence } from './fence.ts';

/** One kind of job: where it runs, what it carries, how often it is tried. */
export type JobDefinition<
  Name extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Queue extends string = string,
> = {
  /** The queue's name: one per concern (orders, payments, users, catalog, mail, maintenance, events). */
  queue: Queue;
  /** Imperative and unique over all queues, like `orders.expire`. */
  name: Name;
  /** What the job carries; parsed before enqueueing and again before handling. JSON, so dates as `z.coerce.date()`. */
  payload: Schema;
  /**
   * Counts up when the payload changes so that older code would misread it; 1 when absent. A worker leaves jobs of a newer
   * version to newer workers; those of an older version must fit the schema of now.
   */
  version?: number | undefined;
  /** How often it is tried before it becomes a dead letter. */
  attempts: number;
  /** The wait before the second try; doubled on each further one, with jitter. */
  backoffMs: number;
  /** No wait is longer than this; an hour when absent. */
  backoffMaxMs?: number | undefined;
  /**
   * While a job with this key waits or runs, enqueueing it again does nothing; once it is done or failed for good the key
   * is free. It saves work and makes the job removable; it is no record of having run: handlers are idempotent all the
   * same.
   */
  key?: ((payload: z.output<Schema>) => string) | undefined;
  /** False for jobs that somebody else makes again until they succeed: when failed for good they leave nothing behind. */
  keepFailed?: boolean | undefined;
  /** How long a run may take: its signal is aborted then, and the processor stops at the next safe place. */
  budgetMs?: number | undefined;
  /** Never two runs at once, on whatever worker: one that finds another under way ends without doing anything. */
  exclusive?: boolean | undefined;
};

/** What the processor of a job receives. */
export type PayloadOf<Job> = Job extends { payload: infer Schema extends z.ZodType } ? z.output<Schema> : never;

export type JobName<Jobs extends readonly { name: string }[]> = Jobs[number]['name'];

export type JobContext = {
  jobId: string;
  /** 1 on the first try. */
  attempt: number;
  /** Aborted when the job was lost to another worker, its time is used up, or this worker must end. */
  signal: AbortSignal;
  /** Against second effects of a job that was lost to another worker and taken up again. */
  fence: Fence;
};

/** One processor for every job of a catalog: a missing or superfluous one doesn't compile. */
export type ProcessorsFor<Jobs extends readonly { name: string }[]> = {
  [Job in Jobs[number] as Job['name']]: (payload: PayloadOf<Job>, context: JobContext) => Promise<void>;
};

/** Defines a job: name, queue, payload, retry and key in one place. A catalog is a tuple of these (`as const`). */
export const defineJob = <const Name extends string, const Queue extends string, Schema extends z.ZodType>(
  definition: JobDefinition<Name, Schema, Queue>,
): JobDefinition<Name, Schema, Queue> => definition;

/** The key of a payload, unique over the jobs of its queue. */
export const keyOf = (job: JobDefinition, payload: unknown): string | undefined =>
  job.key && `${job.name}/${job.key(payload)}`;
