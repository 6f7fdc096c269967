import type { z } from 'zod';
import type { Logger } from '@cartwright/platform-logger';
import type { JobDefinition } from './job.ts';
import type { Queues, Schedule } from './queues.ts';

const CHECK_MS = 15_000;

/**
 * Makes jobs run again and again for as long as this process lives. Schedules are kept in Redis: one that is wiped has
 * none any more, so they are looked for now and then and made anew. Rejects when Redis is away at the start.
 */
export const keepRepeating = async <Schema extends z.ZodType>(options: {
  queues: Pick<Queues, 'upsertRepeating' | 'isRepeating'>;
  jobs: readonly JobDefinition<string, Schema>[];
  /** The same for all runs of all these jobs. */
  payload: z.input<Schema>;
  schedule: Schedule;
  logger: Pick<Logger, 'warn'>;
  checkMs?: number;
}): Promise<{ stop(): void }> => {
  const { queues, jobs, payload, schedule, logger, checkMs = CHECK_MS } = options;
  for (const job of jobs) await queues.upsertRepeating(job, payload, schedule);

  const mend = async (): Promise<void> => {
    for (const job of jobs) {
      if (await queues.isRepeating(job)) continue;
      logger.warn({ job: job.name }, 'the schedule of a job was gone, it is made anew');
      await queues.upsertRepeating(job, payload, schedule);
    }
  };
  const timer = setInterval(() => {
    mend().catch((error: unknown) => logger.warn({ err: error }, 'schedules could not be looked for'));
  }, checkMs);
  return { stop: () => clearInterval(timer) };
};
