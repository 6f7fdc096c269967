import { idSchema, moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';
import { brandSchema } from '../catalog.contracts.ts';

export const productStatusSchema = z.enum(['draft', 'active', 'archived']);

/** A product as lists for administrators show it. */
export const adminProductSchema = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  status: productStatusSchema,
  /** When an active one is published; absent once it is. */
  publishAt: z.date().optional(),
  /** Whether shoppers see it: active, published and not removed. */
  listed: z.boolean(),
  /** When it was removed; null while it lives. */
  deletedAt: z.date().nullable(),
  brand: brandSchema.nullable(),
  image: z.string().nullable(),
  /** The lowest price of its variants now. */
  price: moneySchema,
  /** Pieces of all its variants that can be promised. */
  available: z.number().int(),
  variantCount: z.number().int(),
  updatedAt: z.date(),
});

export const adminVariantSchema = z.object({
  id: z.string(),
  sku: z.string(),
  options: z.record(z.string(), z.string()),
  price: moneySchema,
  salePrice: moneySchema.optional(),
  saleFrom: z.date().optional(),
  saleUntil: z.date().optional(),
  image: z.string().optional(),
  available: z.number().int(),
});

/** A product with all that is known of it. */
export const adminProductDetailSchema = adminProductSchema.extend({
  description: z.string(),
  categories: z.array(brandSchema),
  taxClass: z.string(),
  options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  attributes: z.record(z.string(), z.string()),
  images: z.array(z.string()),
  /** What a picture shows, by its address; of pictures that somebody described. */
  imageAlts: z.record(z.string(), z.string()),
  variants: z.array(adminVariantSchema),
  /** Taken out and able to come back, the latest first. */
  removedVariants: z.array(adminVariantSchema.extend({ removedAt: z.date() })),
  /** Counts up when somebody edits it: the `expectedVersion` of the next change. */
  version: z.number().int(),
});

export const listAdminProductsInput = z.strictObject({
  /** Words of title, brand, category or SKU; the last may be unfinished. */
  query: z.string().trim().min(1).max(100).optional(),
  status: productStatusSchema.optional(),
  /** The removed ones in place of the living. */
  deleted: z.boolean().default(false),
  ...pageInput,
});
export const listAdminProductsOutput = pageOf(adminProductSchema);
export const productIdInput = z.strictObject({ id: idSchema });
export const setProductStatusInput = z.strictObject({
  ids: z.array(idSchema).min(1).max(100),
  status: productStatusSchema,
  /** For active ones: not before this moment. */
  publishAt: z.date().optional(),
});
export const setProductStatusOutput = z.object({ items: z.array(adminProductSchema) });

export type AdminProductDto = z.infer<typeof adminProductSchema>;
export type AdminProductDetailDto = z.infer<typeof adminProductDetailSchema>;
export type ListAdminProductsInput = z.output<typeof listAdminProductsInput>;
export type SetProductStatusInput = z.infer<typeof setProductStatusInput>;
