import { idSchema, moneySchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

export const slugSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(120)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Lower-case words joined by hyphens');

export const productSortSchema = z.enum(['newest', 'price_asc', 'price_desc', 'rating', 'best_selling']);

export const ratingSchema = z.object({ average: z.number(), count: z.number().int() });

/** A product as lists show it. `price` is the lowest price of its variants now, `compareAt` that variant's full price. */
export const productCardSchema = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  brand: z.object({ id: z.string(), name: z.string(), slug: z.string() }).nullable(),
  image: z.string().nullable(),
  price: moneySchema,
  compareAt: moneySchema.optional(),
  rating: ratingSchema,
  available: z.boolean(),
  variantCount: z.number().int(),
});

export const variantSchema = z.object({
  id: z.string(),
  sku: z.string(),
  options: z.record(z.string(), z.string()),
  price: moneySchema,
  salePrice: moneySchema.optional(),
  available: z.number().int(),
  image: z.string().optional(),
});

/** A product with all that its page shows. A variant's `available` is a quantity, refreshed within a second of a change. */
export const productSchema = productCardSchema.extend({
  description: z.string(),
  categories: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })),
  options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  attributes: z.record(z.string(), z.string()),
  images: z.array(z.string()),
  /** What a picture shows, by its address, for those who don't see it; of pictures that somebody described. */
  imageAlts: z.record(z.string(), z.string()),
  variants: z.array(variantSchema),
});

/** Filters that every product list takes. Prices in minor units, both ends included. */
export const productFilters = {
  category: slugSchema.optional(),
  brand: slugSchema.optional(),
  priceMin: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  priceMax: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  minRating: z.number().min(0).max(5).optional(),
  inStock: z.boolean().optional(),
  /** Values by the name of an attribute, one of which a product must have. */
  attributes: z
    .record(z.string().min(1).max(60), z.array(z.string().max(200)).min(1).max(20))
    .refine((attributes) => Object.keys(attributes).length <= 10, 'Ten attributes at most')
    .optional(),
};

export const listProductsInput = z.strictObject({
  ...productFilters,
  sort: productSortSchema.default('newest'),
  ...pageInput,
});
export const listProductsOutput = pageOf(productCardSchema);
export const bySlugInput = z.strictObject({ slug: slugSchema });
export const byIdInput = z.strictObject({ id: idSchema });
export const byIdsInput = z.strictObject({ ids: z.array(idSchema).min(1).max(100) });
/** Products on screen, to be told of their changes. */
export const onChangeInput = z.strictObject({ productIds: z.array(idSchema).min(1).max(100) });

/**
 * What a product looks like now. `version` counts up with each change: news of a lower one than is known is old. A product
 * that is `inactive` is not for sale any more. A variant's `price` is the full one.
 */
export const productChangeSchema = z.object({
  type: z.literal('product.changed'),
  productId: z.string(),
  version: z.number().int(),
  status: z.enum(['active', 'inactive']),
  price: moneySchema.optional(),
  compareAt: moneySchema.optional(),
  available: z.boolean(),
  variants: z.array(
    z.object({
      id: z.string(),
      price: moneySchema,
      salePrice: moneySchema.optional(),
      available: z.number().int(),
    }),
  ),
  at: z.date(),
});
export const relatedInput = z.strictObject({ productId: idSchema, limit: z.number().int().min(1).max(24).default(8) });
export const byIdsOutput = z.object({ items: z.array(productCardSchema) });

export interface CategoryNode {
  id: string;
  name: string;
  slug: string;
  productCount: number;
  children: CategoryNode[];
}
export const categoryNodeSchema: z.ZodType<CategoryNode> = z.lazy(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    productCount: z.number().int(),
    children: z.array(categoryNodeSchema),
  }),
);
export const categoryTreeOutput = z.object({ items: z.array(categoryNodeSchema) });
export const categorySchema = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  path: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })),
});
export const brandSchema = z.object({ id: z.string(), name: z.string(), slug: z.string() });
export const brandsOutput = z.object({ items: z.array(brandSchema) });

/** The home page: shelves of what can be bought, and the top of the category tree. At most a minute old. */
export const homeOutput = z.object({
  topSelling: z.array(productCardSchema),
  highestRated: z.array(productCardSchema),
  newest: z.array(productCardSchema),
  /** `productCount` counts what can be bought. */
  categories: z.array(brandSchema.extend({ productCount: z.number().int() })),
});

export type HomeDto = z.infer<typeof homeOutput>;
export type ProductCardDto = z.infer<typeof productCardSchema>;
export type ProductDto = z.infer<typeof productSchema>;
export type VariantDto = z.infer<typeof variantSchema>;
export type ProductChange = z.infer<typeof productChangeSchema>;
export type ProductSort = z.infer<typeof productSortSchema>;
export type ListProductsInput = z.infer<typeof listProductsInput>;
export type CategoryDto = z.infer<typeof categorySchema>;
export type BrandDto = z.infer<typeof brandSchema>;
