import { idSchema } from '@cartwright/api-core';
import { z } from 'zod';
import { lineSchema } from '../text.contracts.ts';

export const IMAGES_MAX = 20;

const imageSchema = z.string().min(1).max(500);

export const attachImageInput = z.strictObject({ productId: idSchema, uploadId: idSchema });
/** All pictures of the product, in their new order. */
export const reorderImagesInput = z.strictObject({
  productId: idSchema,
  images: z.array(imageSchema).min(1).max(IMAGES_MAX),
});
export const imageInput = z.strictObject({ productId: idSchema, image: imageSchema });

/** What a picture shows. Files put several of these into one cell, with a bar between them. */
export const altSchema = lineSchema(200).refine((alt) => !alt.includes('|'), 'No “|”');
/** Null takes the text away. */
export const describeImageInput = z.strictObject({ ...imageInput.shape, alt: altSchema.nullable() });

export type DescribeImageInput = z.infer<typeof describeImageInput>;
export type AttachImageInput = z.infer<typeof attachImageInput>;
export type ReorderImagesInput = z.infer<typeof reorderImagesInput>;
export type ImageInput = z.infer<typeof imageInput>;
