import { idSchema } from '@cartwright/api-core';
import { z } from 'zod';
import { slugSchema } from '../catalog.contracts.ts';
import { lineSchema, nameSchema, proseSchema } from '../text.contracts.ts';
import { productStatusSchema } from './product-admin.contracts.ts';

/** As many variants as a product may have. */
export const VARIANTS_MAX = 100;
/** As many attributes, and values of one option. */
export const PRODUCT_ATTRIBUTES_MAX = 50;
export const OPTION_VALUES_MAX = 50;
/** So high that no shop minds, and so low that a cart full of it can still be added up. Minor units. */
export const PRICE_MAX = 100_000_000_000;
export const PIECES_MAX = 1_000_000;

export const skuSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'Up to 64 letters, digits, dots, hyphens and underscores');

const price = z.number().int().min(0).max(PRICE_MAX);
const moment = z.date();
const few = (record: object): boolean => Object.keys(record).length <= PRODUCT_ATTRIBUTES_MAX;

/** Values by the name of an option: one for each option of the product. */
const chosenOptions = z.record(nameSchema(40), lineSchema(80)).refine(few, 'Too many');
const image = z.string().min(1).max(500);
const expectedVersion = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/** A variant as it is to be. Prices in minor units of the shop's currency; sale dates are the ends of `[from, until)`. */
const variantFields = {
  sku: skuSchema,
  options: chosenOptions.default({}),
  price,
  salePrice: price.optional(),
  saleFrom: moment.optional(),
  saleUntil: moment.optional(),
  /** One of the product's images. */
  image: image.optional(),
};
const stock = z.number().int().min(0).max(PIECES_MAX);
const newVariant = z.strictObject({ ...variantFields, stock: stock.default(0) });
/** With the id of one that is there; without, a new one, whose first stock may be named. */
const keptOrNewVariant = z.strictObject({ ...variantFields, id: idSchema.optional(), stock: stock.optional() });

export const productFields = {
  title: lineSchema(200),
  slug: slugSchema,
  description: proseSchema(10_000),
  brandId: idSchema.nullable(),
  categoryIds: z.array(idSchema).max(10),
  taxClass: lineSchema(40),
  attributes: z.record(nameSchema(60), lineSchema(200)).refine(few, `${PRODUCT_ATTRIBUTES_MAX} attributes at most`),
  options: z
    .array(z.strictObject({ name: nameSchema(40), values: z.array(lineSchema(80)).min(1).max(OPTION_VALUES_MAX) }))
    .max(3),
  status: productStatusSchema,
};

export const createProductInput = z.strictObject({
  title: productFields.title,
  slug: productFields.slug,
  description: productFields.description.default(''),
  brandId: productFields.brandId.default(null),
  categoryIds: productFields.categoryIds.default([]),
  taxClass: productFields.taxClass.default('standard'),
  attributes: productFields.attributes.default({}),
  options: productFields.options.default([]),
  status: productFields.status.default('draft'),
  /** For active ones: not before this moment. */
  publishAt: moment.optional(),
  variants: z.array(newVariant).min(1).max(VARIANTS_MAX),
});

export const updateProductInput = z.strictObject({
  id: idSchema,
  /** What the product must be at, so that nothing written in between is lost. */
  expectedVersion,
  ...z.strictObject(productFields).partial().shape,
  /** With a status or alone, for active ones; null publishes at once. */
  publishAt: moment.nullable().optional(),
  /** All variants as they are to be: those that are missing are removed. */
  variants: z.array(keptOrNewVariant).min(1).max(VARIANTS_MAX).optional(),
});

export const createVariantInput = z.strictObject({ productId: idSchema, expectedVersion, ...newVariant.shape });
export const updateVariantInput = z.strictObject({
  ...{ variantId: idSchema, expectedVersion },
  sku: skuSchema.optional(),
  options: chosenOptions.optional(),
  price: price.optional(),
  salePrice: price.nullable().optional(),
  saleFrom: moment.nullable().optional(),
  saleUntil: moment.nullable().optional(),
  image: image.nullable().optional(),
});
export const variantIdInput = z.strictObject({ variantId: idSchema, expectedVersion });

export type CreateProductInput = z.output<typeof createProductInput>;
export type UpdateProductInput = z.output<typeof updateProductInput>;
export type CreateVariantInput = z.output<typeof createVariantInput>;
export type UpdateVariantInput = z.output<typeof updateVariantInput>;
