import { describe, expect, it } from 'vitest';
import { expireOrder, processorsWith, sendMail, startQueues } from './queue.fixture.ts';

const failing = (fails: () => boolean, done: string[]) =>
  processorsWith({
    'mail.send': async ({ to }) => {
      if (fails()) throw new Error(`no way to ${to}`);
      done.push(to);
    },
  });

describe('dead letters', () => {
  it('are listed by pages, the latest first, each once', async () => {
    await using app = await startQueues(failing(() => true, []));
    const names = Array.from({ length: 25 }, (_, number) => `n${number}`);
    await app.queues.enqueueMany(
      sendMail,
      names.map((to) => ({ to })),
    );
    await expect.poll(async () => (await app.queues.counts()).mail?.failed).toBe(25);
    const seen: { to: unknown; at: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.queues.deadLetters('mail', { limit: 10, cursor });
      for (const { payload, failedAt, attempts, reason } of page.items) {
        expect(attempts).toBe(2);
        expect(reason).toMatch(/^no way to n\d+$/);
        seen.push({ to: (payload as { to: string }).to, at: failedAt.getTime() });
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.map(({ to }) => to).toSorted()).toEqual(names.toSorted());
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => b - a));
    await expect(app.queues.deadLetters('mail', { limit: 10, cursor: 'nonsense' })).rejects.toThrow('CURSOR_INVALID');
    await expect(app.queues.deadLetters('nowhere', { limit: 10 })).rejects.toThrow('NOT_FOUND');
  });

  it('can be tried again, one or all, with all their attempts', async () => {
    let broken = true;
    const done: string[] = [];
    await using app = await startQueues(failing(() => broken, done));
    await app.queues.enqueueMany(sendMail, [{ to: 'a' }, { to: 'b' }, { to: 'c' }]);
    await expect.poll(async () => (await app.queues.counts()).mail?.failed).toBe(3);
    const { items } = await app.queues.deadLetters('mail', { limit: 10 });
    const one = items.find(({ payload }) => (payload as { to: string }).to === 'b')?.id ?? '';

    expect(await app.queues.retry('mail', [one, one, 'nobody'])).toBe(1);
    await expect.poll(async () => (await app.queues.counts()).mail?.failed).toBe(3);
    const again = (await app.queues.deadLetters('mail', { limit: 10 })).items.find(({ id }) => id === one);
    expect(again?.attempts).toBe(2);

    broken = false;
    expect(await app.queues.retry('mail', 'all')).toBe(3);
    await expect.poll(() => done.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await app.queues.retry('mail', [one])).toBe(0);
  });

  it('can be thrown away, and nothing else with them', async () => {
    await using app = await startQueues(failing(() => true, []));
    await app.queues.enqueueMany(sendMail, [{ to: 'a' }, { to: 'b' }, { to: 'c' }]);
    await expect.poll(async () => (await app.queues.counts()).mail?.failed).toBe(3);
    const waiting = await app.raw('mail').add('mail.send', { to: 'later' }, { delay: 60_000 });
    const { items } = await app.queues.deadLetters('mail', { limit: 1 });
    expect(await app.queues.discard('mail', [items[0]?.id ?? '', waiting.id ?? ''])).toBe(1);
    expect(await app.queues.discard('mail', 'all')).toBe(2);
    expect((await app.queues.counts()).mail).toMatchObject({ failed: 0, delayed: 1 });
  });
});

describe('a queue', () => {
  it('stands while it is paused, others go on', async () => {
    const done: string[] = [];
    await using app = await startQueues(
      processorsWith({
        'mail.send': async ({ to }) => void done.push(to),
        'orders.expire': async ({ orderId }) => void done.push(orderId),
      }),
    );
    await app.queues.pause('mail');
    await app.queues.enqueue(sendMail, { to: 'mail' });
    await app.queues.enqueue(expireOrder, { orderId: 'order', at: new Date() });
    await expect.poll(() => done).toEqual(['order']);
    expect((await app.queues.health()).mail).toMatchObject({ paused: true, waiting: 1, healthy: true });
    await app.queues.resume('mail');
    await expect.poll(() => done).toEqual(['order', 'mail']);
    expect((await app.queues.health()).mail).toMatchObject({ paused: false });
  });

  it('is unhealthy when something waits and nothing is finished, and healthy as soon as it moves', async () => {
    await using app = await startQueues(null, { queues: { mail: { stuckAfterMs: 300 } } });
    const health = async () => (await app.queues.health()).mail;
    expect(await health()).toMatchObject({ healthy: true, oldestWaitingMs: 0, sinceProgressMs: null });
    await app.queues.enqueue(sendMail, { to: 'a' }, { delayMs: 60_000 });
    expect(await health()).toMatchObject({ healthy: true, delayed: 1, oldestWaitingMs: 0 });

    await app.queues.enqueue(sendMail, { to: 'b' });
    await expect.poll(health).toMatchObject({ healthy: false, waiting: 1 });
    expect((await health())?.oldestWaitingMs).toBeGreaterThan(300);
    // Redis answers all the time: a ping would have seen nothing.
    let free = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (free = resolve));
    await app.startWorkers(processorsWith({ 'mail.send': ({ to }) => (to === 'b' ? blocked : Promise.resolve()) }), {
      concurrency: 1,
    });
    await app.queues.enqueue(sendMail, { to: 'c' });
    await expect.poll(health).toMatchObject({ healthy: false, active: 1, waiting: 1 });
    free();
    await expect.poll(health).toMatchObject({ healthy: true, waiting: 0, active: 0 });
    expect((await health())?.sinceProgressMs).toBeLessThan(5_000);
  });

  it('counts jobs whose delay is over as waiting while no worker is there', async () => {
    await using app = await startQueues(null, { queues: { mail: { stuckAfterMs: 200 } } });
    const before = Date.now();
    await app.queues.enqueue(sendMail, { to: 'a' }, { delayMs: 100 });
    await expect.poll(async () => (await app.queues.health()).mail?.healthy).toBe(false);
    const age = (await app.queues.health()).mail?.oldestWaitingMs ?? 0;
    expect(age).toBeGreaterThan(200);
    expect(age).toBeLessThan(Date.now() - before);
  });

  it('begins no more jobs than its rate allows, over all workers', async () => {
    const at: number[] = [];
    const processors = processorsWith({ 'mail.send': async () => void at.push(Date.now()) });
    await using app = await startQueues(processors, { queues: { mail: { rateLimit: { max: 5, perMs: 400 } } } });
    await app.startWorkers(processors);
    await app.queues.enqueueMany(
      sendMail,
      Array.from({ length: 15 }, () => ({ to: 'a' })),
    );
    await expect.poll(() => at.length, { timeout: 10_000 }).toBe(15);
    expect((at[14] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(700);
  });
});
