import { Queue } from 'bullmq';
import { createSilentLogger } from '@cartwright/platform-logger';
import { testRedis } from '@cartwright/testkit';
import { z } from 'zod';
import type { Fences } from './fence.ts';
import { defineJob } from './job.ts';
import { createQueues } from './queues.ts';
import { createWorkers, type JobRun } from './workers.ts';

export const logger = createSilentLogger();

export const expireOrder = defineJob({
  queue: 'orders',
  name: 'orders.expire',
  payload: z.object({ orderId: z.string(), at: z.coerce.date() }),
  attempts: 3,
  backoffMs: 10,
  key: ({ orderId }) => orderId,
});
export const sendMail = defineJob({
  queue: 'mail',
  name: 'mail.send',
  payload: z.strictObject({ to: z.string() }),
  attempts: 2,
  backoffMs: 10,
});
export const jobs = [expireOrder, sendMail] as const;

export type Settings = Parameters<typeof createWorkers<typeof jobs>>[0];

/** For tests whose jobs need no fence. */
export const noFences: Fences = {
  ensureIndexes: async () => undefined,
  of: () => ({ once: () => Promise.reject(new Error('no fences here')), check: async () => undefined }),
};

/** Queues of their own, with one worker process's worth of workers unless there is no processor. */
export const startQueues = async (processors: Settings['processors'] | null, extra: Partial<Settings> = {}) => {
  const cache = await testRedis();
  const settings = { redisUrl: cache.url, prefix: cache.prefix, jobs, logger };
  const queues = createQueues({ ...settings, queues: extra.queues });
  const raw: Queue[] = [];
  const runs: JobRun[] = [];
  const started: { close(): Promise<void> }[] = [];
  const startWorkers = async (own: Settings['processors'], more: Partial<Settings> = {}): Promise<void> => {
    const onRun = (run: JobRun): void => void runs.push(run);
    const base = { ...settings, processors: own, fences: noFences, concurrency: 5, onRun };
    started.push(await createWorkers({ ...base, ...extra, ...more }));
  };
  if (processors) await startWorkers(processors);
  return {
    cache,
    queues,
    runs,
    startWorkers,
    /** A queue as somebody else sees it, to put strange things in. */
    raw: (name: string): Queue => {
      const queue = new Queue(name, { connection: { url: cache.url }, prefix: `${cache.prefix}:queue` });
      raw.push(queue);
      return queue;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((workers) => workers.close()));
      await Promise.all(raw.map((queue) => queue.close()));
      await queues.close();
      await cache[Symbol.asyncDispose]();
    },
  };
};

/** Processors that do nothing, but for those given. */
export const processorsWith = (some: Partial<Settings['processors']>): Settings['processors'] => ({
  'orders.expire': async () => undefined,
  'mail.send': async () => undefined,
  ...some,
});
