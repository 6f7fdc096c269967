import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { ReviewDoc, ReviewModels } from './review.model.ts';
import type { ReviewStatus } from './reviews.contracts.ts';

/** Where a page of a product's reviews goes on. */
export interface ReviewMark {
  createdAt: Date;
  id: string;
}

export interface ModerationFilter {
  status?: ReviewStatus | undefined;
  reported?: true | undefined;
  productId?: string | undefined;
}

/** Reads and writes reviews. Pages read one more than `limit`, so that the caller knows if more follow. */
export function createReviewRepository({ reviews }: Pick<ReviewModels, 'reviews'>) {
  const byIdDescending = (filter: QueryFilter<ReviewDoc>, limit: number, before?: string): Promise<ReviewDoc[]> =>
    reviews
      .find({ ...filter, ...(before === undefined ? {} : { _id: { $lt: before } }) })
      .sort({ _id: -1 })
      .limit(limit + 1)
      .lean<ReviewDoc[]>();

  return {
    /** What anybody may read of a product, newest first. */
    page(productId: string, limit: number, mark?: ReviewMark): Promise<ReviewDoc[]> {
      const beyond = mark && {
        createdAt: { $lte: mark.createdAt },
        $or: [{ createdAt: { $lt: mark.createdAt } }, { _id: { $lt: mark.id } }],
      };
      return reviews
        .find({ productId, status: 'published', ...beyond })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<ReviewDoc[]>();
    },
    pageOfUser: (userId: string, limit: number, before?: string): Promise<ReviewDoc[]> =>
      byIdDescending({ userId }, limit, before),
    pageToModerate: ({ status, reported, productId }: ModerationFilter, limit: number, before?: string) =>
      byIdDescending(
        {
          ...(status === undefined ? {} : { status }),
          ...(reported === undefined ? {} : { reported }),
          ...(productId === undefined ? {} : { productId }),
        },
        limit,
        before,
      ),

    /** How many reviews gave 1, 2, 3, 4 and 5 stars. */
    async distribution(productId: string): Promise<number[]> {
      const rows = await reviews.aggregate<{ _id: number; count: number }>([
        { $match: { productId, status: 'published' } },
        { $group: { _id: '$rating', count: { $sum: 1 } } },
      ]);
      return [1, 2, 3, 4, 5].map((stars) => rows.find((row) => row._id === stars)?.count ?? 0);
    },

    byId: (id: string, tx?: Tx): Promise<ReviewDoc | null> =>
      reviews
        .findById(id)
        .session(sessionOf(tx) ?? null)
        .lean<ReviewDoc>(),
    byProductAndUser: (productId: string, userId: string): Promise<ReviewDoc | null> =>
      reviews.findOne({ productId, userId }).lean<ReviewDoc>(),

    async insert(docs: readonly ReviewDoc[], tx: Tx): Promise<void> {
      await reviews.insertMany(docs, sessionOption(tx));
    },
    /** Writes a review read in the same transaction: one that changed since makes the transaction run again. */
    async replace(doc: ReviewDoc, tx: Tx): Promise<void> {
      await reviews.replaceOne({ _id: doc._id }, doc, sessionOption(tx));
    },
    async remove(id: string, tx: Tx): Promise<void> {
      await reviews.deleteOne({ _id: id }, sessionOption(tx));
    },

    ofUser: (userId: string): Promise<ReviewDoc[]> => reviews.find({ userId }).sort({ _id: 1 }).lean<ReviewDoc[]>(),

    /**
     * Ties a user's reviews to nobody, and answers which products they are of. Each gets a name of its own, since there is
     * one review per user and product.
     */
    async unlink(userId: string, author: string, tx: Tx): Promise<string[]> {
      const found = await reviews
        .find({ userId }, { productId: 1 }, sessionOption(tx))
        .lean<{ _id: string; productId: string }[]>();
      if (found.length === 0) return [];
      const operations = found.map(({ _id }) => ({
        updateOne: { filter: { _id }, update: { $set: { userId: `removed-${_id}`, author } } },
      }));
      await reviews.bulkWrite(operations, sessionOption(tx));
      return found.map(({ productId }) => productId).toSorted();
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
