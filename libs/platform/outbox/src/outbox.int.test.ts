import { createQueues, defineJob } from '@cartwright/platform-queue';
import { createSilentLogger } from '@cartwright/platform-logger';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './event.ts';
import { defineHandler, defineOutsideHandler } from './handler.ts';
import { orderPlaced, recording, startOutbox } from './outbox.fixture.ts';
import { deliverEvent } from './processor.ts';
import { outboxRows } from './rows.ts';

const userRegistered = defineEvent({ type: 'user.registered', version: 1, payload: z.object({ email: z.string() }) });

const done = (count: number): string[] => Array.from({ length: count }, () => 'done');

describe('the outbox', () => {
  it('carries committed events to each handler once, long before it would look by itself', async () => {
    await using app = await startOutbox();
    // Polling alone would take a minute: the nudge does it.
    const handlers = [recording(app.mongo, 'a'), recording(app.mongo, 'b')];
    await app.startProcess({ handlers, pollMs: 60_000 });
    await app.place('warm-up');
    await expect.poll(app.statuses).toEqual(done(1));
    for (let number = 0; number < 10; number += 1) await app.place(`n${number}`);
    await expect.poll(app.statuses, { timeout: 25_000 }).toEqual(done(11));
    expect(await app.effects()).toHaveLength(22);
    expect(Math.max(...app.handled.map(({ latencyMs }) => latencyMs))).toBeLessThan(30_000);
    expect(await app.outbox.lag()).toEqual({ open: 0, oldestMs: 0, overdueMs: 0 });
    expect(app.batches.flatMap(({ relayed }) => relayed)).toEqual(
      Array.from({ length: 11 }, () => ({ type: 'order.placed', again: false })),
    );
  });

  it('finds what was committed between its first look and its subscription', async () => {
    await using app = await startOutbox();
    let listen: (() => void) | undefined;
    const listening = new Promise<void>((resolve) => (listen = resolve));
    const { redis } = app;
    const duplicate: typeof redis.duplicate = (options) => {
      const subscriber = redis.duplicate(options);
      const subscribe = subscriber.subscribe.bind(subscriber);
      subscriber.subscribe = async (...channels: unknown[]) => {
        await listening;
        return subscribe(...(channels as string[]));
      };
      return subscriber;
    };
    const handlers = [recording(app.mongo, 'a')];
    await app.place('first look');
    await app.startProcess({ handlers, pollMs: 60_000, redis: { ...redis, duplicate } });
    await expect.poll(app.statuses).toEqual(done(1));
    await app.place('n1');
    listen?.();
    await expect.poll(app.statuses).toEqual(done(2));
  });

  it('tells nothing of a transaction that was rolled back', async () => {
    await using app = await startOutbox();
    const failing = app.mongo.transaction(async (tx) => {
      const pending = { event: userRegistered, aggregateId: 'u1', aggregateVersion: 1, payload: { email: 'a' } };
      await app.outbox.append(tx, [{ ...pending, occurredAt: new Date() }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await app.statuses()).toEqual([]);
  });

  it('is shared by several relays without a second effect', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a')];
    await app.startWorkers({ handlers });
    await Promise.all([1, 2, 3].map(() => app.startRelay({ handlers, pollMs: 5 })));
    await Promise.all(Array.from({ length: 40 }, (_, number) => app.place(`n${number}`)));
    await expect.poll(app.statuses, { timeout: 15_000 }).toEqual(done(40));
    expect(await app.effects()).toHaveLength(40);
    // No row was claimed by two of them.
    expect(app.batches.flatMap(({ relayed }) => relayed)).toHaveLength(40);
  });

  it('relays again what was relayed and lost, as after a wiped Redis', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a')];
    await app.startRelay({ handlers, pollMs: 20, relayAgainMs: 300 });
    await app.place('n1');
    await expect.poll(app.statuses).toEqual(['relayed']);
    await app.redis.client.del(...(await app.redis.client.keys(`${app.cache.prefix}:queue:*`)));
    await app.startWorkers({ handlers });
    await expect.poll(app.statuses, { timeout: 5_000 }).toEqual(['done']);
    expect(await app.effects()).toHaveLength(1);
  });

  it('takes over the rows of a relay that died with them', async () => {
    await using app = await startOutbox();
    await app.place('n1');
    await outboxRows(app.mongo).updateMany(
      {},
      { $set: { claim: 'dead', status: 'relayed', dueAt: new Date(Date.now() + 1_500) } },
    );
    await app.startProcess({ handlers: [recording(app.mongo, 'a')], pollMs: 20 });
    expect(await app.statuses()).toEqual(['relayed']);
    await expect.poll(app.statuses).toEqual(['done']);
  });

  it('gives rows back at once when it can make no jobs', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a')];
    await app.startWorkers({ handlers });
    let away = true;
    const { enqueueMany } = app.queues;
    app.queues.enqueueMany = (job, payloads) =>
      away ? Promise.reject(new Error('no Redis')) : enqueueMany(job, payloads);
    await app.startRelay({ handlers, pollMs: 50 });
    await app.place('n1');
    await expect.poll(async () => (await app.rows())[0]?.claim).toBeDefined();
    away = false;
    // Not after the half minute that rows are claimed for.
    await expect.poll(app.statuses, { timeout: 5_000 }).toEqual(['done']);
    expect((await app.rows())[0]?.relays).toBe(1);
  });

  it('does nothing for a repeated delivery, and mends a missing mark', async () => {
    await using app = await startOutbox();
    await app.startProcess({ handlers: [recording(app.mongo, 'a')] });
    await app.place('n1');
    await expect.poll(app.statuses).toEqual(['done']);
    // As if the process had died between the handler's commit and the mark.
    await outboxRows(app.mongo).updateMany(
      {},
      { $set: { status: 'relayed', dueAt: new Date(0), handled: [] }, $unset: { doneAt: '' } },
    );
    app.outbox.notifyCommitted();
    await expect.poll(app.statuses).toEqual(['done']);
    expect(await app.effects()).toHaveLength(1);
  });

  it('tries a failing handler again without holding up the others', async () => {
    let failures = 2;
    await using app = await startOutbox();
    const before = (): void => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    };
    await app.startProcess({ handlers: [recording(app.mongo, 'a'), recording(app.mongo, 'flaky', { before })] });
    await app.place('n1');
    await expect.poll(app.statuses, { timeout: 10_000 }).toEqual(['done']);
    expect(await app.effects()).toEqual(['a', 'flaky']);
  });

  it('runs handlers whose effects are elsewhere without a transaction or a record', async () => {
    await using app = await startOutbox();
    const told: string[] = [];
    const tell = defineOutsideHandler({
      name: 'tell',
      event: orderPlaced,
      handle: async ({ payload }) => void told.push(payload.number),
    });
    await app.startProcess({ handlers: [tell] });
    await app.place('n1');
    await expect.poll(app.statuses).toEqual(['done']);
    expect(told).toEqual(['n1']);
    expect(await app.mongo.connection.collection('inbox').countDocuments()).toBe(0);
    expect(app.handled).toMatchObject([{ type: 'order.placed', handler: 'tell' }]);
  });

  it('tries again only the handler that failed', async () => {
    let failures = 1;
    await using app = await startOutbox();
    const told: string[] = [];
    const telling = (name: string, before = (): void => {}) =>
      defineOutsideHandler({
        ...{ name, event: orderPlaced },
        handle: async () => {
          told.push(name);
          before();
        },
      });
    const flaky = telling('flaky', () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    });
    await app.startProcess({ handlers: [telling('a'), flaky, telling('b')] });
    await app.place('n1');
    await expect.poll(app.statuses, { timeout: 10_000 }).toEqual(['done']);
    expect(told).toEqual(['a', 'flaky', 'b', 'flaky']);
  });

  it('does not begin with what does not concern a handler', async () => {
    await using app = await startOutbox();
    const handlers = [
      defineHandler({
        ...{ name: 'a', event: orderPlaced },
        concerns: ({ number }) => number === 'n2',
        handle: recording(app.mongo, 'a').handle,
      }),
    ];
    await app.startProcess({ handlers });
    await app.place('n1');
    await app.place('n2');
    await expect.poll(app.statuses).toEqual(done(2));
    expect(await app.effects()).toEqual(['a']);
    expect(await app.mongo.connection.collection('inbox').countDocuments()).toBe(1);
  });

  it('reads jobs as the release before made them, for one handler each', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a'), recording(app.mongo, 'b')];
    app.outbox.expect(handlers);
    await app.place('n1');
    const payload = z.object({ eventId: z.string(), handler: z.string() });
    const before = defineJob({ queue: 'events', name: 'events.deliver', payload, attempts: 5, backoffMs: 200 });
    const [row] = await app.rows();
    await app.queues.enqueueMany(
      before,
      ['a', 'b'].map((handler) => ({ eventId: row?._id ?? '', handler })),
    );
    await app.startWorkers({ handlers });
    await expect.poll(app.statuses).toEqual(['done']);
    expect(await app.effects()).toEqual(['a', 'b']);
  });

  it('checks payloads when they are written', async () => {
    await using app = await startOutbox();
    const wrong = app.mongo.transaction((tx) =>
      app.outbox.append(tx, [
        {
          event: orderPlaced,
          aggregateId: 'x',
          aggregateVersion: 1,
          // @ts-expect-error the payload is another event's
          payload: { email: 'a' },
          occurredAt: new Date(),
        },
      ]),
    );
    await expect(wrong).rejects.toThrow();
  });

  it('tells how far the relays are behind, without looking at what is done', async () => {
    await using app = await startOutbox();
    const past = new Date(Date.now() - 60_000);
    await app.place('n1');
    await app.place('n2');
    await outboxRows(app.mongo).updateOne({}, { $set: { createdAt: past, dueAt: new Date(Date.now() - 5_000) } });
    await app.place('done');
    await outboxRows(app.mongo).updateOne(
      { 'payload.number': 'done' },
      { $set: { status: 'done', createdAt: new Date(0) }, $unset: { dueAt: '' } },
    );
    const { open, oldestMs, overdueMs } = await app.outbox.lag();
    expect(open).toBe(2);
    expect(oldestMs).toBeGreaterThanOrEqual(60_000);
    expect(oldestMs).toBeLessThan(90_000);
    expect(overdueMs).toBeGreaterThanOrEqual(5_000);
    expect(overdueMs).toBeLessThan(35_000);
  });

  it('makes one job per event, however often it relays', async () => {
    await using app = await startOutbox();
    const handlers = [recording(app.mongo, 'a'), recording(app.mongo, 'b')];
    await app.startRelay({ handlers, pollMs: 10, relayAgainMs: 20 });
    await app.place('n1');
    await expect.poll(async () => (await app.rows())[0]?.relays).toBeGreaterThan(4);
    const { url: redisUrl, prefix } = app.cache;
    const queues = createQueues({ redisUrl, prefix, jobs: [deliverEvent], logger: createSilentLogger() });
    expect((await queues.counts()).events?.waiting).toBe(1);
    await queues.close();
  });
});
