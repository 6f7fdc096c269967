import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { BrandDoc, BrandModel, CategoryDoc, CategoryModel } from './category.model.ts';

/** Reads and writes categories and brands: both small, read whole. */
export function createCategoryRepository({ categories, brands }: { categories: CategoryModel; brands: BrandModel }) {
  return {
    allCategories: (): Promise<CategoryDoc[]> =>
      categories.find({ deletedAt: null }).sort({ position: 1, name: 1 }).lean<CategoryDoc[]>(),
    allBrands: (): Promise<BrandDoc[]> => brands.find({ deletedAt: null }).sort({ name: 1 }).lean<BrandDoc[]>(),
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
