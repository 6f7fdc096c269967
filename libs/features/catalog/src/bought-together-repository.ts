import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { BoughtTogetherDoc, BoughtTogetherModel } from './bought-together.model.ts';

/** Reads and counts what is bought together. */
export function createBoughtTogetherRepository({ pairs }: { pairs: BoughtTogetherModel }) {
  return {
    /** Counts one more order for each of the pairs, always in the same order: so two of them don't wait for each other. */
    async count(ids: readonly string[], tx: Tx): Promise<void> {
      const operations = ids
        .flatMap((productId) =>
          ids.filter((otherId) => otherId !== productId).map((otherId) => ({ productId, otherId })),
        )
        .map(({ productId, otherId }) => ({ _id: `${productId}/${otherId}`, productId, otherId }))
        .sort((left, right) => (left._id < right._id ? -1 : 1))
        .map(({ _id, productId, otherId }) => ({
          updateOne: {
            filter: { _id },
            update: { $inc: { orders: 1 }, $setOnInsert: { productId, otherId } },
            upsert: true,
          },
        }));
      if (operations.length > 0) await pairs.bulkWrite(operations, sessionOption(tx));
    },

    /** What came most often with a product, most often first. */
    async othersOf(productId: string, limit: number): Promise<string[]> {
      const docs = await pairs
        .find({ productId }, { otherId: 1 })
        .sort({ orders: -1, _id: 1 })
        .limit(limit)
        .lean<Pick<BoughtTogetherDoc, 'otherId'>[]>();
      return docs.map(({ otherId }) => otherId);
    },
  };
}

export type BoughtTogetherRepository = ReturnType<typeof createBoughtTogetherRepository>;
