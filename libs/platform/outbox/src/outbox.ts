import { afterCommit, newId, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Redis } from '@cartwright/platform-redis';
import type { AnyPendingEvent, EventDefinition, PendingEvent } from './event.ts';
import { ensureOutboxIndexes, nudgeChannel, outboxRows } from './rows.ts';
import type { OutboxRow } from './rows.ts';

export type Outbox = {
  /**
   * Writes events in the transaction of the change they tell of, and wakes the relays after its commit.
   * Throws a ZodError when a payload doesn't fit its definition.
   */
  append<const Definitions extends readonly EventDefinition[]>(
    tx: Tx,
    events: readonly AnyPendingEvent[] & { [Index in keyof Definitions]: PendingEvent<Definitions[Index]> },
  ): Promise<void>;
  /** Wakes the relays. `append` does so by itself; polling finds the rows anyhow when Redis is away. */
  notifyCommitted(): void;
  /** Creates the collections and indexes; called once at start. */
  ensureIndexes(): Promise<void>;
  /** Rows not done yet and the age of the oldest in milliseconds, for metrics and health. */
  lag(): Promise<{ open: number; oldestMs: number }>;
};

/** The writing side of the outbox. */
export const createOutbox = (options: {
  mongo: Mongo;
  redis: Pick<Redis, 'client' | 'key'>;
  clock?: () => Date;
}): Outbox => {
  const { mongo, redis, clock = () => new Date() } = options;

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
        handled: [],
        dueAt: now,
        relays: 0,
      }));
      await outboxRows(mongo).insertMany(rows, sessionOption(tx));
      afterCommit(tx, 'outbox.nudge', notifyCommitted);
    },
    notifyCommitted,
    ensureIndexes: () => ensureOutboxIndexes(mongo),
    lag: async () => {
      const open = { dueAt: { $exists: true } };
      const [count, oldest] = await Promise.all([
        outboxRows(mongo).countDocuments(open),
        outboxRows(mongo).find(open).sort({ _id: 1 }).limit(1).toArray(),
      ]);
      const createdAt = oldest[0]?.createdAt;
      return { open: count, oldestMs: createdAt ? Math.max(0, clock().getTime() - createdAt.getTime()) : 0 };
    },
  };
};
