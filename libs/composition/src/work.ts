import { createEventProcessor, createRelay, type EventHandler } from '@cartwright/platform-outbox';
import {
  createWorkers,
  keepRepeating,
  type Fences,
  type JobDefinition,
  type ProcessorsFor,
  type Queues,
  type QueueSettingsFor,
  type Schedule,
} from '@cartwright/platform-queue';
import type { z } from 'zod';
import { closeAll } from './closing.ts';
import type { Platform } from './platform.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { observeWork, type observeStores } from './work-metrics.ts';

/** Events are taken by a relay within a second; after so long no relay is at it. */
const RELAYS_STAND_AFTER_MS = 60_000;

/**
 * Handlers that the code had once. Events that still wait for one of them are let go; names can be taken off the list two
 * weeks later.
 */
const RETIRED_HANDLERS: readonly string[] = [];

/** A worker process at work. */
export interface Work {
  /** Whether the stores answer, relays relay and jobs get done. */
  readiness(): Promise<Readiness>;
  close(): Promise<void>;
}

/** Starts what a worker process does: relay, job processors and repeating jobs. */
export async function startWork<const Jobs extends readonly JobDefinition[], Schema extends z.ZodType>({
  platform,
  queues,
  stores,
  ...options
}: {
  platform: Platform;
  queues: Queues;
  stores: ReturnType<typeof observeStores>;
  jobs: Jobs;
  settings: QueueSettingsFor<Jobs>;
  fences: Fences;
  handlers: readonly EventHandler[];
  processors: (deliver: Processor) => ProcessorsFor<Jobs>;
  /** Run again and again by their schedule, all with this payload. */
  repeating: {
    payload: z.input<Schema>;
    schedules: readonly { jobs: readonly JobDefinition<string, Schema>[]; schedule: Schedule }[];
  };
}): Promise<Work> {
  const { config, logger, mongo, redis, telemetry } = platform;
  const { jobs, fences, handlers } = options;
  const { onRun, onBatch, onHandled } = observeWork(telemetry);
  const deliver = createEventProcessor({ mongo, handlers, logger, onHandled });
  const workers = await createWorkers({
    redisUrl: config.redis.url,
    prefix: config.redis.prefix,
    jobs,
    queues: options.settings,
    processors: options.processors(deliver),
    fences,
    concurrency: config.worker.concurrency,
    logger,
    onRun,
  });
  const relay = createRelay({ mongo, redis, queues, handlers, retired: RETIRED_HANDLERS, logger, onBatch });
  const close = () => closeAll([relay.stop, () => workers.close()]);
  const names = [...new Set(jobs.map(({ queue }) => queue))];
  const moves = async (name: string): Promise<void> => {
    if ((await stores.health())[name]?.healthy === false) throw new Error(`The queue ${name} stands`);
  };
  try {
    await relay.start();
    const { payload, schedules } = options.repeating;
    const repeating = await Promise.all(
      schedules.map((scheduled) => keepRepeating({ ...scheduled, payload, queues, logger })),
    );
    return {
      readiness: createReadiness({
        mongodb: mongo.ping,
        redis: redis.ping,
        outbox: async () => {
          if ((await stores.lag()).overdueMs > RELAYS_STAND_AFTER_MS) throw new Error('No relay takes events');
        },
        ...Object.fromEntries(names.map((name) => [`queue ${name}`, () => moves(name)])),
      }),
      close: async () => {
        for (const schedule of repeating) schedule.stop();
        await close();
      },
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

type Processor = ReturnType<typeof createEventProcessor>;
