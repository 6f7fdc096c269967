import {
  createBrandModel,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createProductModel,
  createProductRepository,
} from '@cartwright/feature-catalog';
import { collectingOutbox, fixedClock, testMongo } from '@cartwright/testkit';
import { createReviews } from './index.ts';

export const clock = fixedClock();

/** Reviews on a database of their own, with a real catalog behind them; `u0`, `u1`… have confirmed their addresses. */
export async function reviewsFixture() {
  const db = await testMongo();
  const { connection } = db.mongo;
  const outbox = collectingOutbox();
  const productModel = createProductModel(connection);
  const catalog = createCatalogService({
    mongo: db.mongo,
    outbox,
    products: createProductRepository({ products: productModel }),
    categories: createCategoryRepository({
      categories: createCategoryModel(connection),
      brands: createBrandModel(connection),
    }),
    index: { page: async () => null },
    clock,
  });
  const received = new Set<string>();
  const all = createReviews({
    mongo: db.mongo,
    products: {
      exists: async (id) => (await productModel.exists({ _id: id })) !== null,
      idsBySlug: catalog.idsBySlug,
      moveRating: catalog.moveRating,
    },
    authors: {
      byId: async (id) => (id === 'stranger' ? null : { id, name: `Name of ${id}`, emailVerified: id.startsWith('u') }),
      byEmails: async (emails) =>
        new Map(emails.flatMap((email) => (email.startsWith('ada') ? [[email, { id: email, name: 'Ada' }]] : []))),
    },
    purchases: { hasReceived: async (userId, productId) => received.has(`${userId}/${productId}`) },
    clock,
  });
  await db.mongo.ensureIndexes();

  return {
    ...all,
    mongo: db.mongo,
    outbox,
    /** What of which customer counts as delivered, as `user/product`. */
    received,
    async addProduct(id: string): Promise<string> {
      const now = clock();
      await productModel.create({
        ...{
          _id: id,
          slug: id,
          title: id,
          status: 'active',
          listed: true,
          taxClass: 'standard',
          currency: 'USD',
          priceFrom: 100,
        },
        ...{
          available: true,
          variants: [{ id, sku: id, price: 100 }],
          rating: { sum: 0, count: 0, average: 0 },
          createdAt: now,
          updatedAt: now,
        },
      });
      return id;
    },
    async ratingOf(id: string) {
      const doc = await productModel.findById(id).lean();
      return { ...doc?.rating, version: doc?.version };
    },
    /** The rating computed anew from the reviews that count. */
    async recomputed(productId: string) {
      const docs = await connection.collection('reviews').find({ productId, status: 'published' }).toArray();
      const sum = docs.reduce((total, { rating }) => total + Number(rating), 0);
      const average = docs.length === 0 ? 0 : Math.floor((sum * 100) / docs.length + 0.5) / 100;
      return { sum, count: docs.length, average };
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

export type ReviewsFixture = Awaited<ReturnType<typeof reviewsFixture>>;
