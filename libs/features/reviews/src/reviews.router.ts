import {
  authedProcedure,
  publicProcedure,
  requirePermission,
  router,
  withIdempotency,
  type Idempotency,
} from '@cartwright/api-core';
import {
  createReviewInput,
  eligibilityInput,
  eligibilityOutput,
  listReviewsInput,
  listReviewsOutput,
  moderatedReviewSchema,
  moderateReviewsInput,
  moderateReviewsOutput,
  myReviewsInput,
  myReviewsOutput,
  okOutput,
  ownReviewSchema,
  replyToReviewInput,
  reportReviewInput,
  reviewIdInput,
  setReviewStatusInput,
  updateReviewInput,
} from './reviews.contracts.ts';
import type { ReviewModeration } from './review-moderation.ts';
import type { ReviewService } from './review-service.ts';

/** Whoever changes what a list shows tells of its product, so that hosts forget it. */
const KEPT_MS = 30_000;
const done = { ok: true } as const;

/** `reviews.*`: anybody reads; signed-in customers with a confirmed address write, once per product. */
export function createReviewsRouter({
  reviews,
  reviewModeration,
  idempotency,
}: {
  reviews: ReviewService;
  reviewModeration: Pick<ReviewModeration, 'report'>;
  idempotency: Idempotency;
}) {
  return router({
    list: publicProcedure
      .meta({ cache: { keepMs: KEPT_MS } })
      .input(listReviewsInput)
      .output(listReviewsOutput)
      .query(({ ctx, input }) => {
        ctx.answerHolds?.({ productIds: [input.productId] });
        return reviews.list(input);
      }),
    mine: authedProcedure
      .input(myReviewsInput)
      .output(myReviewsOutput)
      .query(({ ctx, input }) => reviews.mine(ctx.principal.userId, input)),
    eligibility: authedProcedure
      .input(eligibilityInput)
      .output(eligibilityOutput)
      .query(({ ctx, input }) => reviews.eligibility(ctx.principal.userId, input.productId)),
    create: authedProcedure
      .input(withIdempotency(createReviewInput))
      .use(idempotency.optional)
      .output(ownReviewSchema)
      .mutation(({ ctx, input }) => reviews.create(ctx.principal.userId, input)),
    update: authedProcedure
      .input(updateReviewInput)
      .output(ownReviewSchema)
      .mutation(({ ctx, input }) => reviews.update(ctx.principal.userId, input)),
    remove: authedProcedure
      .input(reviewIdInput)
      .output(okOutput)
      .mutation(async ({ ctx, input }) => {
        await reviews.remove(ctx.principal.userId, input.id);
        return done;
      }),
    report: authedProcedure
      .input(reportReviewInput)
      .output(okOutput)
      .mutation(async ({ ctx, input }) => {
        await reviewModeration.report(ctx.principal.userId, input);
        return done;
      }),
  });
}

const target = { kind: 'review', field: 'id' } as const;

/** `admin.reviews.*`: what moderators look through and decide. */
export function createAdminReviewsRouter({ reviewModeration }: { reviewModeration: ReviewModeration }) {
  return router({
    list: requirePermission('reviews.moderate', { personal: true, fields: ['status', 'reported', 'productId'] })
      .input(moderateReviewsInput)
      .output(moderateReviewsOutput)
      .query(({ input }) => reviewModeration.list(input)),
    setStatus: requirePermission('reviews.moderate', { target, fields: ['status'] })
      .input(setReviewStatusInput)
      .output(moderatedReviewSchema)
      .mutation(({ input }) => reviewModeration.setStatus(input.id, input.status)),
    reply: requirePermission('reviews.moderate', { target })
      .input(replyToReviewInput)
      .output(moderatedReviewSchema)
      .mutation(({ input }) => reviewModeration.reply(input.id, input.text)),
  });
}
