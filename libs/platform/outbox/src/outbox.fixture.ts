import { createSilentLogger, type Logger } from '@cartwright/platform-logger';
import { newId, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Redis } from '@cartwright/platform-redis';
import { createFences, createQueues, createWorkers } from '@cartwright/platform-queue';
import { testMongo, testRedis } from '@cartwright/testkit';
import { z } from 'zod';
import { defineEvent, type EventDefinition } from './event.ts';
import { defineHandler } from './handler.ts';
import type { EventHandler } from './handler.ts';
import { createOutbox } from './outbox.ts';
import { createEventProcessor, deliverEvent, type HandledFacts } from './processor.ts';
import { createRelay } from './relay.ts';
import type { RelayFacts } from './relay-batch.ts';
import { outboxRows } from './rows.ts';

export const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 1,
  payload: z.object({ number: z.string(), at: z.date() }),
});

type Effect = { _id: string; handler: string; eventId: string };
const effectsOf = (mongo: Mongo) => mongo.connection.collection<Effect>('effects');

/** A handler whose effect in MongoDB would show every extra run. */
export const recording = (
  mongo: Mongo,
  name: string,
  { event = orderPlaced, before }: { event?: EventDefinition; before?: (payload: unknown) => void } = {},
): EventHandler =>
  defineHandler({
    name,
    event,
    handle: async ({ id, payload }, { tx }) => {
      before?.(payload);
      await effectsOf(mongo).insertOne({ _id: newId(), handler: name, eventId: id }, sessionOption(tx));
    },
  });

const jobs = [deliverEvent] as const;

/** What one release of the code brings along. */
export type Release = {
  handlers: EventHandler[];
  retired?: string[];
  workers?: boolean;
  logger?: Logger;
  redis?: Pick<Redis, 'duplicate' | 'key'>;
  clock?: () => Date;
  pollMs?: number;
  relayAgainMs?: number;
};

/** A database, Redis and an outbox, on which processes of several releases can run. */
export const startOutbox = async () => {
  const db = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  const { redis } = cache;
  const logger = createSilentLogger();
  const settings = { redisUrl: cache.url, prefix: cache.prefix, jobs, logger };
  const outbox = createOutbox({ mongo, redis });
  await outbox.ensureIndexes();
  await mongo.connection.createCollection('effects');
  const queues = createQueues(settings);
  const fences = createFences({ mongo });
  const closing: (() => Promise<void>)[] = [];
  const handled: HandledFacts[] = [];
  const batches: RelayFacts[] = [];

  const startWorkers = async ({ handlers }: Pick<Release, 'handlers'>) => {
    const process = createEventProcessor({ mongo, handlers, logger, onHandled: (facts) => void handled.push(facts) });
    const workers = await createWorkers({
      ...settings,
      fences,
      processors: { 'events.deliver': process },
      concurrency: 10,
    });
    closing.push(() => workers.close());
    return workers;
  };
  const startRelay = async (release: Release) => {
    const relay = createRelay({
      ...{ mongo, redis, queues, logger },
      onBatch: (facts) => void batches.push(facts),
      ...release,
    });
    closing.push(relay.stop);
    await relay.start();
    return relay;
  };
  const append = (event: EventDefinition, payload: unknown, writer = outbox) =>
    mongo.transaction((tx) => {
      const pending = { event, aggregateId: newId(), aggregateVersion: 1, payload, occurredAt: new Date() };
      return writer.append(tx, [pending]);
    });

  return {
    mongo,
    redis,
    cache,
    outbox,
    queues,
    handled,
    batches,
    startRelay,
    startWorkers,
    /** Relay and workers, as one worker process has them. */
    startProcess: async (release: Release) => {
      const workers = release.workers === false ? undefined : await startWorkers(release);
      const relay = await startRelay(release);
      return {
        stop: async () => {
          await relay.stop();
          await workers?.close();
        },
      };
    },
    append,
    place: (number: string, writer = outbox) => append(orderPlaced, { number, at: new Date() }, writer),
    rows: () => outboxRows(mongo).find().toArray(),
    statuses: async () => (await outboxRows(mongo).find().toArray()).map(({ status }) => status),
    /** Makes relays take all open rows now. */
    hurry: async () => {
      await outboxRows(mongo).updateMany({ dueAt: { $exists: true } }, { $set: { dueAt: new Date(0) } });
      outbox.notifyCommitted();
    },
    effects: async () =>
      (await effectsOf(mongo).find().toArray()).map(({ handler }) => handler).toSorted((a, b) => a.localeCompare(b)),
    [Symbol.asyncDispose]: async () => {
      for (const close of closing.reverse()) await close();
      await queues.close();
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
};
