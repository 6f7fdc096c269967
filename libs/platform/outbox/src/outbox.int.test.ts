import { createSilentLogger } from '@cartwright/platform-logger';
import { newId, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import { createFences, createQueues, createWorkers } from '@cartwright/platform-queue';
import { testMongo, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './event.ts';
import { defineHandler } from './handler.ts';
import type { EventHandler } from './handler.ts';
import { createOutbox } from './outbox.ts';
import { createEventProcessor, deliverEvent } from './processor.ts';
import { createRelay } from './relay.ts';
import { outboxRows } from './rows.ts';

const logger = createSilentLogger();
const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 1,
  payload: z.object({ number: z.string(), at: z.date() }),
});
const userRegistered = defineEvent({ type: 'user.registered', version: 1, payload: z.object({ email: z.string() }) });

type Effect = { _id: string; handler: string; eventId: string };
const effectsOf = (mongo: Mongo) => mongo.connection.collection<Effect>('effects');

/** A handler whose effect in MongoDB would show every extra run. */
const recording = (mongo: Mongo, name: string, before?: () => void): EventHandler =>
  defineHandler({
    name,
    event: orderPlaced,
    handle: async (event, { tx }) => {
      before?.();
      await effectsOf(mongo).insertOne({ _id: newId(), handler: name, eventId: event.id }, sessionOption(tx));
    },
  });

const jobs = [deliverEvent] as const;

const start = async (options: { handlers: (mongo: Mongo) => EventHandler[]; workers?: boolean }) => {
  const db = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  const { redis } = cache;
  const handlers = options.handlers(mongo);
  const settings = { redisUrl: cache.url, prefix: cache.prefix, jobs, logger };
  const outbox = createOutbox({ mongo, redis });
  await outbox.ensureIndexes();
  await mongo.connection.createCollection('effects');
  const queues = createQueues(settings);
  const latencies: number[] = [];
  const process = createEventProcessor({
    mongo,
    handlers,
    logger,
    onHandled: ({ latencyMs }) => latencies.push(latencyMs),
  });
  const processors = { 'events.deliver': process };
  const fences = createFences({ mongo });
  const startWorkers = () => createWorkers({ ...settings, processors, fences, concurrency: 10 });
  const workers = options.workers === false ? [] : [await startWorkers()];
  const relays: { stop(): Promise<void> }[] = [];

  const startRelay = async (extra: { relayAgainMs?: number; leaseMs?: number; pollMs?: number } = {}) => {
    const relay = createRelay({ mongo, redis, queues, handlers, logger, ...extra });
    relays.push(relay);
    await relay.start();
    return relay;
  };
  const place = (number: string) =>
    mongo.transaction((tx) =>
      outbox.append(tx, [
        {
          event: orderPlaced,
          aggregateId: number,
          aggregateVersion: 1,
          payload: { number, at: new Date() },
          occurredAt: new Date(),
        },
      ]),
    );
  const statuses = async () => (await outboxRows(mongo).find().toArray()).map(({ status }) => status);

  return {
    mongo,
    redis,
    cache,
    outbox,
    queues,
    latencies,
    startRelay,
    startWorkers: async () => void workers.push(await startWorkers()),
    place,
    statuses,
    effects: () => effectsOf(mongo).find().toArray(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await Promise.all(workers.map((worker) => worker.close()));
      await queues.close();
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
};

const done = (count: number): string[] => Array.from({ length: count }, () => 'done');

describe('the outbox', () => {
  it('carries committed events to each handler once, within tens of milliseconds', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a'), recording(mongo, 'b')] });
    // Polling alone would take a minute: the nudge does it.
    await app.startRelay({ pollMs: 60_000 });
    await app.place('warm-up');
    await expect.poll(app.statuses).toEqual(done(1));
    for (let number = 0; number < 10; number += 1) await app.place(`n${number}`);
    await expect.poll(app.statuses, { timeout: 10_000 }).toEqual(done(11));
    expect(await app.effects()).toHaveLength(22);
    expect(app.latencies.toSorted((a, b) => a - b)[Math.floor(app.latencies.length / 2)]).toBeLessThan(500);
    expect(await app.outbox.lag()).toEqual({ open: 0, oldestMs: 0 });
  });

  it('tells nothing of a transaction that was rolled back', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a')] });
    const failing = app.mongo.transaction(async (tx) => {
      await app.outbox.append(tx, [
        {
          event: userRegistered,
          aggregateId: 'u1',
          aggregateVersion: 1,
          payload: { email: 'a' },
          occurredAt: new Date(),
        },
      ]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await app.statuses()).toEqual([]);
  });

  it('is shared by several relays without a second effect', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a')] });
    await Promise.all([app.startRelay({ pollMs: 5 }), app.startRelay({ pollMs: 5 }), app.startRelay({ pollMs: 5 })]);
    await Promise.all(Array.from({ length: 40 }, (_, number) => app.place(`n${number}`)));
    await expect.poll(app.statuses, { timeout: 15_000 }).toEqual(done(40));
    expect(await app.effects()).toHaveLength(40);
  });

  it('relays again what was relayed and lost, as after a wiped Redis', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a')], workers: false });
    await app.startRelay({ pollMs: 20, relayAgainMs: 300 });
    await app.place('n1');
    await expect.poll(app.statuses).toEqual(['relayed']);
    await app.redis.client.del(...(await app.redis.client.keys(`${app.cache.prefix}:queue:*`)));
    await app.startWorkers();
    await expect.poll(app.statuses, { timeout: 5_000 }).toEqual(['done']);
    expect(await app.effects()).toHaveLength(1);
  });

  it('takes over the rows of a relay that died with them', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a')] });
    await app.place('n1');
    await outboxRows(app.mongo).updateMany({}, { $set: { claim: 'dead', dueAt: new Date(Date.now() + 1_500) } });
    await app.startRelay({ pollMs: 20 });
    expect(await app.statuses()).toEqual(['pending']);
    await expect.poll(app.statuses).toEqual(['done']);
  });

  it('does nothing for a repeated delivery, and mends a missing mark', async () => {
    await using app = await start({ handlers: (mongo) => [recording(mongo, 'a')] });
    await app.startRelay();
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
    await using app = await start({
      handlers: (mongo) => [
        recording(mongo, 'a'),
        recording(mongo, 'flaky', () => {
          failures -= 1;
          if (failures >= 0) throw new Error('not yet');
        }),
      ],
    });
    await app.startRelay();
    await app.place('n1');
    await expect.poll(app.statuses, { timeout: 10_000 }).toEqual(['done']);
    expect((await app.effects()).map(({ handler }) => handler).toSorted()).toEqual(['a', 'flaky']);
  });

  it('finishes events that nobody handles', async () => {
    await using app = await start({ handlers: () => [] });
    await app.startRelay();
    await app.place('n1');
    await expect.poll(app.statuses).toEqual(['done']);
  });

  it('checks payloads when they are written', async () => {
    await using app = await start({ handlers: () => [] });
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
});
