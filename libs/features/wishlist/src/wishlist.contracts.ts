import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { productCardSchema } from '@cartwright/feature-catalog';
import { z } from 'zod';

/** Something a customer remembered. `product` is null once it is no longer sold; `title` is what it was called. */
export const wishSchema = z.object({
  productId: z.string(),
  title: z.string(),
  addedAt: z.date(),
  product: productCardSchema.nullable(),
});

export const listWishesInput = z.strictObject(pageInput);
export const listWishesOutput = pageOf(wishSchema);
export const containsInput = z.strictObject({ productIds: z.array(idSchema).min(1).max(100) });
/** Those of the asked-for products that are on the list. */
export const containsOutput = z.object({ productIds: z.array(z.string()) });
export const wishInput = z.strictObject({ productId: idSchema });
export const wishlistChangedOutput = z.object({ productId: z.string(), count: z.number().int() });

export type ListWishesInput = z.infer<typeof listWishesInput>;
export type WishDto = z.infer<typeof wishSchema>;
