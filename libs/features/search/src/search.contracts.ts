import { moneySchema, pageInput, pageOf } from '@cartwright/api-core';
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

/** Pieces of a text, as `slice(start, end)` takes them: to be marked as what was searched for. */
export const textRangesSchema = z.array(z.tuple([z.number().int(), z.number().int()]));

const countedReference = z.object({ id: z.string(), name: z.string(), slug: z.string(), count: z.number().int() });

/**
 * How many products there would be with one more choice. What is chosen of a facet doesn't narrow that facet itself, so that
 * it tells what another choice would give. The most frequent come first, 50 at most.
 */
export const searchFacetsSchema = z.object({
  categories: z.array(countedReference),
  brands: z.array(countedReference),
  inStock: z.number().int(),
  /** `stars` and more. */
  ratings: z.array(z.object({ stars: z.number().int(), count: z.number().int() })),
  /** Attributes of few values alone. */
  attributes: z.array(
    z.object({ name: z.string(), values: z.array(z.object({ value: z.string(), count: z.number().int() })) }),
  ),
  /** The lowest and the highest price in minor units; null when nothing is found. */
  price: z.object({ min: z.number().int(), max: z.number().int() }).nullable(),
});

export const searchHitSchema = productCardSchema.extend({
  highlights: z.object({ title: textRangesSchema, brand: textRangesSchema }),
});

/** `facets` is null while the search index is being built: the rest is answered all the same. */
export const searchProductsOutput = pageOf(searchHitSchema).extend({
  total: z.number().int(),
  facets: searchFacetsSchema.nullable(),
});

export const suggestInput = z.strictObject({ prefix: z.string().trim().min(1).max(60) });

const suggested = { label: z.string(), ranges: textRangesSchema };

/** A query to search for, a category, a brand or a product. */
export const suggestionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('query'), ...suggested }),
  z.object({ kind: z.enum(['category', 'brand']), slug: z.string(), ...suggested }),
  z.object({
    kind: z.literal('product'),
    slug: z.string(),
    image: z.string().nullable(),
    price: moneySchema,
    ...suggested,
  }),
]);
export const suggestOutput = z.object({ items: z.array(suggestionSchema) });

export type SearchProductsInput = z.infer<typeof searchProductsInput>;
export type SearchProductsOutput = z.infer<typeof searchProductsOutput>;
export type SearchFacets = z.infer<typeof searchFacetsSchema>;
export type Suggestion = z.infer<typeof suggestionSchema>;
