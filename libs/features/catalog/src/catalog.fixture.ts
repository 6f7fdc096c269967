import { DomainError, notFound } from '@cartwright/domain-errors';
import { collectingOutbox, fixedClock, testMongo } from '@cartwright/testkit';
import { createCatalogAdmin } from './admin/create-catalog-admin.ts';
import { createBoughtTogetherModel } from './bought-together.model.ts';
import { createBoughtTogetherRepository } from './bought-together-repository.ts';
import { createCatalogImport } from './catalog-import.ts';
import { createCatalogService } from './catalog-service.ts';
import { createBrandModel, createCategoryModel } from './category.model.ts';
import { createCategoryRepository } from './category-repository.ts';
import { createProductModel } from './product.model.ts';
import { createProductRepository } from './product-repository.ts';
import { createRelatedProducts } from './related-products.ts';

export const clock = fixedClock('2026-06-15T12:00:00Z');

/** A catalog on a database of its own. */
export async function catalogFixture() {
  const { mongo, ...db } = await testMongo();
  const outbox = collectingOutbox();
  const products = createProductModel(mongo.connection);
  const pairs = createBoughtTogetherModel(mongo.connection);
  const categoryModel = createCategoryModel(mongo.connection);
  const brandModel = createBrandModel(mongo.connection);
  const repository = createProductRepository({ products });
  const categories = createCategoryRepository({ categories: categoryModel, brands: brandModel });
  const received: { variantId: string; onHand: number }[] = [];
  const republished: string[] = [];
  const stock = {
    receive: async (levels: readonly { variantId: string; onHand: number }[]) =>
      void received.push(...levels.map(({ variantId, onHand }) => ({ variantId, onHand }))),
    republish: async (variantIds: readonly string[]) => void republished.push(...variantIds),
  };
  const uploaded = uploadedFiles();
  const files = keptFiles();
  const jobs: unknown[] = [];
  const taxClasses = new Set(['standard', 'reduced', 'zero']);
  const admin = createCatalogAdmin({
    ...{ mongo, outbox, stock, currency: 'USD', clock },
    taxClasses: { ids: async () => new Set(taxClasses), hold: async (id: string) => taxClasses.has(id) },
    queues: { enqueue: async (_job: unknown, payload: unknown) => void jobs.push(payload) },
    ...{ uploads: uploaded.port, files: files.port },
    pictures: { attach: () => Promise.reject(notFound('upload')), detach: () => Promise.resolve() },
    models: { products, categories: categoryModel, brands: brandModel },
  });
  await mongo.ensureIndexes();
  return {
    ...{ mongo, outbox, products, pairs, categoryModel, brandModel, repository, categories, received, republished },
    ...{ admin, uploaded, files, jobs, taxClasses },
    service: createCatalogService({
      mongo,
      outbox,
      products: repository,
      categories,
      index: { page: async () => null },
      clock,
    }),
    importer: createCatalogImport({ mongo, outbox, products: repository, categories, stock, currency: 'USD', clock }),
    related: createRelatedProducts({
      products: repository,
      pairs: createBoughtTogetherRepository({ pairs }),
    }),
    idOf: async (slug: string): Promise<string> => (await products.findOne({ slug }).lean())?._id ?? '',
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

/** Files that were uploaded, by whom. */
function uploadedFiles() {
  const files = new Map<
    string,
    {
      userId: string;
      bytes: Buffer;
      holders: Set<string>;
      held?: { taken: () => void; until: Promise<void> } | undefined;
    }
  >();
  return {
    add: (uploadId: string, userId: string, text: string | Buffer) =>
      void files.set(uploadId, { userId, bytes: Buffer.from(text), holders: new Set() }),
    remove: (uploadId: string) => void files.delete(uploadId),
    /** The imports that keep it. */
    holders: (uploadId: string): string[] => [...(files.get(uploadId)?.holders ?? [])],
    /** Whoever takes it next waits for the bytes until `release` is called; `taken` resolves when somebody does. */
    hold(uploadId: string): { taken: Promise<void>; release: () => void } {
      const [taken, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const file = files.get(uploadId);
      if (file) file.held = { taken: taken.resolve, until: held.promise };
      return { taken: taken.promise, release: held.resolve };
    },
    port: {
      hold: async ({ uploadId, userId }: { uploadId: string; userId: string }, holder: string) => {
        const file = files.get(uploadId);
        if (file?.userId !== userId) throw notFound('upload');
        file.holders.add(holder);
      },
      release: async (uploadId: string, holder: string) => void files.get(uploadId)?.holders.delete(holder),
      take: async ({ uploadId, userId }: { uploadId: string; userId: string }) => {
        const file = files.get(uploadId);
        if (file?.userId !== userId) throw notFound('upload');
        const { bytes, held } = file;
        file.held = undefined;
        held?.taken();
        return { size: bytes.byteLength, read: async () => (await held?.until, bytes) };
      },
    },
  };
}

/** Files that the shop keeps. */
function keptFiles() {
  const bodies = new Map<string, string>();
  const kept = new Set<string>();
  let isAway = false;
  const refuseAway = (key: string): void => {
    if (isAway || kept.has(key)) throw new DomainError('SERVICE_UNAVAILABLE', { service: 'files' });
  };
  return {
    bodies,
    /** Whether nothing can be had of them. */
    away: (is: boolean) => void (isAway = is),
    /** One that can't be removed. */
    keep: (key: string) => void kept.add(key),
    port: {
      async write({ key }: { key: string }, pieces: AsyncIterable<Uint8Array>): Promise<void> {
        const chunks: Uint8Array[] = [];
        for await (const piece of pieces) chunks.push(piece);
        refuseAway(key);
        bodies.set(key, Buffer.concat(chunks).toString());
      },
      async presignGet({ key, filename }: { key: string; filename: string }): Promise<string> {
        refuseAway(key);
        return `https://files.test/${key}?as=${filename}`;
      },
      async remove(key: string): Promise<void> {
        refuseAway(key);
        bodies.delete(key);
      },
    },
  };
}

export type CatalogFixture = Awaited<ReturnType<typeof catalogFixture>>;
