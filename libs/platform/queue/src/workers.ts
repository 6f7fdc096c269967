import { UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import type { Logger } from '@cartwright/platform-logger';
import { workerConnection } from './connection.ts';
import type { JobContext, JobDefinition, ProcessorsFor } from './job.ts';

export type Workers = {
  /** Takes no more jobs and waits for the running ones, `graceMs` at most (10 s); those go back to the queue later. */
  close(graceMs?: number): Promise<void>;
};

const GRACE_MS = 10_000;
/** A job of a worker that died is taken up by another after about this long. */
const LOCK_MS = 20_000;
const STALLED_CHECK_MS = 10_000;
/** A job that was under way so often when a worker died is taken for the cause. */
const STALLED_MAX = 3;

type AnyProcessor = (payload: unknown, context: JobContext) => Promise<void>;

/**
 * Starts one worker per queue of the catalog. Payloads are parsed before they are handled; a job that no processor knows
 * or whose payload is wrong goes to the dead letters at once and blocks nobody.
 */
export const createWorkers = async <const Jobs extends readonly JobDefinition[]>(options: {
  redisUrl: string;
  prefix: string;
  jobs: Jobs;
  processors: ProcessorsFor<Jobs>;
  /** Jobs run at once, per queue. */
  concurrency: number;
  logger: Logger;
  /** Called after each run, for metrics. */
  onRun?: (run: { job: string; queue: string; outcome: 'done' | 'failed'; milliseconds: number }) => void;
}): Promise<Workers> => {
  const { redisUrl, prefix, jobs, concurrency, logger, onRun } = options;
  const connection = workerConnection({ redisUrl, logger });
  const definitions = new Map(jobs.map((job) => [job.name, job]));
  const processors = new Map<string, AnyProcessor>(Object.entries(options.processors));

  const run = async (job: Job): Promise<void> => {
    const definition = definitions.get(job.name);
    const processor = processors.get(job.name);
    if (!definition || !processor) throw new UnrecoverableError(`No processor for the job ${job.name}`);
    const payload = definition.payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`The payload of ${job.name} is wrong: ${payload.error.message}`);
    await processor(payload.data, { jobId: job.id ?? '', attempt: job.attemptsMade + 1 });
  };

  const workers = [...new Set(jobs.map((job) => job.queue))].map((queue) => {
    const process = async (job: Job): Promise<void> => {
      const startedAt = performance.now();
      let outcome: 'done' | 'failed' = 'failed';
      try {
        await run(job);
        outcome = 'done';
      } finally {
        onRun?.({ job: job.name, queue, outcome, milliseconds: performance.now() - startedAt });
      }
    };
    const worker = new Worker(queue, process, {
      connection,
      prefix: `${prefix}:queue`,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: STALLED_MAX,
    });
    worker.on('error', (error) => logger.warn({ err: error, queue }, 'worker error'));
    worker.on('failed', (job, error) => {
      const last = !job || job.attemptsMade >= (job.opts.attempts ?? 1) || error instanceof UnrecoverableError;
      const facts = { err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade };
      if (last) logger.error(facts, 'job failed for good');
      else logger.warn(facts, 'job failed, will be retried');
    });
    return worker;
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));

  return {
    close: async (graceMs = GRACE_MS) => {
      const timer = setTimeout(() => {
        for (const worker of workers) void worker.close(true).catch(() => undefined);
        connection.disconnect();
      }, graceMs);
      await Promise.all(workers.map((worker) => worker.close().catch(() => undefined)));
      clearTimeout(timer);
      connection.disconnect();
    },
  };
};
