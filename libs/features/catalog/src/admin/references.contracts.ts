import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';
import { slugSchema } from '../catalog.contracts.ts';
import { lineSchema } from '../text.contracts.ts';

const name = lineSchema(120);
const position = z.number().int().min(0).max(100_000);

export const adminBrandSchema = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  /** When it was removed; null while it lives. */
  deletedAt: z.date().nullable(),
});
export const adminCategorySchema = adminBrandSchema.extend({
  parentId: z.string().nullable(),
  /** Among its siblings, lowest first. */
  position: z.number().int(),
  /** How many categories stand above it. */
  depth: z.number().int(),
});

export const listReferencesInput = z.strictObject({
  /** The removed ones in place of the living. */
  deleted: z.boolean().default(false),
  ...pageInput,
});
export const listBrandsOutput = pageOf(adminBrandSchema);
/** All of them, each below its parent. */
export const listCategoriesInput = z.strictObject({ deleted: z.boolean().default(false) });
export const listCategoriesOutput = z.object({ items: z.array(adminCategorySchema) });

export const createBrandInput = z.strictObject({ name, slug: slugSchema });
export const updateBrandInput = z.strictObject({ id: idSchema, name: name.optional(), slug: slugSchema.optional() });
export const createCategoryInput = z.strictObject({
  ...{ name, slug: slugSchema },
  parentId: idSchema.nullable().default(null),
  position: position.default(0),
});
export const updateCategoryInput = z.strictObject({
  ...{ id: idSchema, name: name.optional(), slug: slugSchema.optional() },
  position: position.optional(),
});
/** `parentId` null puts it at the top. */
export const moveCategoryInput = z.strictObject({
  ...{ id: idSchema, parentId: idSchema.nullable() },
  position: position.optional(),
});
/** All living categories of one level, in the order they are to have; `parentId` null for those at the top. */
export const reorderCategoriesInput = z.strictObject({
  parentId: idSchema.nullable(),
  ids: z.array(idSchema).min(1).max(1_000),
});
export const referenceIdInput = z.strictObject({ id: idSchema });

export type AdminBrandDto = z.infer<typeof adminBrandSchema>;
export type AdminCategoryDto = z.infer<typeof adminCategorySchema>;
export type CreateBrandInput = z.output<typeof createBrandInput>;
export type UpdateBrandInput = z.infer<typeof updateBrandInput>;
export type CreateCategoryInput = z.output<typeof createCategoryInput>;
export type UpdateCategoryInput = z.infer<typeof updateCategoryInput>;
export type ReorderCategoriesInput = z.infer<typeof reorderCategoriesInput>;
export type MoveCategoryInput = z.infer<typeof moveCategoryInput>;
