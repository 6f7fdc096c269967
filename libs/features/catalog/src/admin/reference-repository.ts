import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import { holdLiving } from '../category-repository.ts';
import type { BrandDoc, BrandModel, CategoryDoc, CategoryModel } from '../category.model.ts';
import type { ProductDoc, ProductModel } from '../product.model.ts';

/** A product that carries a brand or category. */
type CarrierDoc = Pick<ProductDoc, '_id' | 'version'>;

/** What a change of categories and brands reads and writes, within its transaction. */
export function createReferenceRepository({
  categories,
  brands,
  products,
}: {
  categories: CategoryModel;
  brands: BrandModel;
  products: ProductModel;
}) {
  const inSession = (tx: Tx) => sessionOf(tx) ?? null;
  // Both values of `listed` are named so that the indexes that begin with it serve.
  const anyProduct = { listed: { $in: [true, false] }, deletedAt: null };

  const carriers = (filter: QueryFilter<ProductDoc>, tx: Tx): Promise<CarrierDoc[]> =>
    products.find(filter, { version: 1 }).session(inSession(tx)).lean<CarrierDoc[]>();

  return {
    brands: {
      list: (deleted: boolean): Promise<BrandDoc[]> =>
        brands
          .find(deleted ? { deletedAt: { $ne: null } } : { deletedAt: null })
          .sort({ name: 1, _id: 1 })
          .lean<BrandDoc[]>(),
      byId: (id: string, tx: Tx): Promise<BrandDoc | null> =>
        brands.findById(id).session(inSession(tx)).lean<BrandDoc>(),
      /** See `holdLiving`. */
      hold: (id: string, tx: Tx): Promise<boolean> => holdLiving(brands, [id], tx),
      async insert(doc: BrandDoc, tx: Tx): Promise<void> {
        await brands.insertMany([doc], sessionOption(tx));
      },
      async replace(doc: BrandDoc, tx: Tx): Promise<void> {
        await brands.replaceOne({ _id: doc._id }, doc, sessionOption(tx));
      },
      isUsed: async (id: string, tx: Tx): Promise<boolean> =>
        (await products.exists({ ...anyProduct, 'brand.id': id }).session(inSession(tx))) !== null,
      /** Carries name, slug and words of a brand into its products, and answers which these are. */
      async carry({ _id: id, name, slug }: BrandDoc, terms: readonly string[], tx: Tx): Promise<CarrierDoc[]> {
        const filter = { 'brand.id': id };
        const change = { $set: { brand: { id, name, slug } }, ...withWords(terms) };
        await products.updateMany(filter, change, sessionOption(tx));
        return carriers(filter, tx);
      },
    },
    categories: {
      list: (deleted: boolean): Promise<CategoryDoc[]> =>
        categories
          .find(deleted ? { deletedAt: { $ne: null } } : { deletedAt: null })
          .sort({ position: 1, name: 1, _id: 1 })
          .lean<CategoryDoc[]>(),
      byId: (id: string, tx: Tx): Promise<CategoryDoc | null> =>
        categories.findById(id).session(inSession(tx)).lean<CategoryDoc>(),
      byIds: (ids: readonly string[], tx: Tx): Promise<CategoryDoc[]> =>
        categories
          .find({ _id: { $in: [...ids] } })
          .session(inSession(tx))
          .lean<CategoryDoc[]>(),
      /** The category itself and all below it. */
      below: (id: string, tx: Tx): Promise<CategoryDoc[]> =>
        categories.find({ path: id }).session(inSession(tx)).lean<CategoryDoc[]>(),
      /** The living ones of one level. */
      children: (parentId: string | null, tx: Tx): Promise<CategoryDoc[]> =>
        categories.find({ parentId, deletedAt: null }).session(inSession(tx)).lean<CategoryDoc[]>(),
      async insert(doc: CategoryDoc, tx: Tx): Promise<void> {
        await categories.insertMany([doc], sessionOption(tx));
      },
      async replace(docs: readonly CategoryDoc[], tx: Tx): Promise<void> {
        await categories.bulkWrite(
          docs.map((doc) => ({ replaceOne: { filter: { _id: doc._id }, replacement: doc } })),
          sessionOption(tx),
        );
      },
      /** See `holdLiving`. */
      hold: (ids: readonly string[], tx: Tx): Promise<boolean> => holdLiving(categories, ids, tx),
      isUsed: async (id: string, tx: Tx): Promise<boolean> =>
        (await categories.exists({ parentId: id, deletedAt: null }).session(inSession(tx))) !== null ||
        (await products.exists({ ...anyProduct, categoryIds: id }).session(inSession(tx))) !== null,
      /** As that of brands. Its words are those of the products below it, too. */
      async carry({ _id: id, name, slug }: CategoryDoc, terms: readonly string[], tx: Tx): Promise<CarrierDoc[]> {
        const filter = { categoryIds: id };
        const change = { $set: { 'categories.$[category]': { id, name, slug } }, ...withWords(terms) };
        await products.updateMany(filter, change, { ...sessionOption(tx), arrayFilters: [{ 'category.id': id }] });
        return carriers(filter, tx);
      },
      /** What of the products under a category follows from the tree; deleted ones included. */
      productsUnder: (id: string, tx: Tx) =>
        products
          .find({ categoryIds: id }, { title: 1, brand: 1, categories: 1, 'variants.sku': 1, version: 1 })
          .session(inSession(tx))
          .lean<Pick<ProductDoc, '_id' | 'title' | 'brand' | 'categories' | 'variants' | 'version'>[]>(),
      async setAncestry(
        docs: readonly Pick<ProductDoc, '_id' | 'categoryIds' | 'searchTerms'>[],
        tx: Tx,
      ): Promise<void> {
        if (docs.length === 0) return;
        const operations = docs.map(({ _id, categoryIds, searchTerms }) => ({
          updateOne: { filter: { _id }, update: { $set: { categoryIds, searchTerms }, $inc: { version: 1 } } },
        }));
        await products.bulkWrite(operations, sessionOption(tx));
      },
    },
  };
}

/** The words that a name is found by; old ones go when a product is written anew. */
const withWords = (terms: readonly string[]) => ({
  $addToSet: { searchTerms: { $each: [...terms] } },
  $inc: { version: 1 },
});

export type ReferenceRepository = ReturnType<typeof createReferenceRepository>;
