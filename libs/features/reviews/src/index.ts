export * from './reviews.contracts.ts';
export type { AuthorsPort, PurchasesPort, ReviewedProductsPort } from './reviews.ports.ts';
export { createReviewModel } from './review.model.ts';
export { createReviewRepository } from './review-repository.ts';
export { createReviewPersonalData } from './review-personal-data.ts';
export { createReviewService } from './review-service.ts';
export type { ReviewService } from './review-service.ts';
export { createReviewsRouter } from './reviews.router.ts';
