import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

export const reviewSchema = z.object({
  id: z.string(),
  productId: z.string(),
  author: z.string(),
  rating: z.number().int(),
  title: z.string().optional(),
  text: z.string().optional(),
  verified: z.boolean(),
  createdAt: z.date(),
});

export const listReviewsInput = z.strictObject({ productId: idSchema, ...pageInput });
export const listReviewsOutput = pageOf(reviewSchema).extend({
  average: z.number(),
  count: z.number().int(),
  /** How many reviews gave 1, 2, 3, 4 and 5 stars, in this order. */
  distribution: z.array(z.number().int()).length(5),
});

export const createReviewInput = z.strictObject({
  productId: idSchema,
  rating: z.number().int().min(1).max(5),
  title: z.string().trim().min(1).max(120).optional(),
  text: z.string().trim().min(1).max(4_000).optional(),
});

/** Reviews as an operator imports them: matched by (product, author e-mail). */
export const importReviewsSchema = z.array(
  z.strictObject({
    productSlug: z.string().min(1).max(120),
    authorEmail: z.email().max(254),
    rating: z.number().int().min(1).max(5),
    title: z.string().trim().min(1).max(120).optional(),
    text: z.string().trim().min(1).max(4_000).optional(),
    verified: z.boolean().default(false),
    createdAt: z.coerce.date(),
  }),
);

export type ReviewDto = z.infer<typeof reviewSchema>;
export type ListReviewsInput = z.infer<typeof listReviewsInput>;
export type CreateReviewInput = z.infer<typeof createReviewInput>;
export type ImportReviewsInput = z.input<typeof importReviewsSchema>;
