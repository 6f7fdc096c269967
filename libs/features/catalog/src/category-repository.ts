import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Model } from 'mongoose';
import type { BrandDoc, BrandModel, CategoryDoc, CategoryModel } from './category.model.ts';

/**
 * Makes whoever moves or removes one of these categories or brands at the same moment start over: each is written, too.
 * False when one of them is not there any more.
 */
export async function holdLiving<Doc extends CategoryDoc | BrandDoc>(
  model: Model<Doc>,
  ids: readonly string[],
  tx: Tx,
): Promise<boolean> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return true;
  const filter = { _id: { $in: wanted }, deletedAt: null } as object;
  const result = await model.updateMany(filter, { $inc: { holds: 1 } } as object, sessionOption(tx));
  return result.matchedCount === wanted.length;
}

/** Reads and writes categories and brands: both small, read whole. */
export function createCategoryRepository({ categories, brands }: { categories: CategoryModel; brands: BrandModel }) {
  return {
    allCategories: (tx?: Tx): Promise<CategoryDoc[]> =>
      categories
        .find({ deletedAt: null })
        .sort({ position: 1, name: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<CategoryDoc[]>(),
    allBrands: (tx?: Tx): Promise<BrandDoc[]> =>
      brands
        .find({ deletedAt: null })
        .sort({ name: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<BrandDoc[]>(),
    /** See `holdLiving`. */
    hold: async (ids: { categories: readonly string[]; brands: readonly string[] }, tx: Tx): Promise<boolean> =>
      (await holdLiving(categories, ids.categories, tx)) && (await holdLiving(brands, ids.brands, tx)),
    async saveCategories(docs: readonly CategoryDoc[], tx: Tx): Promise<void> {
      if (docs.length === 0) return;
      await categories.bulkWrite(
        docs.map((doc) => ({ replaceOne: { filter: { _id: doc._id }, replacement: doc, upsert: true } })),
        sessionOption(tx),
      );
    },
    async saveBrands(docs: readonly BrandDoc[], tx: Tx): Promise<void> {
      if (docs.length === 0) return;
      await brands.bulkWrite(
        docs.map((doc) => ({ replaceOne: { filter: { _id: doc._id }, replacement: doc, upsert: true } })),
        sessionOption(tx),
      );
    },
  };
}

export type CategoryRepository = ReturnType<typeof createCategoryRepository>;
