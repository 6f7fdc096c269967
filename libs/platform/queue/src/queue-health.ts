import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export type QueueCounts = Record<'waiting' | 'active' | 'delayed' | 'failed' | 'completed', number>;

/** How a queue gets on. */
export type QueueHealth = QueueCounts & {
  paused: boolean;
  /** For how long the oldest job that could run has been waiting for a worker; 0 when none waits. */
  oldestWaitingMs: number;
  /** How long ago a run ended, whatever its outcome; null when none is known of, as after a wipe. */
  sinceProgressMs: number | null;
  /** False when something has waited for too long and no run ended meanwhile. */
  healthy: boolean;
};

/** BullMQ keeps delayed jobs sorted by due time (ms) × 4096, the rest of the number telling those of one moment apart. */
const DUE_FACTOR = 4_096;

export const countsOf = async (queue: Queue): Promise<QueueCounts> => {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed', 'completed');
  const of = (state: string): number => counts[state] ?? 0;
  return {
    waiting: of('wait') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    failed: of('failed'),
    completed: of('completed'),
  };
};

/** Since when the oldest job waits that a worker could take: among those waiting, and those whose delay is over. */
const oldestSince = async (queue: Queue, redis: Redis): Promise<number | null> => {
  const [[waiting], delayed] = await Promise.all([
    queue.getWaiting(0, 0),
    redis.zrange(queue.toKey('delayed'), '0', '0', 'WITHSCORES'),
  ]);
  const moments: number[] = [];
  // One that has been tried before waits since its last try, or a little less.
  if (waiting) moments.push(Math.max(waiting.timestamp + (waiting.opts.delay ?? 0), waiting.processedOn ?? 0));
  // While no worker is there, nobody moves them on.
  if (delayed[1] !== undefined) moments.push(Math.floor(Number(delayed[1]) / DUE_FACTOR));
  return moments.length === 0 ? null : Math.min(...moments);
};

/** Looks at a queue. `progressAt` is when a run last ended there. */
export const healthOf = async (
  { queue, redis }: { queue: Queue; redis: Redis },
  { progressAt, stuckAfterMs }: { progressAt: number | undefined; stuckAfterMs: number },
): Promise<QueueHealth> => {
  const [counts, paused, since] = await Promise.all([countsOf(queue), queue.isPaused(), oldestSince(queue, redis)]);
  const now = Date.now();
  const oldestWaitingMs = since === null ? 0 : Math.max(0, now - since);
  const sinceProgressMs = progressAt === undefined ? null : Math.max(0, now - progressAt);
  const stands = sinceProgressMs === null || sinceProgressMs > stuckAfterMs;
  const healthy = paused || oldestWaitingMs <= stuckAfterMs || !stands;
  return { ...counts, paused, oldestWaitingMs, sinceProgressMs, healthy };
};
