import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { ReviewDoc, ReviewModel } from './review.model.ts';

/** Reads and writes reviews. */
export function createReviewRepository({ reviews }: { reviews: ReviewModel }) {
  return {
    /** Newest first; reads one more than `limit` so that the caller knows if more follow. */
    page(productId: string, limit: number, mark?: { createdAt: Date; id: string }): Promise<ReviewDoc[]> {
      const beyond = mark && {
        createdAt: { $lte: mark.createdAt },
        $or: [{ createdAt: { $lt: mark.createdAt } }, { _id: { $lt: mark.id } }],
      };
      return reviews
        .find({ productId, ...beyond })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<ReviewDoc[]>();
    },
    /** How many reviews gave 1, 2, 3, 4 and 5 stars. */
    async distribution(productId: string): Promise<number[]> {
      const rows = await reviews.aggregate<{ _id: number; count: number }>([
        { $match: { productId } },
        { $group: { _id: '$rating', count: { $sum: 1 } } },
      ]);
      return [1, 2, 3, 4, 5].map((stars) => rows.find((row) => row._id === stars)?.count ?? 0);
    },
    async insert(docs: readonly ReviewDoc[], tx: Tx): Promise<void> {
      await reviews.insertMany(docs, sessionOption(tx));
    },
    ofUser: (userId: string): Promise<ReviewDoc[]> => reviews.find({ userId }).sort({ _id: 1 }).lean<ReviewDoc[]>(),

    /** Ties a user's reviews to nobody. Each gets a name of its own, since there is one review per user and product. */
    async unlink(userId: string, author: string, tx: Tx): Promise<void> {
      const found = await reviews.find({ userId }, { _id: 1 }, sessionOption(tx)).lean<{ _id: string }[]>();
      if (found.length === 0) return;
      const operations = found.map(({ _id }) => ({
        updateOne: { filter: { _id }, update: { $set: { userId: `removed-${_id}`, author } } },
      }));
      await reviews.bulkWrite(operations, sessionOption(tx));
    },

    existing: (pairs: readonly { productId: string; userId: string }[]): Promise<ReviewDoc[]> =>
      reviews
        .find({
          productId: { $in: [...new Set(pairs.map((pair) => pair.productId))] },
          userId: { $in: [...new Set(pairs.map((pair) => pair.userId))] },
        })
        .lean<ReviewDoc[]>(),
  };
}

export type ReviewRepository = ReturnType<typeof createReviewRepository>;
