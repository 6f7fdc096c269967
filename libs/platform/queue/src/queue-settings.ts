import type { JobDefinition } from './job.ts';

/** How one queue is worked on. */
export type QueueSettings = {
  /** Jobs run at once by each worker process. */
  concurrency?: number | undefined;
  /** At most `max` jobs begin within each `perMs`, over all workers together: what an outside service allows. */
  rateLimit?: { max: number; perMs: number } | undefined;
  /**
   * The queue counts as stuck when a job has waited for so long and none was finished meanwhile. When absent: a minute more
   * than the longest of its jobs may take, since those may hold all places for as long.
   */
  stuckAfterMs?: number | undefined;
};

/** Settings by queue; only queues of the catalog can be named. */
export type QueueSettingsFor<Jobs extends readonly { queue: string }[]> = {
  readonly [Name in Jobs[number]['queue']]?: QueueSettings;
};

const STUCK_AFTER_MS = 60_000;

/** The settings of a queue, none when there are none. */
export const settingsOf = (all: object | undefined, queue: string): QueueSettings =>
  new Map<string, QueueSettings>(Object.entries(all ?? {})).get(queue) ?? {};

/** After how long without an end of anything a queue in which something waits counts as stuck. */
export const stuckAfterOf = (all: object | undefined, queue: string, jobs: readonly JobDefinition[]): number => {
  const budgets = jobs.filter((job) => job.queue === queue).map(({ budgetMs = 0 }) => budgetMs);
  return settingsOf(all, queue).stuckAfterMs ?? STUCK_AFTER_MS + Math.max(0, ...budgets);
};
