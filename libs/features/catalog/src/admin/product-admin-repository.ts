import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { ProductDoc, ProductModel, ProductStatus } from '../product.model.ts';

const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What administrators read and write of products, removed ones and drafts included. */
export function createProductAdminRepository({ products }: { products: ProductModel }) {
  return {
    /** The newest first; reads one more than `limit` so that the caller knows if more follow. */
    page(
      filter: { terms: readonly string[]; status?: ProductStatus | undefined; deleted: boolean },
      limit: number,
      before?: string,
    ): Promise<ProductDoc[]> {
      const { terms, status, deleted } = filter;
      const last = terms.length - 1;
      const words = terms.map((term, index) => (index === last ? new RegExp(`^${escapeRegex(term)}`) : term));
      const query: QueryFilter<ProductDoc> = {
        deletedAt: deleted ? { $ne: null } : null,
        ...(words.length === 0 ? {} : { listed: { $in: [true, false] }, searchTerms: { $all: words } }),
        ...(status === undefined ? {} : { status }),
        ...(before === undefined ? {} : { _id: { $lt: before } }),
      };
      return products
        .find(query)
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<ProductDoc[]>();
    },
    byId: (id: string, tx?: Tx): Promise<ProductDoc | null> =>
      products
        .findById(id)
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc>(),
    /** The product that a variant belongs to, or belonged to before it was removed. */
    byVariantId: async (variantId: string, tx: Tx): Promise<ProductDoc | null> =>
      (await products
        .findOne({ 'variants.id': variantId })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc>()) ??
      products
        .findOne({ 'removedVariants.id': variantId })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc>(),
    byIds: (ids: readonly string[], tx: Tx): Promise<ProductDoc[]> =>
      products
        .find({ _id: { $in: [...ids] }, deletedAt: null })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    /** Living ones whose moment of publication has come. */
    due: (now: Date, limit: number, tx: Tx): Promise<ProductDoc[]> =>
      products
        .find({ publishAt: { $lte: now }, status: 'active', deletedAt: null })
        .limit(limit)
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    livingBySlugs: (slugs: readonly string[], tx?: Tx): Promise<ProductDoc[]> =>
      products
        .find({ slug: { $in: [...slugs] }, deletedAt: null })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    /** Ids of living products by the SKUs of theirs that are named. */
    async ownersOfSkus(skus: readonly string[]): Promise<Map<string, string>> {
      const wanted = new Set(skus);
      const docs = await products
        .find({ 'variants.sku': { $in: [...wanted] }, deletedAt: null }, { 'variants.sku': 1 })
        .lean<ProductDoc[]>();
      return new Map(
        docs.flatMap(({ _id, variants }) =>
          variants.flatMap(({ sku }): [string, string][] => (wanted.has(sku) ? [[sku, _id]] : [])),
        ),
      );
    },
    /** Living ones in the order of their ids, from the one after `after`. */
    livingAfter: (after: string, limit: number): Promise<ProductDoc[]> =>
      products
        .find({ _id: { $gt: after }, deletedAt: null })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ProductDoc[]>(),
    livingCount: (): Promise<number> => products.countDocuments({ deletedAt: null }),
    attributeNames: (): Promise<string[]> => products.distinct('attributes.name', { deletedAt: null }),
    insert: async (doc: ProductDoc, tx: Tx): Promise<void> => {
      await products.insertMany([doc], sessionOption(tx));
    },
    /** Writes products read in the same transaction: one that changed since makes the transaction run again. */
    async replace(docs: readonly ProductDoc[], tx: Tx): Promise<void> {
      if (docs.length === 0) return;
      const operations = docs.map((doc) => ({ replaceOne: { filter: { _id: doc._id }, replacement: doc } }));
      await products.bulkWrite(operations, { ...sessionOption(tx), timestamps: false });
    },
  };
}

export type ProductAdminRepository = ReturnType<typeof createProductAdminRepository>;
