import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { newId } from '../ids.ts';
import type { Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';

const BATCH_MS = 50;

/** Somebody whose orders change. */
export interface Subject {
  /** An event of an order of theirs: those of the run are like it. */
  readonly like: OutboxRow;
  /** The numbers of the events written for them. */
  readonly written: Set<number>;
}

export interface EventWriter extends Disposable {
  /** Writes so many, at a pace. */
  write(count: number, perSecond: number): Promise<void>;
  /** Writes at a pace until the signal. */
  writeUntil(signal: AbortSignal, perSecond: number): Promise<void>;
}

/** Writes changes of orders into the outbox, by turns for each subject: the shop relays, handles and delivers them. */
export function createEventWriter(cluster: Cluster, subjects: readonly Subject[]): EventWriter {
  const prefix = cluster.shop.env['REDIS_PREFIX'] ?? '';
  const redis = new Redis(cluster.redis().url);
  const rows = cluster.database.db.collection<OutboxRow>('outbox');
  let number = 0;

  const nextRow = (): OutboxRow => {
    const subject = subjects[number % subjects.length] as Subject;
    number += 1;
    subject.written.add(number);
    const now = new Date();
    // What handlers it has is for the relays to say.
    const { expects: _expects, doneAt: _doneAt, ...like } = subject.like as OutboxRow & Record<string, unknown>;
    return {
      ...like,
      _id: newId(),
      type: 'order.updated',
      aggregateVersion: number,
      ...{ occurredAt: now, createdAt: now, dueAt: now, status: 'pending', handled: [], relays: 0 },
    };
  };

  /** Writes at a pace, up to `most` events, until `isOver`. */
  async function writeAt(perSecond: number, most: number, isOver: () => boolean): Promise<void> {
    const startedAt = performance.now();
    for (let done = 0; done < most && !isOver();) {
      const due = Math.min(most, Math.ceil(((performance.now() - startedAt) / 1_000) * perSecond) + 1);
      if (due > done) {
        await rows.insertMany(Array.from({ length: due - done }, nextRow));
        // As the shop does after a commit.
        await redis.publish(`${prefix}:outbox:nudge`, '1');
        done = due;
      }
      await pause(BATCH_MS);
    }
  }

  return {
    write: (count, perSecond) => writeAt(perSecond, count, () => false),
    writeUntil: (signal, perSecond) => writeAt(perSecond, Infinity, () => signal.aborted),
    [Symbol.dispose]: () => redis.disconnect(),
  };
}
