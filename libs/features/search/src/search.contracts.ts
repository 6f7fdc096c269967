import { pageInput, pageOf } from '@cartwright/api-core';
import { productCardSchema, productFilters } from '@cartwright/feature-catalog';
import { z } from 'zod';

export const searchSortSchema = z.enum(['relevance', 'newest', 'price_asc', 'price_desc', 'rating', 'best_selling']);

export const searchProductsInput = z.strictObject({
  /** What was typed; empty lists everything. Only the first 200 characters count. */
  query: z
    .string()
    .max(10_000)
    .transform((query) => query.trim().slice(0, 200)),
  ...productFilters,
  sort: searchSortSchema.default('relevance'),
  ...pageInput,
});
export const searchProductsOutput = pageOf(productCardSchema).extend({ total: z.number().int() });
export const suggestInput = z.strictObject({ prefix: z.string().trim().min(1).max(60) });
export const suggestOutput = z.object({
  items: z.array(z.object({ kind: z.enum(['product', 'category', 'brand']), label: z.string(), slug: z.string() })),
});
export type SearchProductsInput = z.infer<typeof searchProductsInput>;
