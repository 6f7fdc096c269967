import { newId } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import type { Queues } from '@cartwright/platform-queue';
import type { Redis } from '@cartwright/platform-redis';
import type { EventHandler } from './handler.ts';
import { deliverEvent, handlersByType } from './processor.ts';
import { nudgeChannel, outboxRows } from './rows.ts';

export type Relay = {
  /** Starts relaying in the background. */
  start(): Promise<void>;
  /** Stops after the batch under way. */
  stop(): Promise<void>;
};

const BATCH = 200;
/** How long a claimed row is left to the relay that claimed it. */
const LEASE_MS = 10_000;
/** A row relayed and not done within this time is relayed again. */
const RELAY_AGAIN_MS = 30_000;
/** As often as that at this pace; then the pace halves each time, so that a poisoned event doesn't keep everybody busy. */
const RELAYS_AT_FULL_PACE = 5;
const SLOWEST = 20;
const POLL_MS = 1_000;

/**
 * The relay carries committed events into the queue, one job per event and handler. Several relays may run at once:
 * rows are claimed by lease, so a crashed relay's rows are taken over when it ends. Woken by `append`, and by polling.
 */
export const createRelay = (options: {
  mongo: Mongo;
  redis: Pick<Redis, 'duplicate' | 'key'>;
  queues: Pick<Queues, 'enqueueMany'>;
  handlers: readonly EventHandler[];
  logger: Logger;
  clock?: () => Date;
  pollMs?: number;
  relayAgainMs?: number;
  leaseMs?: number;
}): Relay => {
  const { mongo, redis, queues, logger, clock = () => new Date() } = options;
  const { pollMs = POLL_MS, relayAgainMs = RELAY_AGAIN_MS, leaseMs = LEASE_MS } = options;
  const namesByType = handlersByType(options.handlers);
  const rows = () => outboxRows(mongo);
  const after = (milliseconds: number): Date => new Date(clock().getTime() + milliseconds);

  /** Claims and relays one batch; answers how many rows it took. */
  const relayBatch = async (): Promise<number> => {
    const due = { dueAt: { $lte: clock() } };
    const candidates = await rows().find(due).project<{ _id: string }>({ _id: 1 }).limit(BATCH).toArray();
    if (candidates.length === 0) return 0;

    const claim = newId();
    const ids = candidates.map(({ _id }) => _id);
    await rows().updateMany({ _id: { $in: ids }, ...due }, { $set: { claim, dueAt: after(leaseMs) } });
    const claimed = await rows()
      .find({ _id: { $in: ids }, claim })
      .toArray();
    if (claimed.length === 0) return candidates.length;

    const deliveries = claimed.flatMap((row) =>
      (namesByType.get(row.type) ?? [])
        .filter((handler) => !row.handled.includes(handler))
        .map((handler) => ({ eventId: row._id, handler })),
    );
    await queues.enqueueMany(deliverEvent, deliveries);

    const waiting = new Set(deliveries.map(({ eventId }) => eventId));
    const relayed = claimed.filter(({ _id }) => waiting.has(_id));
    const unheard = claimed.filter(({ _id }) => !waiting.has(_id)).map(({ _id }) => _id);
    // A fast handler may have finished a row already: rows that are done keep their state.
    for (const [relays, group] of Map.groupBy(relayed, (row) => row.relays)) {
      const pace = Math.min(SLOWEST, 2 ** Math.max(0, relays - RELAYS_AT_FULL_PACE));
      if (relays > RELAYS_AT_FULL_PACE)
        logger.error({ events: group.map(({ _id }) => _id), relays }, 'events stay undone');
      await rows().updateMany(
        { _id: { $in: group.map(({ _id }) => _id) }, claim, status: { $ne: 'done' } },
        { $set: { status: 'relayed', dueAt: after(relayAgainMs * pace) }, $inc: { relays: 1 } },
      );
    }
    if (unheard.length > 0) {
      await rows().updateMany(
        { _id: { $in: unheard }, claim },
        { $set: { status: 'done', doneAt: clock() }, $unset: { dueAt: '', claim: '' } },
      );
    }
    return claimed.length;
  };

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
        while (!stopping && (await relayBatch()) > 0);
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
      // Not awaited for ever: with Redis away the relay starts all the same, by polling.
      subscriber.subscribe(nudgeChannel(redis.key)).catch(() => undefined);
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
