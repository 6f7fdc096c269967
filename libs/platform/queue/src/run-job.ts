import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { runExclusively } from './exclusive.ts';
import { LockLostError, type Fences } from './fence.ts';
import type { JobContext, JobDefinition } from './job.ts';
import { openPayload } from './payload.ts';
import { pauseOf, PostponeError } from './postpone.ts';

/**
 * How a run ended. failed: to be tried again; dead: for good; postponed: left to a newer worker; skipped: another run of
 * an exclusive job was under way; lost: another worker has the job by now.
 */
export type Outcome = 'done' | 'failed' | 'dead' | 'postponed' | 'skipped' | 'lost';

export type AnyProcessor = (payload: unknown, context: JobContext) => Promise<void>;

export type RunSettings = {
  redis: Redis;
  /** The prefix of BullMQ's keys. */
  keyPrefix: string;
  definitions: ReadonlyMap<string, JobDefinition>;
  processors: ReadonlyMap<string, AnyProcessor>;
  fences: Fences;
  patienceMs: number;
};

/** When a job was first put back because nobody understood it. */
const postponedSince = ({ progress }: Job): number | undefined =>
  typeof progress === 'object' && 'postponedSince' in progress ? Number(progress.postponedSince) : undefined;

/**
 * Runs one job: understands it first, then calls its processor. Throws what BullMQ wants to see: an UnrecoverableError
 * for what can never be done, a DelayedError for what was put back.
 */
export const runJob = async (
  { job, token, signal }: { job: Job; token: string; signal: AbortSignal },
  settings: RunSettings,
): Promise<Outcome> => {
  const { redis, keyPrefix, definitions, processors, fences } = settings;

  const postpone = async (why: string): Promise<never> => {
    const now = Date.now();
    const since = postponedSince(job) ?? now;
    const pause = pauseOf(now - since, { patienceMs: settings.patienceMs, random: Math.random() });
    if (pause === null) throw new UnrecoverableError(why);
    if (since === now) await job.updateProgress({ postponedSince: now });
    await job.moveToDelayed(now + pause, token);
    throw new DelayedError(why);
  };

  const definition = definitions.get(job.name);
  const processor = processors.get(job.name);
  if (!definition || !processor) return postpone(`No processor for the job ${job.name}`);
  const opened = openPayload(definition, job.data);
  if (opened.kind === 'newer') return postpone(`No processor for version ${opened.version} of ${job.name}`);
  if (opened.kind === 'poisoned')
    throw new UnrecoverableError(`The payload of ${job.name} is wrong: ${opened.problem}`);

  const id = job.id ?? '';
  const { budgetMs } = definition;
  const context: JobContext = {
    jobId: id,
    attempt: job.attemptsMade + 1,
    signal: budgetMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]),
    fence: fences.of({
      identity: `${job.queueName}/${id}/${job.timestamp}`,
      lockKey: `${keyPrefix}:${job.queueName}:${id}:lock`,
      token,
      redis,
    }),
  };
  const work = (): Promise<void> => processor(opened.payload, context);
  try {
    if (definition.exclusive !== true) await work();
    else if (!(await runExclusively({ redis, key: `${keyPrefix}-running:${job.name}` }, work))) return 'skipped';
    return 'done';
  } catch (error) {
    if (error instanceof PostponeError) return postpone(error.message);
    throw error;
  }
};

/** What became of a run that threw. */
export const outcomeOf = (error: unknown, job: Job): Outcome => {
  if (error instanceof DelayedError) return 'postponed';
  if (error instanceof LockLostError) return 'lost';
  const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  return last || error instanceof UnrecoverableError ? 'dead' : 'failed';
};
