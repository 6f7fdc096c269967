import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter, SortOrder } from 'mongoose';
import type { ProductSort } from './catalog.contracts.ts';
import { CARD_FIELDS, type CardDoc } from './product-mapping.ts';
import type { ProductDoc, ProductModel, VariantDoc } from './product.model.ts';

/** Filters with slugs already turned into ids. Prices in minor units. */
export interface ProductQuery {
  categoryId?: string;
  brandId?: string;
  priceMin?: number;
  priceMax?: number;
  minRating?: number;
  inStock?: boolean;
  /** Each named attribute must have one of its values. */
  attributes?: readonly { name: string; values: readonly string[] }[];
  /** Every word must be found; the last also as a prefix. */
  terms?: readonly string[];
}

/** A brand or category with its new name, and the words that it is found by. */
export interface Renamed {
  id: string;
  name: string;
  terms: readonly string[];
}

/** Where a page goes on: the sort value and id of the last item seen. */
export interface PageMark {
  value: number;
  id: string;
}

/** What an event tells of a product. */
export type VersionedDoc = Pick<ProductDoc, '_id' | 'version'>;
const VERSION_FIELDS = { version: 1 } as const;
const UPDATED = { projection: VERSION_FIELDS, returnDocument: 'after' } as const;

const SORTS = {
  newest: { field: 'createdAt', direction: -1 },
  price_asc: { field: 'priceFrom', direction: 1 },
  price_desc: { field: 'priceFrom', direction: -1 },
  rating: { field: 'rating.average', direction: -1 },
  best_selling: { field: 'unitsSold', direction: -1 },
} as const satisfies Record<ProductSort, { field: string; direction: 1 | -1 }>;

/** The value that a product is sorted by, as a number a cursor can carry. */
export function sortValue(doc: CardDoc, sort: ProductSort): number {
  switch (sort) {
    case 'newest':
      return doc.createdAt.getTime();
    case 'price_asc':
    case 'price_desc':
      return doc.priceFrom;
    case 'rating':
      return doc.rating.average;
    case 'best_selling':
      return doc.unitsSold;
  }
}

const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function filterOf(query: ProductQuery): QueryFilter<ProductDoc> {
  const filter: QueryFilter<ProductDoc> = { listed: true };
  if (query.categoryId !== undefined) filter.categoryIds = query.categoryId;
  if (query.brandId !== undefined) filter['brand.id'] = query.brandId;
  if (query.priceMin !== undefined || query.priceMax !== undefined) {
    filter.priceFrom = {
      ...(query.priceMin === undefined ? {} : { $gte: query.priceMin }),
      ...(query.priceMax === undefined ? {} : { $lte: query.priceMax }),
    };
  }
  if (query.minRating !== undefined) filter['rating.average'] = { $gte: query.minRating };
  if (query.inStock !== undefined) filter.available = query.inStock;
  if (query.attributes?.length) {
    filter.$and = query.attributes.map(({ name, values }) => ({
      attributes: { $elemMatch: { name, value: { $in: [...values] } } },
    }));
  }
  if (query.terms?.length) {
    const last = query.terms.length - 1;
    const words = query.terms.map((term, index) => (index === last ? new RegExp(`^${escapeRegex(term)}`) : term));
    filter.searchTerms = { $all: words };
  }
  return filter;
}

/** The keyset condition: everything after `mark` in the order of `field`, ties by id. */
function after(field: string, direction: 1 | -1, mark: PageMark): QueryFilter<ProductDoc> {
  const value = field === 'createdAt' ? new Date(mark.value) : mark.value;
  const [beyond, from] = direction === 1 ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const);
  return {
    // The outer bound lets the index start at the mark; the disjunction drops what was seen at the same value.
    $and: [
      { [field]: { [from]: value } },
      { $or: [{ [field]: { [beyond]: value } }, { [field]: value, _id: { [beyond]: mark.id } }] },
    ],
  };
}

/** Reads and writes product documents. */
export function createProductRepository({ products }: { products: ProductModel }) {
  return {
    /** One page of cards in the given order; reads one more than `limit` so that the caller knows if more follow. */
    async page(
      query: ProductQuery,
      sort: ProductSort,
      { limit, mark }: { limit: number; mark?: PageMark | undefined },
    ): Promise<CardDoc[]> {
      const { field, direction } = SORTS[sort];
      const filter = mark ? { $and: [filterOf(query), after(field, direction, mark)] } : filterOf(query);
      const order: Record<string, SortOrder> = { [field]: direction, _id: direction };
      return products
        .find(filter, CARD_FIELDS)
        .sort(order)
        .limit(limit + 1)
        .lean<CardDoc[]>();
    },
    count: (query: ProductQuery): Promise<number> => products.countDocuments(filterOf(query)),
    /** Names `deletedAt`, as the index over slugs holds the living alone. */
    bySlug: (slug: string): Promise<ProductDoc | null> =>
      products.findOne({ slug, deletedAt: null, listed: true }).lean<ProductDoc>(),
    byId: (id: string): Promise<ProductDoc | null> => products.findOne({ _id: id, listed: true }).lean<ProductDoc>(),
    /** Whether a product is taxed by a class, whatever its status; also one that was removed, as it may come back. */
    hasTaxClass: async (taxClass: string, tx: Tx): Promise<boolean> =>
      (await products.exists({ taxClass }).session(sessionOf(tx) ?? null)) !== null,
    /** Also products that aren't listed, or deleted. */
    byIdsWhatever: (ids: readonly string[]): Promise<ProductDoc[]> =>
      products.find({ _id: { $in: [...ids] } }).lean<ProductDoc[]>(),
    cardsByIds: (ids: readonly string[]): Promise<CardDoc[]> =>
      products.find({ _id: { $in: [...ids] }, listed: true }, CARD_FIELDS).lean<CardDoc[]>(),
    bySlugs: (slugs: readonly string[], tx?: Tx): Promise<ProductDoc[]> =>
      products
        .find({ slug: { $in: [...slugs] }, deletedAt: null })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    bySkus: (skus: readonly string[]): Promise<ProductDoc[]> =>
      products.find({ 'variants.sku': { $in: [...skus] }, deletedAt: null }).lean<ProductDoc[]>(),
    byVariantIds: (ids: readonly string[], tx?: Tx): Promise<ProductDoc[]> =>
      products
        .find({ 'variants.id': { $in: [...ids] } })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    /** Products that had variants which were taken out of them. */
    byRemovedVariantIds: (ids: readonly string[], tx?: Tx): Promise<ProductDoc[]> =>
      products
        .find({ 'removedVariants.id': { $in: [...ids] } })
        .session(sessionOf(tx) ?? null)
        .lean<ProductDoc[]>(),
    /** Inserts or replaces whole products, matched by id. */
    async saveAll(docs: readonly ProductDoc[], tx: Tx): Promise<void> {
      await products.bulkWrite(
        docs.map((doc) => ({ replaceOne: { filter: { _id: doc._id }, replacement: doc, upsert: true } })),
        { ...sessionOption(tx), timestamps: false },
      );
    },
    /**
     * Carries a brand's new name and its words into its products; the old words go when a product is written anew.
     * Answers which products these are.
     */
    async renameBrand({ id, name, terms }: Renamed, tx: Tx): Promise<VersionedDoc[]> {
      const change = {
        $set: { 'brand.name': name },
        $addToSet: { searchTerms: { $each: [...terms] } },
        $inc: { version: 1 },
      };
      await products.updateMany({ 'brand.id': id }, change, sessionOption(tx));
      return products.find({ 'brand.id': id }, VERSION_FIELDS, sessionOption(tx)).lean<VersionedDoc[]>();
    },
    /** Likewise a category's; its words are those of the products below it, too. */
    async renameCategory({ id, name, terms }: Renamed, tx: Tx): Promise<VersionedDoc[]> {
      const change = {
        $set: { 'categories.$[category].name': name },
        $addToSet: { searchTerms: { $each: [...terms] } },
        $inc: { version: 1 },
      };
      const arrayFilters = [{ 'category.id': id }];
      await products.updateMany({ categoryIds: id }, change, { ...sessionOption(tx), arrayFilters });
      return products.find({ categoryIds: id }, VERSION_FIELDS, sessionOption(tx)).lean<VersionedDoc[]>();
    },
    /** Takes over a stock level unless a newer one is already there. True when the product changed. */
    async setAvailability(variantId: string, available: number, stockVersion: number): Promise<boolean> {
      const taken = { $mergeObjects: ['$$variant', { available, stockVersion }] };
      const isMeant = { $eq: ['$$variant.id', variantId] };
      const variants = {
        $map: { input: '$variants', as: 'variant', in: { $cond: [isMeant, taken, '$$variant'] } },
      };
      const result = await products.updateOne(
        { variants: { $elemMatch: { id: variantId, stockVersion: { $lt: stockVersion } } } },
        [
          { $set: { variants, version: { $add: ['$version', 1] } } },
          { $set: { available: { $gt: [{ $max: '$variants.available' }, 0] } } },
        ],
        { updatePipeline: true },
      );
      return result.modifiedCount > 0;
    },
    /**
     * Moves the sums behind a product's rating; the average is computed by the database, so races stay exact. Answers the
     * product's new version; null when there is none.
     */
    async moveRating(productId: string, change: { sum: number; count: number }, tx: Tx): Promise<VersionedDoc | null> {
      return products.findOneAndUpdate(
        { _id: productId },
        [
          {
            $set: {
              'rating.sum': { $add: ['$rating.sum', change.sum] },
              'rating.count': { $add: ['$rating.count', change.count] },
              version: { $add: ['$version', 1] },
            },
          },
          {
            $set: {
              'rating.average': {
                $cond: [
                  { $gt: ['$rating.count', 0] },
                  // Two decimals, half up: MongoDB's own rounding would go to the even digit.
                  {
                    $divide: [
                      { $floor: { $add: [{ $divide: [{ $multiply: ['$rating.sum', 100] }, '$rating.count'] }, 0.5] } },
                      100,
                    ],
                  },
                  0,
                ],
              },
            },
          },
        ],
        { ...sessionOption(tx), updatePipeline: true, ...UPDATED, lean: true },
      );
    },
    addUnitsSold: (productId: string, units: number, tx: Tx): Promise<VersionedDoc | null> =>
      products
        .findOneAndUpdate(
          { _id: productId },
          { $inc: { unitsSold: units, version: 1 } },
          { ...sessionOption(tx), ...UPDATED },
        )
        .lean<VersionedDoc>(),
    /** Products for sale in the order of their ids, from the one after `after`. */
    listedAfter: (after: string, limit: number): Promise<ProductDoc[]> =>
      products
        .find({ _id: { $gt: after }, listed: true })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ProductDoc[]>(),
    /** Products whose lowest price has to be computed anew because a sale began or ended. */
    dueForRepricing: (now: Date, limit: number): Promise<ProductDoc[]> =>
      products
        .find({ repriceAt: { $lte: now } })
        .limit(limit)
        .lean<ProductDoc[]>(),
    /** Writes prices that were computed from `version` of a product; false when it has changed since. */
    async setDerived(
      { _id, version }: Pick<ProductDoc, '_id' | 'version'>,
      derived: { priceFrom: number; compareAtFrom?: number; repriceAt?: Date },
      tx: Tx,
    ): Promise<boolean> {
      const unset = {
        ...(derived.compareAtFrom === undefined ? { compareAtFrom: 1 as const } : {}),
        ...(derived.repriceAt === undefined ? { repriceAt: 1 as const } : {}),
      };
      const change = { $set: derived, $unset: unset, $inc: { version: 1 } };
      return (await products.updateOne({ _id, version }, change, sessionOption(tx))).modifiedCount === 1;
    },
    countByCategory: async (): Promise<Map<string, number>> => {
      const rows = await products.aggregate<{ _id: string; count: number }>([
        { $match: { listed: true } },
        { $unwind: '$categoryIds' },
        { $group: { _id: '$categoryIds', count: { $sum: 1 } } },
      ]);
      return new Map(rows.map(({ _id, count }) => [_id, count]));
    },
  };
}

export type ProductRepository = ReturnType<typeof createProductRepository>;
export type { VariantDoc };
