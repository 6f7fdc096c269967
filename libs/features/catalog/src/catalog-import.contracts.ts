import { z } from 'zod';
import { slugSchema } from './catalog.contracts.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const minorUnits = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const importCategorySchema = z.strictObject({
  slug: slugSchema,
  name: text(120),
  parent: slugSchema.optional(),
  position: z.number().int().min(0).default(0),
});

export const importBrandSchema = z.strictObject({ slug: slugSchema, name: text(120) });

export const importVariantSchema = z.strictObject({
  sku: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  options: z.record(z.string().min(1).max(40), z.string().min(1).max(80)).default({}),
  /** Minor units of the shop's currency. */
  price: minorUnits,
  salePrice: minorUnits.optional(),
  saleFrom: z.coerce.date().optional(),
  saleUntil: z.coerce.date().optional(),
  image: z.string().max(500).optional(),
  /** Pieces on hand, written when the variant is new; later stock changes go through the inventory. */
  stock: z.number().int().min(0).max(1_000_000).default(0),
});

export const importProductSchema = z.strictObject({
  slug: slugSchema,
  title: text(200),
  description: z.string().trim().max(10_000).default(''),
  brand: slugSchema.optional(),
  /** Slugs of the categories it is in; ancestors are added by the import. */
  categories: z.array(slugSchema).max(10).default([]),
  taxClass: z.string().trim().min(1).max(40).default('standard'),
  attributes: z.record(z.string().min(1).max(60), z.string().max(200)).default({}),
  options: z
    .array(z.strictObject({ name: text(40), values: z.array(text(80)).min(1).max(50) }))
    .max(3)
    .default([]),
  images: z.array(z.string().max(500)).max(20).default([]),
  createdAt: z.coerce.date().optional(),
  variants: z.array(importVariantSchema).min(1).max(100),
});

/** A whole catalog, or a part of one. Records are matched by slug and SKU, so importing twice changes nothing. */
export const importCatalogSchema = z.strictObject({
  categories: z.array(importCategorySchema).max(5_000).default([]),
  brands: z.array(importBrandSchema).max(5_000).default([]),
  products: z.array(importProductSchema).max(5_000).default([]),
});

export const importResultSchema = z.object({
  categories: z.number().int(),
  brands: z.number().int(),
  products: z.number().int(),
  variants: z.number().int(),
});

export type ImportCatalogInput = z.input<typeof importCatalogSchema>;
export type ImportProduct = z.output<typeof importProductSchema>;
export type ImportResult = z.infer<typeof importResultSchema>;
