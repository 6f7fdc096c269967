export * from './reviews.contracts.ts';
export type { AuthorsPort, PurchasesPort, ReviewedProductsPort } from './reviews.ports.ts';
export { createReviews } from './create-reviews.ts';
export type { ReviewModeration } from './review-moderation.ts';
export type { ReviewService } from './review-service.ts';
export { createAdminReviewsRouter, createReviewsRouter } from './reviews.router.ts';
