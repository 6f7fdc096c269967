import { collectingOutbox, testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createBrandModel,
  createCatalogImport,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createProductModel,
  createProductRepository,
} from './index.ts';
import type { ProductDoc } from './product.model.ts';

const COUNT = 60;
/** More on demand: `CARTWRIGHT_PLAN_PRODUCTS=100000 npm test -- libs/features/catalog/src/catalog-plans`. */
const GROWN_TO = Number(process.env['CARTWRIGHT_PLAN_PRODUCTS'] ?? 0);
const BATCH = 1_000;
const SORTS = ['newest', 'price_asc', 'price_desc', 'rating', 'best_selling'] as const;
const FILTERS = [{}, { category: 'things' }, { brand: 'acme' }, { category: 'things', brand: 'acme' }];
const CASES = FILTERS.flatMap((filters) =>
  SORTS.flatMap((sort) => [
    { ...filters, sort },
    { ...filters, inStock: true, sort },
  ]),
);

let db: TestMongo;
let catalog: ReturnType<typeof createCatalogService>;
const asked: { collection: string; filter: object; options: object }[] = [];

beforeAll(async () => {
  db = await testMongo();
  const { connection } = db.mongo;
  const products = createProductRepository({ products: createProductModel(connection) });
  const categories = createCategoryRepository({
    categories: createCategoryModel(connection),
    brands: createBrandModel(connection),
  });
  const clock = () => new Date();
  const outbox = collectingOutbox();
  catalog = createCatalogService({
    mongo: db.mongo,
    outbox,
    products,
    categories,
    index: { page: async () => null },
    clock,
  });
  await db.mongo.ensureIndexes();
  const stock = { receive: async () => undefined };
  const importer = createCatalogImport({
    mongo: db.mongo,
    outbox,
    products,
    categories,
    stock,
    currency: 'USD',
    clock,
  });
  await importer.importCatalog({
    categories: [{ slug: 'things', name: 'Things' }],
    brands: [
      { slug: 'acme', name: 'Acme' },
      { slug: 'rare', name: 'Rare' },
    ],
    products: Array.from({ length: COUNT }, (_, index) => ({
      slug: `p-${index}`,
      title: `P ${index}`,
      brand: index % 20 === 0 ? 'rare' : 'acme',
      categories: ['things'],
      variants: [{ sku: `P-${index}`, price: 100 + (index % 9), stock: 1 + (index % 3) }],
    })),
  });
  await grow();
  connection.set('debug', (collection: string, method: string, filter: object, options: object) => {
    if (method === 'find' || method === 'findOne') asked.push({ collection, filter, options });
  });
}, 900_000);
afterAll(() => db[Symbol.asyncDispose]());

/** Copies of the products under other ids, with other prices, ratings and sales. */
async function grow(): Promise<void> {
  const collection = db.mongo.connection.collection('products');
  const docs = (await collection.find().toArray()) as unknown as (ProductDoc & { _id: never })[];
  for (let made = docs.length; made < GROWN_TO; made += BATCH) {
    await collection.insertMany(
      Array.from({ length: BATCH }, (_, index) => {
        const number = made + index;
        const doc = docs[number % docs.length] as ProductDoc & { _id: never };
        const variants = doc.variants.map((variant) => ({ ...variant, id: `v-${number}`, sku: `S-${number}` }));
        return {
          ...{ ...doc, _id: `p-${number}` as never, slug: `p-copy-${number}`, variants },
          ...{ priceFrom: number % 9_973, unitsSold: number % 997, available: number % 5 !== 0 },
          rating: { ...doc.rating, average: (number % 401) / 100 },
          createdAt: new Date(doc.createdAt.getTime() - number * 1_000),
        };
      }),
    );
  }
}

/** The plan of the last read of products, as text, and how many index entries it looked at. */
async function lastPlan(): Promise<{ plan: string; keys: number }> {
  const read = asked.findLast(({ collection }) => collection === 'products');
  if (!read) throw new Error('Nothing was read');
  const explained = (await db.mongo.connection
    .collection('products')
    .find(read.filter, read.options)
    .explain('executionStats')) as unknown as {
    queryPlanner: { winningPlan: unknown };
    executionStats: { totalKeysExamined: number };
  };
  return { plan: JSON.stringify(explained.queryPlanner.winningPlan), keys: explained.executionStats.totalKeysExamined };
}

describe('reading the catalog', () => {
  it.each(CASES)('walks one index in order: %o', async (query) => {
    const first = await catalog.list({ ...query, limit: 5 });
    expect(first.items).toHaveLength(5);
    const { plan } = await lastPlan();
    expect(plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
    if ('brand' in query || 'category' in query) expect(plan).toMatch(/brand\.id|categoryIds/);
    await catalog.list({ ...query, limit: 5, cursor: first.nextCursor ?? '' });
    expect((await lastPlan()).plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
  });

  it.each(SORTS)('looks at the products of a brand alone, sorted by %s', async (sort) => {
    expect((await catalog.list({ brand: 'rare', sort, limit: 2 })).items).toHaveLength(2);
    expect((await lastPlan()).keys).toBeLessThanOrEqual(4);
  });

  it('looks at no more than a page of a category, however large, whatever it is sorted by', async () => {
    for (const sort of SORTS) {
      await catalog.list({ category: 'things', sort, limit: 20 });
      expect((await lastPlan()).keys).toBeLessThanOrEqual(22);
    }
  });

  it('finds a product by its slug without looking at others', async () => {
    await catalog.bySlug(`p-${COUNT - 1}`);
    expect((await lastPlan()).keys).toBeLessThanOrEqual(2);
    expect((await lastPlan()).plan).toContain('slug');
  });

  it('asks for categories and brands once for many lists', async () => {
    asked.length = 0;
    await Promise.all(
      Array.from({ length: 20 }, () => catalog.list({ category: 'things', brand: 'acme', sort: 'newest', limit: 1 })),
    );
    expect(asked.filter(({ collection }) => collection !== 'products').length).toBeLessThanOrEqual(2);
  });
});
