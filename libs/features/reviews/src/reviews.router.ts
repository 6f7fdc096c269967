import { authedProcedure, publicProcedure, router } from '@cartwright/api-core';
import { createReviewInput, listReviewsInput, listReviewsOutput, reviewSchema } from './reviews.contracts.ts';
import type { ReviewService } from './review-service.ts';

/** `reviews.*`: anybody reads; signed-in customers with a confirmed address write, once per product. */
export function createReviewsRouter({ reviews }: { reviews: ReviewService }) {
  return router({
    list: publicProcedure
      .input(listReviewsInput)
      .output(listReviewsOutput)
      .query(({ input }) => reviews.list(input)),
    create: authedProcedure
      .input(createReviewInput)
      .output(reviewSchema)
      .mutation(({ ctx, input }) => reviews.create(ctx.principal.userId, input)),
  });
}
