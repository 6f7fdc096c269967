import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';

/** A job that failed for good. */
export type DeadLetter = {
  id: string;
  name: string;
  /** As it is stored: possibly wrong, and not for everybody's eyes (see `presentable`). */
  payload: unknown;
  attempts: number;
  reason: string;
  enqueuedAt: Date;
  failedAt: Date;
};

/** Some dead letters by their ids, or all that a queue has at the moment. */
export type Selection = readonly string[] | 'all';

const CHUNK = 100;
const positionSchema = z.tuple([z.number(), z.string().max(100)]);

/** A queue, and a connection to look at it more closely. */
export type Watched = { queue: Queue; redis: Redis };

const idsOf = async ({ queue, redis }: Watched, { before, count }: { before?: [number, string]; count: number }) => {
  const found: { id: string; at: number }[] = [];
  const most = before ? String(before[0]) : '+inf';
  for (let offset = 0; found.length < count; offset += CHUNK) {
    // Ids of one millisecond come in descending order as well, which the cursor relies upon.
    const flat = await redis.zrevrangebyscore(
      queue.toKey('failed'),
      most,
      '-inf',
      'WITHSCORES',
      'LIMIT',
      offset,
      CHUNK,
    );
    for (let index = 0; index + 1 < flat.length; index += 2) {
      const [id = '', at] = [flat[index], Number(flat[index + 1])];
      if (!before || at < before[0] || Buffer.compare(Buffer.from(id), Buffer.from(before[1])) < 0)
        found.push({ id, at });
    }
    if (flat.length < CHUNK * 2) break;
  }
  return found.slice(0, count);
};

const toDeadLetter = (job: Job): DeadLetter => ({
  id: job.id ?? '',
  name: job.name,
  payload: job.data as unknown,
  attempts: job.attemptsMade,
  reason: job.failedReason ?? '',
  enqueuedAt: new Date(job.timestamp),
  failedAt: new Date(job.finishedOn ?? job.timestamp),
});

/** A page of a queue's dead letters, the latest first. Throws CURSOR_INVALID for a cursor that isn't one. */
export const listDeadLetters = async (
  watched: Watched,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: DeadLetter[]; nextCursor?: string }> => {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, positionSchema);
  const found = await idsOf(watched, { count: limit + 1, ...(before && { before }) });
  const page = found.slice(0, limit);
  const jobs = await Promise.all(page.map(({ id }) => watched.queue.getJob(id)));
  const last = page.at(-1);
  return {
    items: jobs.flatMap((job) => (job ? [toDeadLetter(job)] : [])),
    ...(found.length > limit && last && { nextCursor: encodeCursor([last.at, last.id]) }),
  };
};

/** Does something with each selected dead letter; one that isn't one any more is left out. Answers how many there were. */
const forEachSelected = async (
  watched: Watched,
  selection: Selection,
  act: (job: Job) => Promise<unknown>,
): Promise<number> => {
  const { queue } = watched;
  const one = async (id: string): Promise<boolean> => {
    const job = await queue.getJob(id);
    if (!job || !(await job.isFailed())) return false;
    return act(job).then(
      () => true,
      async (error: unknown) => {
        // Somebody else was quicker.
        if (await job.isFailed().catch(() => true)) throw error;
        return false;
      },
    );
  };
  // Those of this moment: what fails again meanwhile isn't taken a second time.
  const total = selection === 'all' ? await queue.getFailedCount() : 0;
  const ids =
    selection === 'all' ? (await idsOf(watched, { count: total })).map(({ id }) => id) : [...new Set(selection)];
  let done = 0;
  for (let from = 0; from < ids.length; from += CHUNK) {
    const outcomes = await Promise.all(ids.slice(from, from + CHUNK).map(one));
    done += outcomes.filter(Boolean).length;
  }
  return done;
};

/** Has dead letters tried again, with all their attempts. */
export const retryDeadLetters = (watched: Watched, selection: Selection): Promise<number> =>
  forEachSelected(watched, selection, async (job) => {
    await job.updateProgress(0);
    await job.retry('failed', { resetAttemptsMade: true });
  });

/** Throws dead letters away. */
export const discardDeadLetters = (watched: Watched, selection: Selection): Promise<number> =>
  forEachSelected(watched, selection, (job) => job.remove());
