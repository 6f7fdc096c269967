import { authedProcedure, publicProcedure, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import { createReviewInput, listReviewsInput, listReviewsOutput, reviewSchema } from './reviews.contracts.ts';
import type { ReviewService } from './review-service.ts';

/** `reviews.*`: anybody reads; signed-in customers with a confirmed address write, once per product. */
export function createReviewsRouter({ reviews, idempotency }: { reviews: ReviewService; idempotency: Idempotency }) {
  return router({
    list: publicProcedure
      .input(listReviewsInput)
      .output(listReviewsOutput)
      .query(({ input }) => reviews.list(input)),
    create: authedProcedure
      .input(withIdempotency(createReviewInput))
      .use(idempotency.optional)
      .output(reviewSchema)
      .mutation(({ ctx, input }) => reviews.create(ctx.principal.userId, input)),
  });
}
