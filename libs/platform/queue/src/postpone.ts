/** This worker can't do the job and another may: it goes back to wait for a while, no attempt counted. */
export class PostponeError extends Error {
  override readonly name = 'PostponeError';
}

/** Rolling a deployment out or back takes minutes; after so long nobody is going to understand the job. */
export const PATIENCE_MS = 3_600_000;
const PAUSE_MIN_MS = 2_000;
const PAUSE_MAX_MS = 60_000;

/**
 * How long a job nobody here understands waits before it is offered again: a tenth of its age, so that a newer worker
 * gets it soon, and those that wait for long keep nobody busy. Null once `patienceMs` are over.
 */
export const pauseOf = (
  ageMs: number,
  { patienceMs, random }: { patienceMs: number; random: number },
): number | null => {
  if (ageMs >= patienceMs) return null;
  const pause = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, ageMs / 10));
  return Math.round(pause / 2 + (pause / 2) * random);
};
