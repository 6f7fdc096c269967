import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { ReportRepository } from './report-repository.ts';
import { toOwnReview } from './review-mapping.ts';
import type { ReviewedProductsPort } from './reviews.ports.ts';
import type { ReviewRepository } from './review-repository.ts';

const NOBODY = 'A former customer';

/**
 * What reviews know of a user, and what they reported: told when asked for. With the account's removal reviews stay, and
 * name nobody.
 */
export function createReviewPersonalData({
  reviews,
  reports,
  products,
}: {
  reviews: Pick<ReviewRepository, 'ofUser' | 'unlink'>;
  reports: Pick<ReportRepository, 'ofUser' | 'unlink'>;
  products: Pick<ReviewedProductsPort, 'moveRating'>;
}): {
  source: PersonalDataSource;
  handler: EventHandler;
} {
  return {
    source: {
      name: 'reviews',
      collect: async (userId) => ({
        written: (await reviews.ofUser(userId)).map(toOwnReview),
        reported: (await reports.ofUser(userId)).map(({ reviewId, reason, text, at }) => ({
          ...{ reviewId, reason, text, at },
        })),
      }),
    },
    handler: defineHandler({
      name: 'reviews.unlink-of-user',
      event: userRemoved,
      handle: async ({ payload: { userId } }, { tx }) => {
        for (const productId of await reviews.unlink(userId, NOBODY, tx)) {
          await products.moveRating(productId, { sum: 0, count: 0 }, tx);
        }
        await reports.unlink(userId, tx);
      },
    }),
  };
}
