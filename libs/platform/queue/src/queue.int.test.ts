import { startRedisServer } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { Redis } from 'ioredis';
import { expireOrder, jobs, logger, noFences as fences, sendMail, startQueues as start } from './queue.fixture.ts';
import type { Settings } from './queue.fixture.ts';
import { createQueues } from './queues.ts';
import { keepRepeating } from './repeating.ts';
import { createWorkers } from './workers.ts';

describe('queues', () => {
  it('carry parsed payloads, soon', async () => {
    const seen: unknown[] = [];
    await using app = await start({
      'orders.expire': async (payload) => void seen.push(payload),
      'mail.send': async ({ to }) => void seen.push(to),
    });
    await app.queues.enqueue(expireOrder, { orderId: '507f1f77bcf86cd799439011', at: new Date(5) });
    await app.queues.enqueue(sendMail, { to: 'a' });
    await expect.poll(() => seen).toHaveLength(2);
    expect(seen).toContainEqual({ orderId: '507f1f77bcf86cd799439011', at: new Date(5) });
    await expect(app.queues.enqueue(sendMail, { to: 5 as unknown as string })).rejects.toThrow();
  });

  it('keep one waiting job per key, whatever the key holds', async () => {
    let runs = 0;
    await using app = await start({
      'orders.expire': async () => void (runs += 1),
      'mail.send': async () => undefined,
    });
    const payload = { orderId: 'a:b/12 ü', at: new Date() };
    for (let time = 0; time < 5; time += 1) await app.queues.enqueue(expireOrder, payload, { delayMs: 100 });
    expect((await app.queues.counts()).orders?.delayed).toBe(1);
    await expect.poll(() => runs).toBe(1);
    // It is no record of having run: the key is free again.
    await expect.poll(async () => (await app.queues.counts()).orders?.active).toBe(0);
    await app.queues.enqueue(expireOrder, payload);
    await expect.poll(() => runs).toBe(2);
  });

  it('remove a waiting job', async () => {
    let runs = 0;
    await using app = await start({
      'orders.expire': async () => void (runs += 1),
      'mail.send': async () => undefined,
    });
    const payload = { orderId: 'o1', at: new Date() };
    await app.queues.enqueue(expireOrder, payload, { delayMs: 60_000 });
    expect(await app.queues.remove(expireOrder, payload)).toBe(true);
    expect((await app.queues.counts()).orders?.delayed).toBe(0);
    expect(await app.queues.remove(expireOrder, payload)).toBe(true);
    expect(runs).toBe(0);
  });

  it('repeat a job on a schedule, one schedule per job', async () => {
    let runs = 0;
    await using app = await start({
      'orders.expire': async () => undefined,
      'mail.send': async () => void (runs += 1),
    });
    for (let time = 0; time < 3; time += 1) await app.queues.upsertRepeating(sendMail, { to: 'a' }, { everyMs: 100 });
    await expect.poll(() => runs, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
    expect((await app.queues.counts()).mail?.delayed).toBeLessThanOrEqual(1);
  });
});

describe('queues without Redis', () => {
  it('refuse soon, and go on by themselves when it is back', async () => {
    const server = await startRedisServer();
    const settings = { redisUrl: server.url, prefix: 'x', jobs, logger };
    const queues = createQueues(settings);
    const sent: string[] = [];
    const workers = await createWorkers({
      ...settings,
      fences,
      processors: {
        'orders.expire': async () => undefined,
        'mail.send': async ({ to }: { to: string }) => void sent.push(to),
      },
      concurrency: 1,
    });
    await queues.enqueue(sendMail, { to: 'before' });
    await expect.poll(() => sent).toEqual(['before']);
    await server.stop();
    const startedAt = performance.now();
    await expect(queues.enqueue(sendMail, { to: 'lost' })).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await using again = await startRedisServer({ port: server.port });
    await expect.poll(() => queues.enqueue(sendMail, { to: 'after' }).then(() => again.port)).toBe(server.port);
    await expect.poll(() => sent).toContain('after');
    await workers.close();
    await queues.close();
  });
});

describe('a wiped Redis', () => {
  it('does not end what repeats', async () => {
    await using server = await startRedisServer();
    const settings = { redisUrl: server.url, prefix: 'x', jobs: [sendMail] as const, logger };
    const queues = createQueues(settings);
    let runs = 0;
    const processors = { 'mail.send': async () => void (runs += 1) };
    const workers = await createWorkers({ ...settings, fences, processors, concurrency: 1 });
    const settingsOfIt = {
      queues,
      jobs: [sendMail],
      payload: { to: 'a' },
      schedule: { everyMs: 50 },
      logger,
      checkMs: 50,
    };
    const repeating = await keepRepeating(settingsOfIt);
    await expect.poll(() => runs).toBeGreaterThanOrEqual(2);
    const client = new Redis(server.url);
    await client.flushall();
    const before = runs;
    await expect.poll(() => runs, { timeout: 10_000 }).toBeGreaterThanOrEqual(before + 3);
    repeating.stop();
    await workers.close();
    await queues.close();
    client.disconnect();
  });
});

describe('a job catalog', () => {
  it('compiles only with a processor for each job', () => {
    // @ts-expect-error a processor is missing
    const processors: Settings['processors'] = { 'mail.send': async () => undefined };
    expect(processors).toBeDefined();
  });

  it('takes settings of its own queues only', () => {
    // @ts-expect-error there is no such queue
    const queues: Settings['queues'] = { mial: { concurrency: 1 } };
    expect(queues).toBeDefined();
  });
});
