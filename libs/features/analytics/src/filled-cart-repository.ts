import type { Period } from './calendar.ts';
import type { FilledCartModel } from './filled-cart.model.ts';

/** What carts tell of a filling: that it began, or that it went into another cart that counts already. */
export interface CartFilling {
  readonly id: string;
  readonly at: Date;
  readonly kind: 'filled' | 'joined';
}

/** Reads and writes the carts that conversion is reckoned by. */
export function createFilledCartRepository({ carts }: { carts: FilledCartModel }) {
  return {
    /** In whatever order they come, and however often: what joined another cart doesn't count. */
    async record(fillings: readonly CartFilling[]): Promise<void> {
      const operations = fillings.map(({ id, at, kind }) => ({
        updateOne: {
          filter: { _id: id },
          update:
            kind === 'joined'
              ? { $set: { joined: true }, $setOnInsert: { at } }
              : { $setOnInsert: { at, joined: false } },
          upsert: true,
        },
      }));
      if (operations.length > 0) await carts.bulkWrite(operations);
    },

    /** How many carts count, by calendar day of `timezone`. */
    countByDay: ({ from, to }: Period, timezone: string): Promise<{ day: string; carts: number }[]> =>
      carts.aggregate([
        { $match: { at: { $gte: from, $lt: to }, joined: false } },
        {
          $group: {
            _id: { $dateToString: { date: '$at', format: '%Y-%m-%d', timezone } },
            carts: { $sum: 1 },
          },
        },
        { $project: { _id: 0, day: '$_id', carts: 1 } },
      ]),
  };
}

export type FilledCartRepository = ReturnType<typeof createFilledCartRepository>;
