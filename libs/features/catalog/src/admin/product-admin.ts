import { invalidInput, notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, type Mongo, type Tx } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { ProductDoc } from '../product.model.ts';
import { tokenize } from '../search-terms.ts';
import type {
  AdminProductDetailDto,
  AdminProductDto,
  ListAdminProductsInput,
  SetProductStatusInput,
} from './product-admin.contracts.ts';
import { toAdminProduct, toAdminProductDetail } from './product-admin-mapping.ts';
import type { ProductAdminRepository } from './product-admin-repository.ts';
import type { ReferenceRepository } from './reference-repository.ts';
import { orLabelTaken, type ProductWriter } from './write-products.ts';

const markSchema = z.strictObject({ id: z.string().max(64) });
const PUBLISH_BATCH = 200;

/** What administrators do with whole products. Whatever changes one tells of it, so that shoppers and the search know. */
export function createProductAdmin({
  mongo,
  products,
  references,
  writer,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  products: ProductAdminRepository;
  references: ReferenceRepository;
  writer: Pick<ProductWriter, 'replace'>;
  clock: () => Date;
}) {
  /** A removed product with those of its categories and the brand that are still there, and whose they stay. */
  async function withLivingReferences(doc: ProductDoc, tx: Tx): Promise<ProductDoc> {
    const ids = doc.categories.map(({ id }) => id);
    const living = (await references.categories.byIds(ids, tx)).filter(({ deletedAt }) => deletedAt === null);
    const brand = doc.brand && (await references.brands.byId(doc.brand.id, tx));
    const keepsBrand = brand !== null && brand.deletedAt === null;
    await references.categories.hold(
      living.map(({ _id }) => _id),
      tx,
    );
    if (keepsBrand) await references.brands.hold(brand._id, tx);
    return {
      ...doc,
      brand: keepsBrand ? { id: brand._id, name: brand.name, slug: brand.slug } : null,
      categories: living.map(({ _id, name, slug }) => ({ id: _id, name, slug })),
      categoryIds: [...new Set(living.flatMap(({ path }) => path))],
    };
  }

  return {
    /** The newest first, drafts and archived ones included. */
    async list({ query, status, deleted, limit, cursor }: ListAdminProductsInput) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const terms = query === undefined ? [] : tokenize(query);
      const docs = await products.page({ terms, status, deleted }, limit, before);
      const page = docs.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(toAdminProduct),
        nextCursor: docs.length > limit && last ? encodeCursor({ id: last._id }) : null,
      };
    },

    /** A product, removed or not. Throws NOT_FOUND. */
    async byId(id: string): Promise<AdminProductDetailDto> {
      const doc = await products.byId(id);
      if (!doc) throw notFound('product');
      return toAdminProductDetail(doc);
    },

    /**
     * Changes the status of all these products or of none. Active ones with a `publishAt` in the future are shown from
     * then on. Throws NOT_FOUND, and INVALID_INPUT for a `publishAt` of others.
     */
    async setStatus({ ids, status, publishAt }: SetProductStatusInput): Promise<AdminProductDto[]> {
      if (publishAt !== undefined && status !== 'active') {
        throw invalidInput('Only active products are published at a time');
      }
      const wanted = [...new Set(ids)];
      const written = await mongo.transaction(async (tx) => {
        const docs = await products.byIds(wanted, tx);
        if (docs.length !== wanted.length) throw notFound('product');
        const waits = publishAt !== undefined && publishAt > clock();
        return writer.replace(
          docs.map(({ publishAt: _before, ...doc }) => ({
            ...doc,
            status,
            revision: (doc.revision ?? 0) + 1,
            listed: status === 'active' && !waits,
            ...(waits ? { publishAt } : {}),
          })),
          tx,
        );
      });
      const byId = new Map(written.map((doc) => [doc._id, doc]));
      return wanted.flatMap((id) => byId.get(id) ?? []).map(toAdminProduct);
    },

    /** Takes a product out of the shop; its slug and SKUs are free for others. Throws NOT_FOUND. */
    remove: (id: string): Promise<AdminProductDto> =>
      mongo.transaction(async (tx) => {
        const doc = await products.byId(id, tx);
        if (!doc || doc.deletedAt !== null) throw notFound('product');
        const [written = doc] = await writer.replace([{ ...doc, deletedAt: clock(), listed: false }], tx);
        return toAdminProduct(written);
      }),

    /**
     * Brings a removed product back as it was, without categories and brand that are gone. Throws NOT_FOUND, SLUG_TAKEN
     * and SKU_TAKEN when another one has them meanwhile.
     */
    restore: (id: string): Promise<AdminProductDto> =>
      orLabelTaken(() =>
        mongo.transaction(async (tx) => {
          const doc = await products.byId(id, tx);
          if (!doc || doc.deletedAt === null) throw notFound('product');
          const living = await withLivingReferences({ ...doc, deletedAt: null }, tx);
          const waits = doc.publishAt !== undefined && doc.publishAt > clock();
          const [written = doc] = await writer.replace([{ ...living, listed: doc.status === 'active' && !waits }], tx);
          return toAdminProduct(written);
        }),
      ),

    /** Shows products whose moment has come, until the signal. Answers how many. */
    async publishDue(signal?: AbortSignal): Promise<number> {
      let published = 0;
      for (;;) {
        const count = await mongo.transaction(async (tx) => {
          const due = await products.due(clock(), PUBLISH_BATCH, tx);
          const shown = due.map(({ publishAt: _reached, ...doc }) => ({ ...doc, listed: true }));
          return (await writer.replace(shown, tx)).length;
        });
        published += count;
        if (count < PUBLISH_BATCH || signal?.aborted) return published;
      }
    },
  };
}

export type ProductAdmin = ReturnType<typeof createProductAdmin>;
