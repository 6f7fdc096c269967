import {
  createBrandModel,
  createCatalogImport,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createProductModel,
  createProductRepository,
  listProductsInput,
} from '@cartwright/feature-catalog';
import { collectingOutbox, testMongo, testRedis, type TestMongo, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSearchIndex } from './search-index.ts';
import { createSearchService } from './search-service.ts';
import { searchProductsInput } from './search.contracts.ts';

let db: TestMongo;
let cache: TestRedis;
let shop: Awaited<ReturnType<typeof openShop>>;
const reads: { collection: string; method: string; filter: object }[] = [];
let scripts = 0;

async function openShop() {
  const { connection } = db.mongo;
  const products = createProductRepository({ products: createProductModel(connection) });
  const categories = createCategoryRepository({
    categories: createCategoryModel(connection),
    brands: createBrandModel(connection),
  });
  const { client, key } = cache.redis;
  const counting = new Proxy(client, {
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      if (name === 'evalsha') scripts += 1;
      return found.bind(target) as unknown;
    },
  });
  const index = createSearchIndex({ redis: { client: counting, key }, onAbsent: () => undefined });
  const clock = () => new Date();
  const outbox = collectingOutbox();
  const catalog = createCatalogService({ mongo: db.mongo, outbox, products, categories, index, clock });
  await db.mongo.ensureIndexes();
  await createCatalogImport({
    ...{ mongo: db.mongo, outbox, products, categories, clock },
    stock: { receive: async () => undefined },
    currency: 'USD',
  }).importCatalog({
    categories: [
      { slug: 'things', name: 'Things' },
      { slug: 'small', name: 'Small', parent: 'things' },
    ],
    brands: [{ slug: 'acme', name: 'Acmé' }],
    products: Array.from({ length: 40 }, (_, number) => ({
      slug: `p-${number}`,
      title: `Thing ${number}`,
      brand: 'acme',
      categories: ['small'],
      attributes: { Colour: number % 2 ? 'red' : 'blue' },
      variants: [{ sku: `P-${number}`, price: 100 * (number + 1), stock: 1 }],
    })),
  });
  const build = await index.build();
  await build.write(await catalog.searchable.listedAfter('', 1_000));
  await build.publish();
  connection.set('debug', (collection: string, method: string, filter: object) => {
    reads.push({ collection, method, filter });
  });
  return { catalog, search: createSearchService({ catalog, index }) };
}

beforeAll(async () => {
  db = await testMongo();
  cache = await testRedis();
  shop = await openShop();
  // Categories and brands are remembered for a moment: what is counted is what comes on top.
  await shop.search.products(searchProductsInput.parse({ query: '' }));
});
beforeEach(async () => {
  await Promise.all([shop.catalog.categories(), shop.catalog.brands()]);
  reads.length = 0;
  scripts = 0;
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
});

const readsOfProducts = () => reads.filter(({ collection }) => collection === 'products');

describe('what a list costs', () => {
  it.each([
    { category: 'things' },
    { brand: 'acme', inStock: true, sort: 'price_asc' },
    { category: 'small', sort: 'rating' },
  ])('one read and no script for categories, brands and stock: %o', async (filters) => {
    const page = await shop.catalog.list(listProductsInput.parse({ ...filters, limit: 5 }));
    expect(page.items).toHaveLength(5);
    expect([readsOfProducts().length, scripts]).toEqual([1, 0]);
  });

  it.each([
    { priceMin: 500 },
    { category: 'things', priceMin: 500, priceMax: 2_000, sort: 'price_desc' },
    { attributes: { Colour: ['red'] }, sort: 'newest' },
    { minRating: 0, brand: 'acme' },
  ])('one script and one read by ids for anything else: %o', async (filters) => {
    const page = await shop.catalog.list(listProductsInput.parse({ ...filters, limit: 5 }));
    expect(page.items).toHaveLength(5);
    const [read] = readsOfProducts();
    expect([readsOfProducts().length, scripts]).toEqual([1, 1]);
    expect(JSON.stringify(read?.filter)).toContain('_id');
    const next = await shop.catalog.list(
      listProductsInput.parse({ ...filters, limit: 5, cursor: page.nextCursor ?? '' }),
    );
    expect(next.items).toHaveLength(5);
    expect(next.items.map(({ id }) => id)).not.toContain(page.items[4]?.id);
  });

  it('one script and one read by ids for a search with facets', async () => {
    const page = await shop.search.products(searchProductsInput.parse({ query: 'thing acme', category: 'things' }));
    expect(page).toMatchObject({
      total: 40,
      items: expect.arrayContaining([expect.objectContaining({ highlights: { title: [[0, 5]], brand: [[0, 4]] } })]),
      facets: {
        categories: [
          { slug: expect.stringMatching(/things|small/), count: 40 },
          { slug: expect.stringMatching(/things|small/), count: 40 },
        ],
        brands: [{ slug: 'acme', count: 40 }],
        attributes: [
          {
            name: 'Colour',
            values: [
              { value: 'blue', count: 20 },
              { value: 'red', count: 20 },
            ],
          },
        ],
        price: { min: 100, max: 4_000 },
      },
    });
    expect([readsOfProducts().length, scripts]).toEqual([1, 1]);
  });

  it('shows prices and stock of the product, whatever the index has', async () => {
    await db.mongo.connection
      .collection('products')
      .updateOne({ slug: 'p-3' }, { $set: { priceFrom: 7, available: false } });
    const page = await shop.search.products(searchProductsInput.parse({ query: 'thing 3', limit: 1 }));
    expect(page.items[0]).toMatchObject({ slug: 'p-3', price: { amount: 7 }, available: false });
  });
});
