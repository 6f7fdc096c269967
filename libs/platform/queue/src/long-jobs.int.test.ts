import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, type ProcessorsFor } from './job.ts';
import { logger, noFences, startQueues } from './queue.fixture.ts';
import { createQueues } from './queues.ts';
import { createWorkers, type JobRun } from './workers.ts';

const sweep = defineJob({
  queue: 'maintenance',
  name: 'maintenance.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 10,
  budgetMs: 150,
  exclusive: true,
});

const endless = defineJob({ ...sweep, budgetMs: undefined });

const start = async (job: typeof sweep, processor: (signal: AbortSignal) => Promise<void>) => {
  const app = await startQueues(null);
  const settings = { redisUrl: app.cache.url, prefix: app.cache.prefix, jobs: [job] as const, logger };
  const queues = createQueues(settings);
  const runs: JobRun[] = [];
  const processors: ProcessorsFor<typeof settings.jobs> = {
    'maintenance.sweep': (_payload, { signal }) => processor(signal),
  };
  const startWorkers = () =>
    createWorkers({
      ...settings,
      fences: noFences,
      concurrency: 3,
      onRun: (run) => void runs.push(run),
      processors,
    });
  const workers = [await startWorkers(), await startWorkers()];
  return {
    queues,
    runs,
    workers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await queues.close();
      await app[Symbol.asyncDispose]();
    },
  };
};

describe('a long job', () => {
  it('never runs twice at once, on whatever worker, and is told when its time is up', async () => {
    let under = 0;
    let most = 0;
    await using app = await start(sweep, async (signal) => {
      under += 1;
      most = Math.max(most, under);
      await once(signal, 'abort');
      under -= 1;
    });
    await app.queues.enqueueMany(
      sweep,
      Array.from({ length: 6 }, () => ({})),
    );
    await expect.poll(() => app.runs.length).toBe(6);
    expect(most).toBe(1);
    const done = app.runs.filter(({ outcome }) => outcome === 'done');
    expect(done.length).toBeGreaterThan(0);
    for (const { milliseconds } of done) expect(milliseconds).toBeGreaterThanOrEqual(140);
    expect(app.runs.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(6 - done.length);

    // The place is free again.
    app.runs.length = 0;
    await app.queues.enqueue(sweep, {});
    await expect.poll(() => app.runs).toMatchObject([{ outcome: 'done' }]);
  });

  it('is called off before its worker ends', async () => {
    let calledOff = false;
    let begun = false;
    await using app = await start(endless, async (signal) => {
      begun = true;
      await once(signal, 'abort');
      calledOff = true;
    });
    await app.queues.enqueue(endless, {});
    await expect.poll(() => begun).toBe(true);
    await Promise.all(app.workers.map((worker) => worker.close(2_050)));
    expect(calledOff).toBe(true);
    expect(app.runs).toMatchObject([{ outcome: 'done' }]);
  });

  it('that heeds nothing is left behind when its worker ends', async () => {
    let begun = false;
    const end = Promise.withResolvers<void>();
    await using app = await start(endless, async () => {
      begun = true;
      await end.promise;
    });
    await app.queues.enqueue(endless, {});
    await expect.poll(() => begun).toBe(true);
    await Promise.all(app.workers.map((worker) => worker.close(300)));
    expect(app.runs).toEqual([]);
    end.resolve();
  });
});
