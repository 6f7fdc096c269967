import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { z } from 'zod';
import { importReviewsSchema, type ImportReviewsInput } from './reviews.contracts.ts';
import type { AuthorsPort, ReviewedProductsPort } from './reviews.ports.ts';
import type { ReviewDoc } from './review.model.ts';
import type { ReviewRepository } from './review-repository.ts';

const IMPORT_BATCH = 200;

/** Imports reviews of known customers; those that exist already, or name an unknown product or author, are skipped. */
export function createReviewImport({
  mongo,
  reviews,
  products,
  authors,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  reviews: Pick<ReviewRepository, 'existing' | 'insert'>;
  products: Pick<ReviewedProductsPort, 'idsBySlug' | 'moveRating'>;
  authors: Pick<AuthorsPort, 'byEmails'>;
}) {
  return async function importReviews(raw: ImportReviewsInput): Promise<{ imported: number; skipped: number }> {
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
  };
}

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
    status: 'published',
    reported: false,
    createdAt: review.createdAt,
  };
}
