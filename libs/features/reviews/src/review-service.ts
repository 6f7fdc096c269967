import { DomainError, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, isDuplicateKeyError, newId, type Mongo } from '@cartwright/platform-mongo';
import { z } from 'zod';
import {
  importReviewsSchema,
  type CreateReviewInput,
  type ImportReviewsInput,
  type ListReviewsInput,
  type ReviewDto,
} from './reviews.contracts.ts';
import type { AuthorsPort, PurchasesPort, ReviewedProductsPort } from './reviews.ports.ts';
import type { ReviewDoc } from './review.model.ts';
import type { ReviewRepository } from './review-repository.ts';

const markSchema = z.strictObject({ createdAt: z.coerce.date(), id: z.string().max(64) });
const IMPORT_BATCH = 200;

/** Use cases of reviews: a product's rating moves in the same transaction as the review that moves it. */
export function createReviewService({
  mongo,
  reviews,
  products,
  authors,
  purchases,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  reviews: ReviewRepository;
  products: ReviewedProductsPort;
  authors: AuthorsPort;
  purchases: PurchasesPort;
  clock: () => Date;
}) {
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

    /**
     * Writes a customer's review. Throws EMAIL_NOT_VERIFIED, NOT_FOUND for an unknown product and VERSION_CONFLICT when
     * this customer has reviewed it already.
     */
    async create(userId: string, input: CreateReviewInput): Promise<ReviewDto> {
      const author = await authors.byId(userId);
      if (!author?.emailVerified) throw new DomainError('EMAIL_NOT_VERIFIED');
      if (!(await products.exists(input.productId))) throw notFound('product');
      const doc: ReviewDoc = {
        _id: newId(),
        productId: input.productId,
        userId,
        author: author.name,
        rating: input.rating,
        ...(input.title === undefined ? {} : { title: input.title }),
        ...(input.text === undefined ? {} : { text: input.text }),
        verified: await purchases.hasReceived(userId, input.productId),
        createdAt: clock(),
      };
      try {
        await mongo.transaction(async (tx) => {
          await reviews.insert([doc], tx);
          await products.moveRating(doc.productId, { sum: doc.rating, count: 1 }, tx);
        });
      } catch (error) {
        if (isDuplicateKeyError(error)) throw new DomainError('VERSION_CONFLICT', { what: 'review' });
        throw error;
      }
      return toReview(doc);
    },

    /** Imports reviews of known customers; those that exist already, or name an unknown product or author, are skipped. */
    async importReviews(raw: ImportReviewsInput): Promise<{ imported: number; skipped: number }> {
      const input = importReviewsSchema.parse(raw);
      const [productIds, people] = await Promise.all([
        products.idsBySlug([...new Set(input.map((review) => review.productSlug))]),
        authors.byEmails([...new Set(input.map((review) => review.authorEmail))]),
      ]);
      const docs = input.flatMap((review) => {
        const productId = productIds.get(review.productSlug);
        const author = people.get(review.authorEmail);
        return productId && author ? [toDocument(review, productId, author)] : [];
      });
      const known = new Set((await reviews.existing(docs)).map(pairOf));
      const fresh = docs.filter((doc) => {
        const pair = pairOf(doc);
        if (known.has(pair)) return false;
        known.add(pair);
        return true;
      });
      for (let start = 0; start < fresh.length; start += IMPORT_BATCH) {
        const batch = fresh.slice(start, start + IMPORT_BATCH);
        await mongo.transaction(async (tx) => {
          await reviews.insert(batch, tx);
          for (const [productId, change] of ratingChanges(batch)) await products.moveRating(productId, change, tx);
        });
      }
      return { imported: fresh.length, skipped: input.length - fresh.length };
    },
  };
}

export type ReviewService = ReturnType<typeof createReviewService>;

const pairOf = (doc: { productId: string; userId: string }) => `${doc.productId}/${doc.userId}`;

function ratingChanges(docs: readonly ReviewDoc[]): Map<string, { sum: number; count: number }> {
  const changes = new Map<string, { sum: number; count: number }>();
  for (const doc of docs) {
    const change = changes.get(doc.productId) ?? { sum: 0, count: 0 };
    changes.set(doc.productId, { sum: change.sum + doc.rating, count: change.count + 1 });
  }
  return changes;
}

function toDocument(
  review: z.output<typeof importReviewsSchema>[number],
  productId: string,
  author: { id: string; name: string },
): ReviewDoc {
  return {
    _id: newId(),
    productId,
    userId: author.id,
    author: author.name,
    rating: review.rating,
    ...(review.title === undefined ? {} : { title: review.title }),
    ...(review.text === undefined ? {} : { text: review.text }),
    verified: review.verified,
    createdAt: review.createdAt,
  };
}

function toReview(doc: ReviewDoc): ReviewDto {
  return {
    id: doc._id,
    productId: doc.productId,
    author: doc.author,
    rating: doc.rating,
    ...(doc.title === undefined ? {} : { title: doc.title }),
    ...(doc.text === undefined ? {} : { text: doc.text }),
    verified: doc.verified,
    createdAt: doc.createdAt,
  };
}
