import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import { outboxRows, settling, STUCK } from './rows.ts';
import type { OutboxRow } from './rows.ts';

/** An event that does not get done by itself: its handlers keep failing, or no process knows one of them. */
export type StuckEvent = {
  id: string;
  type: string;
  /** Handlers that have yet to run; empty when none is known for the type. */
  missing: string[];
  /** How often it was relayed; each time a failing handler was tried several times. */
  relays: number;
  /** What the last failure was; absent when none is known, as with an unknown handler. */
  reason?: string;
  writtenAt: Date;
  stuckAt: Date;
};

/** Some events by their ids, or all that are stuck at the moment. */
export type StuckSelection = readonly string[] | 'all';

const positionSchema = z.tuple([z.number(), z.string().max(100)]);

const toStuckEvent = (row: OutboxRow): StuckEvent => ({
  id: row._id,
  type: row.type,
  missing: (row.expects ?? []).filter((name) => !row.handled.includes(name)),
  relays: row.relays,
  ...(row.failure && { reason: `${row.failure.handler}: ${row.failure.reason}` }),
  writtenAt: row.createdAt,
  stuckAt: row.stuckAt ?? row.createdAt,
});

/** What people do with stuck events. */
export const createStuckEvents = (options: {
  mongo: Pick<Mongo, 'connection'>;
  /** Wakes the relays. */
  notify: () => void;
  clock: () => Date;
}) => {
  const { mongo, notify, clock } = options;
  const rows = () => outboxRows(mongo);
  const chosen = (selection: StuckSelection) =>
    selection === 'all' ? STUCK : { ...STUCK, _id: { $in: [...selection] } };

  return {
    count: (): Promise<number> => rows().countDocuments(STUCK),

    /** A page, the latest first. Throws CURSOR_INVALID for a cursor that isn't one. */
    list: async ({
      limit,
      cursor,
    }: {
      limit: number;
      cursor?: string | undefined;
    }): Promise<{ items: StuckEvent[]; nextCursor?: string }> => {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, positionSchema);
      const at = before && new Date(before[0]);
      const found = await rows()
        .find(at ? { $or: [{ stuckAt: { $lt: at } }, { stuckAt: at, _id: { $lt: before[1] } }] } : STUCK)
        .sort({ stuckAt: -1, _id: -1 })
        .limit(limit + 1)
        .toArray();
      const items = found.slice(0, limit).map(toStuckEvent);
      const last = items.at(-1);
      return {
        items,
        ...(found.length > limit && last && { nextCursor: encodeCursor([last.stuckAt.getTime(), last.id]) }),
      };
    },

    /** Has them relayed at once and at full pace. Answers how many there were. */
    retry: async (selection: StuckSelection): Promise<number> => {
      const { modifiedCount } = await rows().updateMany(chosen(selection), {
        $set: { dueAt: clock(), relays: 0 },
        $unset: { stuckAt: '', failure: '' },
      });
      notify();
      return modifiedCount;
    },

    /** Lets them be: what handlers are missing is never run for them. Answers how many there were. */
    giveUp: async (selection: StuckSelection): Promise<number> => {
      const { modifiedCount } = await rows().updateMany(chosen(selection), [
        {
          $set: {
            givenUp: {
              $setUnion: [
                { $ifNull: ['$givenUp', []] },
                { $setDifference: [{ $ifNull: ['$expects', []] }, '$handled'] },
              ],
            },
            expects: { $setIntersection: [{ $ifNull: ['$expects', []] }, '$handled'] },
          },
        },
        ...settling([], clock()),
      ]);
      return modifiedCount;
    },
  };
};

export type StuckEvents = ReturnType<typeof createStuckEvents>;
