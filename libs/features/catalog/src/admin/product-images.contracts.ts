import { idSchema } from '@cartwright/api-core';
import { z } from 'zod';

export const IMAGES_MAX = 20;

const imageSchema = z.string().min(1).max(500);

export const attachImageInput = z.strictObject({ productId: idSchema, uploadId: idSchema });
/** All pictures of the product, in their new order. */
export const reorderImagesInput = z.strictObject({
  productId: idSchema,
  images: z.array(imageSchema).min(1).max(IMAGES_MAX),
});
export const imageInput = z.strictObject({ productId: idSchema, image: imageSchema });

export type AttachImageInput = z.infer<typeof attachImageInput>;
export type ReorderImagesInput = z.infer<typeof reorderImagesInput>;
export type ImageInput = z.infer<typeof imageInput>;
