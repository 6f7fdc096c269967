import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from './job.ts';
import { PostponeError } from './postpone.ts';
import { expireOrder, logger, noFences, processorsWith, sendMail, startQueues } from './queue.fixture.ts';
import { createQueues } from './queues.ts';
import { createWorkers } from './workers.ts';

/** The same job after its payload has changed. */
const sendMail2 = defineJob({
  queue: 'mail',
  name: 'mail.send',
  version: 2,
  payload: z.union([z.strictObject({ recipient: z.string() }), z.strictObject({ to: z.string() })]),
  attempts: 2,
  backoffMs: 10,
});

const sendDigest = defineJob({
  queue: 'mail',
  name: 'mail.digest',
  payload: z.object({}),
  attempts: 2,
  backoffMs: 10,
});

describe('a queue', () => {
  it('is not held up by poisoned jobs, which end among the dead letters', async () => {
    let tries = 0;
    const sent: string[] = [];
    await using app = await startQueues(
      processorsWith({
        'orders.expire': async () => {
          tries += 1;
          throw new Error('always');
        },
        'mail.send': async ({ to }) => void sent.push(to),
      }),
      { concurrency: 1 },
    );
    await app.raw('mail').add('mail.send', { to: 7 }, { attempts: 5 });
    await app.raw('mail').add('mail.send', 'no object', { attempts: 5 });
    await app.raw('mail').add('mail.send', { to: 'a', $version: 'x' }, { attempts: 5 });
    await app.queues.enqueue(expireOrder, { orderId: 'o1', at: new Date() });
    await app.queues.enqueueMany(sendMail, [{ to: 'a' }, { to: 'b' }]);
    await expect.poll(() => sent.toSorted()).toEqual(['a', 'b']);
    await expect.poll(async () => (await app.queues.counts()).orders?.failed).toBe(1);
    await expect.poll(async () => (await app.queues.counts()).mail?.failed).toBe(3);
    expect(tries).toBe(3);
    // What can never be read is not tried again, however many tries it was given.
    const { items } = await app.queues.deadLetters('mail', { limit: 10 });
    expect(items.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    // A dead letter doesn't hold its key.
    await app.queues.enqueue(expireOrder, { orderId: 'o1', at: new Date() });
    await expect.poll(() => tries).toBe(6);
  });

  it('leaves unknown jobs and newer versions to newer workers, and goes on meanwhile', async () => {
    const sent: unknown[] = [];
    await using app = await startQueues(processorsWith({ 'mail.send': async ({ to }) => void sent.push(to) }), {
      concurrency: 1,
    });
    const newer = createQueues({ redisUrl: app.cache.url, prefix: app.cache.prefix, jobs: [sendMail2], logger });
    await app.raw('mail').add('mail.digest', {});
    await newer.enqueue(sendMail2, { recipient: 'later' });
    await app.queues.enqueue(sendMail, { to: 'now' });
    await expect.poll(() => sent).toEqual(['now']);
    await expect
      .poll(async () => (await app.queues.counts()).mail)
      .toMatchObject({ delayed: 2, failed: 0, waiting: 0 });
    expect(app.runs.filter(({ outcome }) => outcome === 'postponed')).toHaveLength(2);

    const workers = await createWorkers({
      ...{
        redisUrl: app.cache.url,
        prefix: app.cache.prefix,
        jobs: [sendMail2, sendDigest] as const,
        logger,
        concurrency: 1,
        fences: noFences,
      },
      processors: {
        'mail.send': async (payload: unknown) => void sent.push(payload),
        'mail.digest': async () => void sent.push('digest'),
      },
    });
    await expect.poll(() => sent, { timeout: 15_000 }).toHaveLength(3);
    expect(sent).toContainEqual({ recipient: 'later' });
    expect(sent).toContain('digest');
    await workers.close();
    await newer.close();
  });

  it('comes late for what it has put back itself, so that newer workers come first', async () => {
    await using app = await startQueues(processorsWith({}));
    const mail = app.raw('mail');
    const { id = '' } = await mail.add('mail.digest', {});
    const postponed = (): number => app.runs.filter(({ outcome }) => outcome === 'postponed').length;
    await expect.poll(postponed).toBe(1);
    const due = Number(await app.cache.redis.client.zscore(mail.toKey('delayed'), id)) / 4_096;
    expect(due).toBeGreaterThan(0);
    await expect.poll(postponed, { timeout: 20_000 }).toBe(2);
    expect(Date.now() - due).toBeGreaterThan(1_000);
  });

  it('gives up what nobody understands for too long, without losing it', async () => {
    await using app = await startQueues(processorsWith({}), { patienceMs: 1 });
    await app.raw('mail').add('mail.digest', { about: 'all' });
    await expect.poll(async () => (await app.queues.counts()).mail?.failed, { timeout: 10_000 }).toBe(1);
    const { items } = await app.queues.deadLetters('mail', { limit: 10 });
    expect(items).toMatchObject([{ name: 'mail.digest', payload: { about: 'all' }, attempts: 1 }]);
  });

  it('counts no attempt for what a processor leaves to others', async () => {
    const attempts: number[] = [];
    await using app = await startQueues(
      processorsWith({
        'mail.send': async (_payload, { attempt }) => {
          attempts.push(attempt);
          if (attempts.length === 1) throw new PostponeError('not here');
        },
      }),
    );
    await app.queues.enqueue(sendMail, { to: 'a' });
    await expect.poll(() => attempts, { timeout: 10_000 }).toEqual([1, 1]);
  });
});
