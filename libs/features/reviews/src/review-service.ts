import { DomainError, notFound } from '@cartwright/domain-errors';
import {
  decodeCursor,
  encodeCursor,
  isDuplicateKeyError,
  newId,
  type Mongo,
  type Tx,
} from '@cartwright/platform-mongo';
import { z } from 'zod';
import type {
  CreateReviewInput,
  EligibilityDto,
  ListReviewsInput,
  MyReviewsInput,
  OwnReviewDto,
  UpdateReviewInput,
} from './reviews.contracts.ts';
import type { ReportRepository } from './report-repository.ts';
import { shareOf, toOwnReview, toReview } from './review-mapping.ts';
import type { AuthorsPort, PurchasesPort, ReviewedProductsPort } from './reviews.ports.ts';
import type { ReviewDoc } from './review.model.ts';
import type { ReviewRepository } from './review-repository.ts';

const markSchema = z.strictObject({ createdAt: z.coerce.date(), id: z.string().max(64) });
const idMarkSchema = z.strictObject({ id: z.string().max(64) });

/**
 * What customers do with reviews. A product's rating moves in the same transaction as the review that moves it, by the
 * difference that the review makes, so that it is exact whatever happens at once.
 */
export function createReviewService({
  mongo,
  reviews,
  reports,
  products,
  authors,
  purchases,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  reviews: ReviewRepository;
  reports: Pick<ReportRepository, 'removeOf'>;
  products: ReviewedProductsPort;
  authors: AuthorsPort;
  purchases: PurchasesPort;
  clock: () => Date;
}) {
  /** Somebody else's review is one that isn't there. */
  async function own(userId: string, id: string, tx: Tx): Promise<ReviewDoc> {
    const doc = await reviews.byId(id, tx);
    if (doc?.userId !== userId) throw notFound('review');
    return doc;
  }

  return {
    /** A page of a product's reviews, newest first, with average, count and distribution over all of them. */
    async list(input: ListReviewsInput) {
      const mark = input.cursor === undefined ? undefined : decodeCursor(input.cursor, markSchema);
      const [docs, distribution] = await Promise.all([
        reviews.page(input.productId, input.limit, mark),
        reviews.distribution(input.productId),
      ]);
      const page = docs.slice(0, input.limit);
      const last = page.at(-1);
      const count = distribution.reduce((sum, stars) => sum + stars, 0);
      const sum = distribution.reduce((total, stars, index) => total + stars * (index + 1), 0);
      return {
        items: page.map(toReview),
        nextCursor:
          docs.length > input.limit && last ? encodeCursor({ createdAt: last.createdAt, id: last._id }) : null,
        average: count === 0 ? 0 : Math.floor((sum * 100) / count + 0.5) / 100,
        count,
        distribution,
      };
    },

    /** A page of what a customer has written, hidden ones included; newest first. */
    async mine(userId: string, { limit, cursor }: MyReviewsInput) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, idMarkSchema).id;
      const docs = await reviews.pageOfUser(userId, limit, before);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(toOwnReview),
        nextCursor: docs.length > limit && last ? encodeCursor({ id: last._id }) : null,
      };
    },

    /** Whether a customer may review a product, as whom, and what they have written of it. */
    async eligibility(userId: string, productId: string): Promise<EligibilityDto> {
      const [author, written, verified, exists] = await Promise.all([
        authors.byId(userId),
        reviews.byProductAndUser(productId, userId),
        purchases.hasReceived(userId, productId),
        products.exists(productId),
      ]);
      const refusal = !exists
        ? 'NOT_FOUND'
        : written
          ? 'ALREADY_REVIEWED'
          : author?.emailVerified === true
            ? null
            : 'EMAIL_NOT_VERIFIED';
      return { allowed: refusal === null, refusal, verified, review: written && toOwnReview(written) };
    },

    /**
     * Writes a customer's review. Throws EMAIL_NOT_VERIFIED, NOT_FOUND for an unknown product and VERSION_CONFLICT when
     * this customer has reviewed it already.
     */
    async create(userId: string, input: CreateReviewInput): Promise<OwnReviewDto> {
      const author = await authors.byId(userId);
      if (!author?.emailVerified) throw new DomainError('EMAIL_NOT_VERIFIED');
      if (!(await products.exists(input.productId))) throw notFound('product');
      const doc: ReviewDoc = {
        _id: newId(),
        productId: input.productId,
        userId,
        author: author.name,
        ...contentOf(input),
        verified: await purchases.hasReceived(userId, input.productId),
        status: 'published',
        reported: false,
        createdAt: clock(),
      };
      try {
        await mongo.transaction(async (tx) => {
          await reviews.insert([doc], tx);
          await products.moveRating(doc.productId, shareOf(doc), tx);
        });
      } catch (error) {
        if (isDuplicateKeyError(error)) throw new DomainError('VERSION_CONFLICT', { what: 'review' });
        throw error;
      }
      return toOwnReview(doc);
    },

    /**
     * Writes a customer's own review anew, under the name they go by now; a hidden one stays hidden. Whether it is one of
     * a buyer is looked at again. Throws EMAIL_NOT_VERIFIED, and NOT_FOUND for one that is not theirs.
     */
    async update(userId: string, { id, ...input }: UpdateReviewInput): Promise<OwnReviewDto> {
      const author = await authors.byId(userId);
      if (!author?.emailVerified) throw new DomainError('EMAIL_NOT_VERIFIED');
      const known = await reviews.byId(id);
      if (known?.userId !== userId) throw notFound('review');
      const verified = known.verified || (await purchases.hasReceived(userId, known.productId));
      return mongo.transaction(async (tx) => {
        const before = await own(userId, id, tx);
        const { title: _title, text: _text, ...rest } = before;
        const doc: ReviewDoc = { ...rest, author: author.name, ...contentOf(input), verified, editedAt: clock() };
        await reviews.replace(doc, tx);
        const sum = shareOf(doc).sum - shareOf(before).sum;
        if (doc.status === 'published') await products.moveRating(doc.productId, { sum, count: 0 }, tx);
        return toOwnReview(doc);
      });
    },

    /** Takes a customer's own review away. Throws NOT_FOUND for one that is not theirs. */
    async remove(userId: string, id: string): Promise<void> {
      await mongo.transaction(async (tx) => {
        const doc = await own(userId, id, tx);
        await reviews.remove(id, tx);
        await reports.removeOf(id, tx);
        const { sum, count } = shareOf(doc);
        if (count !== 0) await products.moveRating(doc.productId, { sum: -sum, count: -count }, tx);
      });
    },
  };
}

export type ReviewService = ReturnType<typeof createReviewService>;

const contentOf = ({ rating, title, text }: Pick<CreateReviewInput, 'rating' | 'title' | 'text'>) => ({
  rating,
  ...(title === undefined ? {} : { title }),
  ...(text === undefined ? {} : { text }),
});
