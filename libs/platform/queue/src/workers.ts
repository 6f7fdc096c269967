import { UnrecoverableError } from 'bullmq';
import type { Job, Worker } from 'bullmq';
import type { Logger } from '@cartwright/platform-logger';
import { backoffOf } from './backoff.ts';
import { queueKeyPrefix, workerConnection } from './connection.ts';
import type { Fences } from './fence.ts';
import type { JobDefinition, ProcessorsFor } from './job.ts';
import { PATIENCE_MS } from './postpone.ts';
import { createProgressNotes } from './progress.ts';
import { settingsOf, type QueueSettingsFor } from './queue-settings.ts';
import { outcomeOf, runJob, type AnyProcessor, type Outcome, type RunSettings } from './run-job.ts';
import { IDLE_POLL_SECONDS, YieldingWorker } from './yielding-worker.ts';

export type Workers = {
  /** Takes no more jobs and waits for the running ones, `graceMs` at most (10 s); those go back to the queue later. */
  close(graceMs?: number): Promise<void>;
};

export type JobRun = { job: string; queue: string; outcome: Outcome; milliseconds: number };

const GRACE_MS = 10_000;
/** How long before its end the grace is announced to running jobs. */
const LAST_CALL_MS = 2_000;
/** A job of a worker that died is taken up by another after about this long. */
const LOCK_MS = 20_000;
/** After an error of Redis workers look again this soon; BullMQ would wait 15 s. */
const LOOK_AGAIN_MS = 1_000;
/** A job that was under way so often when a worker died is taken for the cause. */
const STALLED_MAX = 3;

/**
 * Starts one worker per queue of the catalog. Payloads are parsed before they are handled. A wrong payload goes to the
 * dead letters at once; a job or a version that nobody here knows waits for newer workers, an hour at most; neither
 * blocks anybody.
 */
export const createWorkers = async <const Jobs extends readonly JobDefinition[]>(options: {
  redisUrl: string;
  prefix: string;
  jobs: Jobs;
  processors: ProcessorsFor<Jobs>;
  fences: Fences;
  /** Jobs run at once, per queue without a setting of its own. */
  concurrency: number;
  queues?: QueueSettingsFor<Jobs> | undefined;
  logger: Logger;
  /** Called after each run, for metrics. */
  onRun?: ((run: JobRun) => void) | undefined;
  /** How long a worker's jobs stay its own when it doesn't speak up; 20 s. */
  lockMs?: number | undefined;
  /** How long jobs wait for somebody who understands them; an hour. */
  patienceMs?: number | undefined;
}): Promise<Workers> => {
  const { redisUrl, prefix, jobs, concurrency, logger, onRun, lockMs = LOCK_MS, patienceMs = PATIENCE_MS } = options;
  const redis = workerConnection({ redisUrl, logger });
  const keyPrefix = queueKeyPrefix(prefix);
  const definitions = new Map<string, JobDefinition>(jobs.map((job) => [job.name, job]));
  const processors = new Map<string, AnyProcessor>(Object.entries(options.processors));
  const settings: RunSettings = { redis, keyPrefix, definitions, processors, fences: options.fences, patienceMs };
  const noteProgress = createProgressNotes({ redis, keyPrefix });
  const ending = new AbortController();

  const startWorker = (queue: string): Worker => {
    const running = new Map<string, AbortController>();

    const process = async (job: Job, token = ''): Promise<void> => {
      const startedAt = performance.now();
      const lost = new AbortController();
      running.set(job.id ?? '', lost);
      let outcome: Outcome = 'failed';
      try {
        outcome = await runJob({ job, token, signal: AbortSignal.any([lost.signal, ending.signal]) }, settings);
      } catch (error) {
        outcome = lost.signal.aborted ? 'lost' : outcomeOf(error, job);
        throw error;
      } finally {
        if (running.get(job.id ?? '') === lost) running.delete(job.id ?? '');
        if (outcome === 'postponed') worker.yieldToOthers();
        else noteProgress(queue);
        onRun?.({ job: job.name, queue, outcome, milliseconds: performance.now() - startedAt });
      }
    };

    const { concurrency: own, rateLimit } = settingsOf(options.queues, queue);
    const worker = new YieldingWorker(queue, process, {
      connection: redis,
      prefix: keyPrefix,
      concurrency: own ?? concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: LOOK_AGAIN_MS,
      drainDelay: IDLE_POLL_SECONDS,
      ...(rateLimit && { limiter: { max: rateLimit.max, duration: rateLimit.perMs } }),
      settings: {
        backoffStrategy: (attempt, _type, _error, job) =>
          backoffOf(definitions.get(job?.name ?? '') ?? { backoffMs: 1_000 }, attempt, Math.random()),
      },
    });
    worker.on('error', (error) => logger.warn({ err: error, queue }, 'worker error'));
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) running.get(id)?.abort(new Error('The job was lost to another worker'));
    });
    worker.on('failed', (job, error) => {
      const last = !job || job.attemptsMade >= (job.opts.attempts ?? 1) || error instanceof UnrecoverableError;
      const facts = { err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade };
      if (last) logger.error(facts, 'job failed for good');
      else logger.warn(facts, 'job failed, will be retried');
    });
    return worker;
  };

  const workers = [...new Set(jobs.map((job) => job.queue))].map(startWorker);
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));

  return {
    close: async (graceMs = GRACE_MS) => {
      const lastCall = setTimeout(
        () => ending.abort(new Error('The worker ends')),
        Math.max(0, graceMs - LAST_CALL_MS),
      );
      // A second, forced close of BullMQ's waits for the first: a job that never ends is left behind instead.
      const cut = Promise.withResolvers<void>();
      const cutting = setTimeout(cut.resolve, graceMs);
      const closed = Promise.all(workers.map((worker) => worker.close().catch(() => undefined)));
      await Promise.race([closed, cut.promise]);
      clearTimeout(lastCall);
      clearTimeout(cutting);
      redis.disconnect();
    },
  };
};
