import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** What a person wrote; `max` characters. Half of a character, or a mark that turns the text around, is refused. */
const prose = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (text) => text.isWellFormed() && !/[\u0000\u202A-\u202E\u2066-\u2069]/.test(text),
      'Characters that can not be shown',
    );

const rating = z.number().int().min(1).max(5);
const content = { rating, title: prose(120).optional(), text: prose(4_000).optional() };

export const reviewStatusSchema = z.enum(['published', 'hidden']);
export const reportReasonSchema = z.enum(['spam', 'offensive', 'off_topic', 'other']);

export const reviewSchema = z.object({
  id: z.string(),
  productId: z.string(),
  author: z.string(),
  rating: z.number().int(),
  title: z.string().optional(),
  text: z.string().optional(),
  /** The author had received the product when writing. */
  verified: z.boolean(),
  createdAt: z.date(),
  editedAt: z.date().optional(),
  /** What the shop says to it. */
  reply: z.object({ text: z.string(), at: z.date() }).optional(),
});
/** A review as its author sees it. A hidden one is read by nobody else and doesn't count. */
export const ownReviewSchema = reviewSchema.extend({ status: reviewStatusSchema });
/** A review as moderators see it, with the first twenty reports that nobody has looked at yet. */
export const moderatedReviewSchema = ownReviewSchema.extend({
  reports: z.array(z.object({ reason: reportReasonSchema, text: z.string().optional(), at: z.date() })),
});

export const listReviewsInput = z.strictObject({ productId: idSchema, ...pageInput });
export const listReviewsOutput = pageOf(reviewSchema).extend({
  average: z.number(),
  count: z.number().int(),
  /** How many reviews gave 1, 2, 3, 4 and 5 stars, in this order. */
  distribution: z.array(z.number().int()).length(5),
});

export const myReviewsInput = z.strictObject(pageInput);
export const myReviewsOutput = pageOf(ownReviewSchema);

export const eligibilityInput = z.strictObject({ productId: idSchema });
export const eligibilityOutput = z.object({
  /** Whether `create` would take a review now. */
  allowed: z.boolean(),
  /** Why it would not. */
  refusal: z.enum(['EMAIL_NOT_VERIFIED', 'ALREADY_REVIEWED', 'NOT_FOUND']).nullable(),
  /** Whether a review would be marked as one of a buyer. */
  verified: z.boolean(),
  /** What the caller has written already. */
  review: ownReviewSchema.nullable(),
});

export const createReviewInput = z.strictObject({ productId: idSchema, ...content });
/** The whole of the review: a title or text that is left out is taken away. */
export const updateReviewInput = z.strictObject({ id: idSchema, ...content });
export const reviewIdInput = z.strictObject({ id: idSchema });
export const reportReviewInput = z.strictObject({
  id: idSchema,
  reason: reportReasonSchema,
  text: prose(500).optional(),
});
export const okOutput = z.object({ ok: z.literal(true) });

export const moderateReviewsInput = z.strictObject({
  status: reviewStatusSchema.optional(),
  /** Those with reports that nobody has looked at. */
  reported: z.literal(true).optional(),
  productId: idSchema.optional(),
  ...pageInput,
});
export const moderateReviewsOutput = pageOf(moderatedReviewSchema);
export const setReviewStatusInput = z.strictObject({ id: idSchema, status: reviewStatusSchema });
/** Null takes the reply away. */
export const replyToReviewInput = z.strictObject({ id: idSchema, text: prose(2_000).nullable() });

/** Reviews as an operator imports them: matched by (product, author e-mail). */
export const importReviewsSchema = z.array(
  z.strictObject({
    productSlug: z.string().min(1).max(120),
    authorEmail: z.email().max(254),
    ...content,
    verified: z.boolean().default(false),
    createdAt: z.coerce.date(),
  }),
);

export type ReviewDto = z.infer<typeof reviewSchema>;
export type OwnReviewDto = z.infer<typeof ownReviewSchema>;
export type ModeratedReviewDto = z.infer<typeof moderatedReviewSchema>;
export type ReviewStatus = z.infer<typeof reviewStatusSchema>;
export type ReportReason = z.infer<typeof reportReasonSchema>;
export type EligibilityDto = z.infer<typeof eligibilityOutput>;
export type ListReviewsInput = z.infer<typeof listReviewsInput>;
export type MyReviewsInput = z.infer<typeof myReviewsInput>;
export type CreateReviewInput = z.infer<typeof createReviewInput>;
export type UpdateReviewInput = z.infer<typeof updateReviewInput>;
export type ReportReviewInput = z.infer<typeof reportReviewInput>;
export type ModerateReviewsInput = z.infer<typeof moderateReviewsInput>;
export type ImportReviewsInput = z.input<typeof importReviewsSchema>;
