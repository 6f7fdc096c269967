import type { ReviewDoc, ReviewReportDoc } from './review.model.ts';
import type { ModeratedReviewDto, OwnReviewDto, ReviewDto } from './reviews.contracts.ts';

/** Document to what anybody reads. */
export function toReview(doc: ReviewDoc): ReviewDto {
  return {
    id: doc._id,
    productId: doc.productId,
    author: doc.author,
    rating: doc.rating,
    ...(doc.title === undefined ? {} : { title: doc.title }),
    ...(doc.text === undefined ? {} : { text: doc.text }),
    verified: doc.verified,
    createdAt: doc.createdAt,
    ...(doc.editedAt === undefined ? {} : { editedAt: doc.editedAt }),
    ...(doc.reply === undefined ? {} : { reply: { text: doc.reply.text, at: doc.reply.at } }),
  };
}

/** Document to what its author reads. */
export const toOwnReview = (doc: ReviewDoc): OwnReviewDto => ({ ...toReview(doc), status: doc.status });

/** Document to what moderators read. */
export const toModeratedReview = (doc: ReviewDoc, reports: readonly ReviewReportDoc[]): ModeratedReviewDto => ({
  ...toOwnReview(doc),
  reports: reports.map(({ reason, text, at }) => ({ reason, ...(text === undefined ? {} : { text }), at })),
});

/** What a review adds to its product's rating: nothing while it is hidden. */
export const shareOf = ({ status, rating }: Pick<ReviewDoc, 'status' | 'rating'>): { sum: number; count: number } =>
  status === 'published' ? { sum: rating, count: 1 } : { sum: 0, count: 0 };
