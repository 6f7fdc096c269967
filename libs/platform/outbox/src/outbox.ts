import { afterCommit, insertLast, newId } from '@cartwright/platform-mongo';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Redis } from '@cartwright/platform-redis';
import type { AnyPendingEvent, EventDefinition, PendingEvent } from './event.ts';
import type { EventHandler } from './handler.ts';
import { createHandlerRegistry, type HandlerRegistry } from './registry.ts';
import { createStuckEvents, type StuckEvents } from './stuck-events.ts';
import { ensureOutboxIndexes, nudgeChannel, OPEN, OPEN_INDEX, outboxRows } from './rows.ts';
import type { OutboxRow } from './rows.ts';

export type OutboxLag = {
  /** Events not done yet. */
  open: number;
  /** The age of the oldest of them in milliseconds. */
  oldestMs: number;
  /** For how long the most overdue of them has been waiting for a relay to take it (again): relays stand when it grows. */
  overdueMs: number;
};

export type Outbox = {
  /**
   * Writes events in the transaction of the change they tell of, and wakes the relays after its commit.
   * Throws a ZodError when a payload doesn't fit its definition.
   */
  append<const Definitions extends readonly EventDefinition[]>(
    tx: Tx,
    events: readonly AnyPendingEvent[] & { [Index in keyof Definitions]: PendingEvent<Definitions[Index]> },
  ): Promise<void>;
  /**
   * Tells which handlers the code of this process has: events written from now on say that they expect those, so that
   * processes of an older release close none of them too early.
   */
  expect(handlers: readonly Pick<EventHandler, 'name' | 'event'>[]): void;
  /** Wakes the relays. `append` does so by itself; polling finds the rows anyhow when Redis is away. */
  notifyCommitted(): void;
  /** Creates the collections and indexes; called once at start. */
  ensureIndexes(): Promise<void>;
  /** How far the relays are behind, for metrics and health. */
  lag(): Promise<OutboxLag>;
  /** Events that don't get done by themselves, for people to look after. */
  stuck: StuckEvents;
};

/** The writing side of the outbox. */
export const createOutbox = (options: {
  mongo: Mongo;
  redis: Pick<Redis, 'client' | 'key'>;
  clock?: () => Date;
}): Outbox => {
  const { mongo, redis, clock = () => new Date() } = options;
  let known: Pick<HandlerRegistry, 'namesFor'> | undefined;

  const notifyCommitted = (): void => {
    // Best effort: a relay polls as well.
    redis.client.publish(nudgeChannel(redis.key), '1').catch(() => undefined);
  };

  return {
    append: async (tx, events) => {
      const pending: readonly AnyPendingEvent[] = events;
      if (pending.length === 0) return;
      const now = clock();
      const rows = pending.map(({ event, aggregateId, aggregateVersion, payload, occurredAt }): OutboxRow => ({
        _id: newId(),
        type: event.type,
        version: event.version,
        aggregateId,
        aggregateVersion,
        payload: event.payload.parse(payload),
        occurredAt,
        createdAt: now,
        status: 'pending',
        ...(known && { expects: [...known.namesFor(event.type)] }),
        handled: [],
        dueAt: now,
        relays: 0,
      }));
      await insertLast(tx, outboxRows(mongo), rows);
      afterCommit(tx, 'outbox.nudge', notifyCommitted);
    },
    expect: (handlers) => {
      known = createHandlerRegistry(handlers);
    },
    notifyCommitted,
    stuck: createStuckEvents({ mongo, notify: notifyCommitted, clock }),
    ensureIndexes: () => ensureOutboxIndexes(mongo),
    lag: async () => {
      // Answered by the index of open rows alone.
      const [sums] = await outboxRows(mongo)
        .aggregate<{ open: number; createdAt: Date; dueAt: Date }>(
          [
            { $match: OPEN },
            { $group: { _id: null, open: { $sum: 1 }, createdAt: { $min: '$createdAt' }, dueAt: { $min: '$dueAt' } } },
          ],
          { hint: OPEN_INDEX },
        )
        .toArray();
      if (!sums) return { open: 0, oldestMs: 0, overdueMs: 0 };
      const since = (moment: Date): number => Math.max(0, clock().getTime() - moment.getTime());
      return { open: sums.open, oldestMs: since(sums.createdAt), overdueMs: since(sums.dueAt) };
    },
  };
};
