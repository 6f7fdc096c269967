import { invalidInput, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, isDuplicateKeyError, newId, type Mongo } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { ModeratedReviewDto, ModerateReviewsInput, ReportReviewInput, ReviewStatus } from './reviews.contracts.ts';
import type { ReportRepository } from './report-repository.ts';
import { shareOf, toModeratedReview } from './review-mapping.ts';
import type { ReviewedProductsPort } from './reviews.ports.ts';
import type { ReviewDoc } from './review.model.ts';
import type { ReviewRepository } from './review-repository.ts';

const markSchema = z.strictObject({ id: z.string().max(64) });

/** Reports about reviews, and what moderators decide: hidden reviews are read by nobody and count for nothing. */
export function createReviewModeration({
  mongo,
  reviews,
  reports,
  products,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  reviews: Pick<ReviewRepository, 'byId' | 'replace' | 'pageToModerate'>;
  reports: Pick<ReportRepository, 'insert' | 'openOf' | 'handle'>;
  products: Pick<ReviewedProductsPort, 'moveRating'>;
  clock: () => Date;
}) {
  async function withReports(docs: readonly ReviewDoc[]): Promise<ModeratedReviewDto[]> {
    const open = await reports.openOf(docs.filter(({ reported }) => reported).map(({ _id }) => _id));
    return docs.map((doc) =>
      toModeratedReview(
        doc,
        open.filter(({ reviewId }) => reviewId === doc._id),
      ),
    );
  }

  async function answer(doc: ReviewDoc): Promise<ModeratedReviewDto> {
    return toModeratedReview(doc, await reports.openOf([doc._id]));
  }

  return {
    /**
     * Tells the moderators of a published review; the same user's second report of it changes nothing. Throws NOT_FOUND,
     * and INVALID_INPUT for one's own.
     */
    async report(userId: string, { id, reason, text }: ReportReviewInput): Promise<void> {
      try {
        await mongo.transaction(async (tx) => {
          const doc = await reviews.byId(id, tx);
          if (doc?.status !== 'published') throw notFound('review');
          if (doc.userId === userId) throw invalidInput('Nobody reports a review of their own');
          await reports.insert(
            {
              ...{ _id: newId(), reviewId: id, userId, reason, handled: false, at: clock() },
              ...(text === undefined ? {} : { text }),
            },
            tx,
          );
          // Written each time, whether or not it was reported before: a decision in the same moment runs into it.
          await reviews.replace({ ...doc, reported: true, reportCount: (doc.reportCount ?? 0) + 1 }, tx);
        });
      } catch (error) {
        if (!isDuplicateKeyError(error)) throw error;
      }
    },

    /** Reviews as moderators look through them, newest first. */
    async list({ limit, cursor, ...filter }: ModerateReviewsInput) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const docs = await reviews.pageToModerate(filter, limit, before);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: await withReports(page),
        nextCursor: docs.length > limit && last ? encodeCursor({ id: last._id }) : null,
      };
    },

    /** Decides on a review: it is published or hidden, and its reports are done with. Throws NOT_FOUND. */
    async setStatus(id: string, status: ReviewStatus): Promise<ModeratedReviewDto> {
      const doc = await mongo.transaction(async (tx) => {
        const before = await reviews.byId(id, tx);
        if (!before) throw notFound('review');
        const after: ReviewDoc = { ...before, status, reported: false };
        await reviews.replace(after, tx);
        await reports.handle(id, tx);
        const change = {
          sum: shareOf(after).sum - shareOf(before).sum,
          count: shareOf(after).count - shareOf(before).count,
        };
        if (change.count !== 0) await products.moveRating(after.productId, change, tx);
        return after;
      });
      return answer(doc);
    },

    /** What the shop says to a review, in place of what it said before; null takes it away. Throws NOT_FOUND. */
    async reply(id: string, text: string | null): Promise<ModeratedReviewDto> {
      const doc = await mongo.transaction(async (tx) => {
        const before = await reviews.byId(id, tx);
        if (!before) throw notFound('review');
        const { reply: _reply, ...rest } = before;
        const after: ReviewDoc = { ...rest, ...(text === null ? {} : { reply: { text, at: clock() } }) };
        await reviews.replace(after, tx);
        if (after.status === 'published') await products.moveRating(after.productId, { sum: 0, count: 0 }, tx);
        return after;
      });
      return answer(doc);
    },
  };
}

export type ReviewModeration = ReturnType<typeof createReviewModeration>;
