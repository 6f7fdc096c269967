import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { DaySalesDoc, DaySalesModel } from './day-sales.model.ts';

/** Units of a product. */
export interface UnitsSold {
  productId: string;
  units: number;
}

/** Reads and writes what was sold by day. */
export function createDaySalesRepository({ sales }: { sales: DaySalesModel }) {
  return {
    /** Adds units of a day; always in the order of the products, so that two of these don't wait for each other. */
    async add(day: number, sold: readonly UnitsSold[], tx: Tx): Promise<void> {
      const operations = sold
        .toSorted((left, right) => (left.productId < right.productId ? -1 : 1))
        .map(({ productId, units }) => ({
          updateOne: {
            filter: { _id: `${productId}/${day}` },
            update: { $inc: { units }, $setOnInsert: { productId, day } },
            upsert: true,
          },
        }));
      if (operations.length > 0) await sales.bulkWrite(operations, sessionOption(tx));
    },

    /** Some of what was sold before a day, the oldest first. */
    before: (day: number, limit: number, tx: Tx): Promise<DaySalesDoc[]> =>
      sales
        .find({ day: { $lt: day } }, null, sessionOption(tx))
        .sort({ day: 1, _id: 1 })
        .limit(limit)
        .lean<DaySalesDoc[]>(),

    async remove(docs: readonly DaySalesDoc[], tx: Tx): Promise<void> {
      await sales.deleteMany({ _id: { $in: docs.map(({ _id }) => _id) } }, sessionOption(tx));
    },
  };
}

export type DaySalesRepository = ReturnType<typeof createDaySalesRepository>;
