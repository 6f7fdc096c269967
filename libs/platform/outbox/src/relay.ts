import type { Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import type { Queues } from '@cartwright/platform-queue';
import type { Redis } from '@cartwright/platform-redis';
import type { EventHandler } from './handler.ts';
import { createRelayBatch, type RelayFacts } from './relay-batch.ts';
import { createHandlerRegistry } from './registry.ts';
import { nudgeChannel } from './rows.ts';

export type Relay = {
  /** Starts relaying in the background. */
  start(): Promise<void>;
  /** Stops after the batch under way. */
  stop(): Promise<void>;
};

/** A row relayed and not done within this time is relayed again. */
const RELAY_AGAIN_MS = 30_000;
const POLL_MS = 1_000;

/**
 * The relay carries committed events into the queue, one job per event. Several relays may run at once:
 * each takes rows for half a minute, after which those of a crashed one are taken by another. Woken by `append`, and by
 * polling.
 */
export const createRelay = (options: {
  mongo: Mongo;
  redis: Pick<Redis, 'duplicate' | 'key'>;
  queues: Pick<Queues, 'enqueueMany' | 'isPaused'>;
  handlers: readonly EventHandler[];
  /** Names of handlers that the code had once: nothing waits for them any more. */
  retired?: readonly string[] | undefined;
  logger: Logger;
  clock?: () => Date;
  pollMs?: number;
  relayAgainMs?: number;
  /** Called after each batch, for metrics. */
  onBatch?: ((facts: RelayFacts) => void) | undefined;
}): Relay => {
  const { mongo, redis, queues, logger, onBatch, clock = () => new Date(), retired = [] } = options;
  const { pollMs = POLL_MS, relayAgainMs = RELAY_AGAIN_MS } = options;
  const registry = createHandlerRegistry(options.handlers);
  const relayBatch = createRelayBatch({ mongo, queues, registry, retired, logger, clock, relayAgainMs, onBatch });

  let stopping = false;
  let nudged = false;
  let wake: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let subscriber: ReturnType<Redis['duplicate']> | undefined;

  const nudge = (): void => {
    nudged = true;
    wake?.();
  };

  const idle = async (): Promise<void> => {
    if (nudged || stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      nudged = false;
      try {
        while (!stopping && (await relayBatch()) === 'more');
      } catch (error) {
        logger.warn({ err: error }, 'relaying events failed, will be retried');
        // No hot loop while a store is away, however many nudges come.
        nudged = false;
      }
      await idle();
    }
  };

  return {
    start: async () => {
      if (running) return;
      stopping = false;
      subscriber = redis.duplicate({ maxRetriesPerRequest: null });
      subscriber.on('message', nudge);
      // Not awaited: with Redis away the relay starts all the same, by polling. What was told before it listens is looked for.
      subscriber.subscribe(nudgeChannel(redis.key)).then(nudge, () => undefined);
      running = loop();
    },
    stop: async () => {
      stopping = true;
      wake?.();
      await running;
      running = undefined;
      subscriber?.disconnect();
      subscriber = undefined;
    },
  };
};
