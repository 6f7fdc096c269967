import type { AnswerFacts } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import type {
  BrandDto,
  CategoryDto,
  CategoryNode,
  ListProductsInput,
  ProductCardDto,
  ProductDto,
} from './catalog.contracts.ts';
import { cachedFor } from './cached.ts';
import type { IndexMark, ProductIndexPort } from './catalog.ports.ts';
import type { CategoryDoc } from './category.model.ts';
import type { CategoryRepository } from './category-repository.ts';
import { toCard, toProduct, toSellable, type SellableVariant } from './product-mapping.ts';
import { changeEvents } from './product-changes.ts';
import { createProductSource } from './product-source.ts';
import { deriveFromVariants, nextPriceChange } from './product-pricing.ts';
import type { ProductDoc } from './product.model.ts';
import { sortValue, type ProductQuery, type ProductRepository } from './product-repository.ts';

/** The last moment that a Date can hold, and beyond any price, rating or number sold. */
const MARK_MAX = 8.64e15;
const markSchema = z.strictObject({
  sort: z.string(),
  value: z.number().min(-MARK_MAX).max(MARK_MAX),
  id: z.string().max(64),
  list: z.string().max(80).optional(),
  offset: z.number().int().min(0).max(1_000).optional(),
});
const REPRICE_BATCH = 200;
/** Categories and brands are few and asked for with every list; a write to them shows within a second. */
const REFERENCES_KEPT_MS = 500;
/** Counting looks at all products; it decorates a menu. */
const COUNTS_KEPT_MS = 5_000;

type AnswerHolds = (facts: AnswerFacts) => void;
type ListFilters = Omit<ListProductsInput, 'sort' | 'limit' | 'cursor'> & { terms?: readonly string[] };
type ListQuery = ListFilters & Pick<ListProductsInput, 'sort' | 'limit' | 'cursor'>;

/** Use cases of browsing: what the storefront reads, and the small updates that other features' events bring. */
export function createCatalogService({
  mongo,
  outbox,
  products,
  categories,
  index,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  products: ProductRepository;
  categories: CategoryRepository;
  index: ProductIndexPort;
  clock: () => Date;
}) {
  const allCategories = cachedFor(REFERENCES_KEPT_MS, async () => {
    const docs = await categories.allCategories();
    return { docs, bySlug: new Map(docs.map((doc) => [doc.slug, doc])) };
  });
  const allBrands = cachedFor(REFERENCES_KEPT_MS, async () => {
    const docs = await categories.allBrands();
    return { docs, bySlug: new Map(docs.map((doc) => [doc.slug, doc])) };
  });
  const countByCategory = cachedFor(COUNTS_KEPT_MS, products.countByCategory);

  /** Slugs to ids; null when a named category or brand does not exist, so nothing can match. */
  async function resolve(filters: ListFilters): Promise<ProductQuery | null> {
    const { category, brand, attributes, ...rest } = filters;
    const query: ProductQuery = { ...withoutUndefined(rest) };
    if (attributes !== undefined) {
      query.attributes = Object.entries(attributes).map(([name, values]) => ({ name, values }));
    }
    if (category !== undefined) {
      const found = (await allCategories()).bySlug.get(category);
      if (!found) return null;
      query.categoryId = found._id;
    }
    if (brand !== undefined) {
      const found = (await allBrands()).bySlug.get(brand);
      if (!found) return null;
      query.brandId = found._id;
    }
    return query;
  }

  /** One page of product cards by filters and sort, with a keyset cursor that stays right under writes. */
  async function list(input: ListQuery): Promise<{ items: ProductCardDto[]; nextCursor: string | null }> {
    const query = await resolve(filtersOf(input));
    if (!query) return { items: [], nextCursor: null };
    const mark = readMark(input.cursor, input.sort);
    const found = needsIndex(query) ? await index.page(query, input.sort, { limit: input.limit, mark }) : null;
    if (found) {
      return { items: await byIds(found.ids), nextCursor: found.next && encodeMark(input.sort, found.next) };
    }
    const docs = await products.page(query, input.sort, { limit: input.limit, mark });
    const page = docs.slice(0, input.limit);
    const last = page.at(-1);
    const more = docs.length > input.limit && last !== undefined;
    return {
      items: page.map(toCard),
      nextCursor: more ? encodeMark(input.sort, { value: sortValue(last, input.sort), id: last._id }) : null,
    };
  }

  async function byIds(ids: readonly string[]): Promise<ProductCardDto[]> {
    const cards = new Map((await products.cardsByIds(ids)).map((doc) => [doc._id, toCard(doc)]));
    return ids.flatMap((id) => cards.get(id) ?? []);
  }

  function shown(doc: ProductDoc | null, holds: AnswerHolds | undefined): ProductDto {
    if (!doc) throw notFound('product');
    const now = clock();
    holds?.({ productIds: [doc._id], until: nextPriceChange(doc.variants, now) });
    return toProduct(doc, now);
  }

  async function reprice(due: readonly ProductDoc[], now: Date, tx: Tx): Promise<number> {
    const written: ProductDoc[] = [];
    for (const doc of due) {
      const { available: _unchanged, ...prices } = deriveFromVariants(doc.variants, now);
      if (await products.setDerived(doc, prices, tx)) written.push({ ...doc, version: doc.version + 1 });
    }
    await outbox.append(tx, changeEvents(written, now));
    return written.length;
  }

  return {
    list,
    resolve,

    /** How many products match, for searches that show a total. */
    async count(filters: ListFilters): Promise<number> {
      const query = await resolve(filters);
      return query ? products.count(query) : 0;
    },

    /** A listed product by slug; `holds` is told until when it looks like that. Throws NOT_FOUND. */
    async bySlug(slug: string, holds?: AnswerHolds): Promise<ProductDto> {
      return shown(await products.bySlug(slug), holds);
    },

    /** A listed product by id, likewise. Throws NOT_FOUND. */
    async byId(id: string, holds?: AnswerHolds): Promise<ProductDto> {
      return shown(await products.byId(id), holds);
    },

    /** Cards in the order of `ids`; what is not listed is left out. */
    byIds,

    /** What the search keeps of products. */
    searchable: createProductSource({ products, categories }),

    /** The live categories as an ordered tree with the number of listed products under each. */
    async categoryTree(): Promise<CategoryNode[]> {
      const [{ docs }, counts] = await Promise.all([allCategories(), countByCategory()]);
      return buildTree(docs, counts);
    },

    /** The live categories by name and slug, in their order. */
    async categories(): Promise<BrandDto[]> {
      return (await allCategories()).docs.map(({ _id, name, slug }) => ({ id: _id, name, slug }));
    },

    /** A category with its path from the root. Throws NOT_FOUND. */
    async categoryBySlug(slug: string): Promise<CategoryDto> {
      const { docs, bySlug } = await allCategories();
      const doc = bySlug.get(slug);
      if (!doc) throw notFound('category');
      const byId = new Map(docs.map((candidate) => [candidate._id, candidate]));
      const path = doc.path.flatMap((id) => {
        const step = byId.get(id);
        return step ? [{ id: step._id, name: step.name, slug: step.slug }] : [];
      });
      return { id: doc._id, name: doc.name, slug: doc.slug, path };
    },

    async brands(): Promise<BrandDto[]> {
      return (await allBrands()).docs.map((doc) => ({ id: doc._id, name: doc.name, slug: doc.slug }));
    },

    /** A live brand. Throws NOT_FOUND. */
    async brandBySlug(slug: string): Promise<BrandDto> {
      const doc = (await allBrands()).bySlug.get(slug);
      if (!doc) throw notFound('brand');
      return { id: doc._id, name: doc.name, slug: doc.slug };
    },

    /**
     * Variants with what their products know, for carts and orders; unknown ids are left out. One that was removed is
     * told of, too, and not for sale.
     */
    async variantsByIds(variantIds: readonly string[], tx?: Tx): Promise<SellableVariant[]> {
      if (variantIds.length === 0) return [];
      const wanted = new Set(variantIds);
      const found = (await products.byVariantIds([...wanted], tx)).flatMap((product) =>
        product.variants.filter(({ id }) => wanted.has(id)).map((variant) => toSellable(product, variant)),
      );
      for (const { variantId } of found) wanted.delete(variantId);
      if (wanted.size === 0) return found;
      const removed = (await products.byRemovedVariantIds([...wanted], tx)).flatMap((product) =>
        (product.removedVariants ?? [])
          .filter(({ id }) => wanted.has(id))
          .map((variant) => ({ ...toSellable(product, variant), purchasable: false })),
      );
      return [...found, ...removed];
    },

    /** Ids of live variants by SKU. */
    async variantIdsBySku(skus: readonly string[]): Promise<Map<string, string>> {
      const wanted = new Set(skus);
      const docs = await products.bySkus(skus);
      return new Map(
        docs.flatMap(({ variants }) => variants.filter(({ sku }) => wanted.has(sku)).map(({ sku, id }) => [sku, id])),
      );
    },

    /** Takes over what the inventory says is available of a variant; older versions are dropped. */
    applyStock: (change: { variantId: string; available: number; version: number }): Promise<boolean> =>
      products.setAvailability(change.variantId, change.available, change.version),

    /** Moves the sums behind a product's rating, and tells of it: lists and searches go by the average. */
    async moveRating(productId: string, change: { sum: number; count: number }, tx: Tx): Promise<void> {
      const rated = await products.moveRating(productId, change, tx);
      if (rated) await outbox.append(tx, changeEvents([rated], clock()));
    },

    /** Ids of live products by slug. */
    async idsBySlug(slugs: readonly string[]): Promise<Map<string, string>> {
      return new Map((await products.bySlugs(slugs)).map((doc) => [doc.slug, doc._id]));
    },

    hasTaxClass: products.hasTaxClass,

    /** Computes lowest prices anew where a sale began or ended, until the signal. Returns how many products changed. */
    async refreshPrices(signal?: AbortSignal): Promise<number> {
      const now = clock();
      let changed = 0;
      for (;;) {
        const due = await products.dueForRepricing(now, REPRICE_BATCH);
        const written = due.length === 0 ? 0 : await mongo.transaction((tx) => reprice(due, now, tx));
        changed += written;
        // Those that changed meanwhile are left to the next run; without any progress there is nothing to wait for.
        if (due.length < REPRICE_BATCH || written === 0 || signal?.aborted) return changed;
      }
    },
  };
}

export type CatalogService = ReturnType<typeof createCatalogService>;

function filtersOf({ sort: _sort, limit: _limit, cursor: _cursor, ...filters }: ListQuery): ListFilters {
  return filters;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** A cursor belongs to the sort it was made for: with another it is refused rather than misread. */
export function readMark(cursor: string | undefined, sort: string): IndexMark | undefined {
  if (cursor === undefined) return undefined;
  const { sort: _known, ...mark } = decodeCursor(
    cursor,
    markSchema.refine((read) => read.sort === sort),
  );
  return mark;
}

/** The cursor of a list: what it is sorted by, and where it goes on. */
export const encodeMark = (sort: string, mark: IndexMark): string => encodeCursor({ sort, ...mark });

/** Category, brand and stock with any sort are one ordered scan of an index of the database; nothing else is. */
const needsIndex = ({ priceMin, priceMax, minRating, attributes, terms }: ProductQuery): boolean =>
  !terms?.length && [priceMin, priceMax, minRating, attributes].some((filter) => filter !== undefined);

function buildTree(docs: readonly CategoryDoc[], counts: ReadonlyMap<string, number>): CategoryNode[] {
  const nodes = new Map<string, CategoryNode>(
    docs.map((doc) => [
      doc._id,
      { id: doc._id, name: doc.name, slug: doc.slug, productCount: counts.get(doc._id) ?? 0, children: [] },
    ]),
  );
  const roots: CategoryNode[] = [];
  for (const doc of docs) {
    const node = nodes.get(doc._id);
    if (!node) continue;
    const siblings = doc.parentId === null ? roots : nodes.get(doc.parentId)?.children;
    siblings?.push(node);
  }
  return roots;
}
