import type { Mongo } from '@cartwright/platform-mongo';
import { createReportRepository } from './report-repository.ts';
import { createReviewImport } from './review-import.ts';
import { createReviewModeration } from './review-moderation.ts';
import { createReviewPersonalData } from './review-personal-data.ts';
import { createReviewRepository } from './review-repository.ts';
import { createReviewService } from './review-service.ts';
import { createReviewModels } from './review.model.ts';
import type { AuthorsPort, PurchasesPort, ReviewedProductsPort } from './reviews.ports.ts';

/** Reviews put together: what customers do, what moderators decide, the import, and what is known of a user. */
export function createReviews({
  mongo,
  ...ports
}: {
  mongo: Mongo;
  products: ReviewedProductsPort;
  authors: AuthorsPort;
  purchases: PurchasesPort;
  clock: () => Date;
}) {
  const models = createReviewModels(mongo.connection);
  const reviews = createReviewRepository(models);
  const reports = createReportRepository(models);
  return {
    reviews: createReviewService({ mongo, reviews, reports, ...ports }),
    reviewModeration: createReviewModeration({ mongo, reviews, reports, ...ports }),
    importReviews: createReviewImport({ mongo, reviews, ...ports }),
    reviewData: createReviewPersonalData({ reviews, reports, products: ports.products }),
  };
}
