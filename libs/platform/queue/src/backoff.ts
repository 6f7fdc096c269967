import type { JobDefinition } from './job.ts';

const BACKOFF_MAX_MS = 3_600_000;

/** The strategy's name in a job's options. */
export const BOUNDED_BACKOFF = 'bounded';

/**
 * How long a job waits after its failed try number `attempt` (from 1): doubled with each, bounded, and between half of
 * that and all of it, so that jobs which failed together don't come back together. `random` is in [0, 1).
 */
export const backoffOf = (
  job: Pick<JobDefinition, 'backoffMs' | 'backoffMaxMs'>,
  attempt: number,
  random: number,
): number => {
  const most = Math.min(job.backoffMaxMs ?? BACKOFF_MAX_MS, job.backoffMs * 2 ** (attempt - 1));
  return Math.round(most / 2 + (most / 2) * random);
};
