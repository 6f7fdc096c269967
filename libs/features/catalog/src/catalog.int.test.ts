import { isDomainError } from '@cartwright/domain-errors';
import { collectingOutbox, fixedClock, testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createBrandModel,
  createCatalogImport,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createProductModel,
  createProductRepository,
  type ImportCatalogInput,
  type ProductRepository,
  type ProductSort,
} from './index.ts';

const COUNT = 45;
const clock = fixedClock('2026-06-15T12:00:00Z');

const catalogInput: ImportCatalogInput = {
  categories: [
    { slug: 'home', name: 'Home' },
    { slug: 'kitchen', name: 'Kitchen', parent: 'home', position: 1 },
    { slug: 'mugs', name: 'Mugs', parent: 'kitchen' },
  ],
  brands: [{ slug: 'acme', name: 'Acme' }],
  products: Array.from({ length: COUNT }, (_, index) => ({
    slug: `product-${index}`,
    title: index % 2 === 0 ? `Blue mug ${index}` : `Red plate ${index}`,
    brand: 'acme',
    categories: [index % 3 === 0 ? 'mugs' : 'kitchen'],
    createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 10))),
    variants: [
      { sku: `P-${index}-A`, price: 1_000 + (index % 7) * 100, stock: index % 4 },
      { sku: `P-${index}-B`, price: 5_000, stock: 0 },
    ],
  })),
};

let db: TestMongo;
const outbox = collectingOutbox();
let received: { variantId: string; onHand: number }[] = [];

function createCatalog(adapt: (products: ProductRepository) => ProductRepository = (products) => products) {
  const model = db.mongo.connection.models['Product'] ?? createProductModel(db.mongo.connection);
  const products = adapt(createProductRepository({ products: model }));
  const categories = createCategoryRepository({
    categories: db.mongo.connection.models['Category'] ?? createCategoryModel(db.mongo.connection),
    brands: db.mongo.connection.models['Brand'] ?? createBrandModel(db.mongo.connection),
  });
  const stock = { receive: async (levels: typeof received) => void received.push(...levels) };
  return {
    service: createCatalogService({
      mongo: db.mongo,
      outbox,
      products,
      categories,
      index: { page: async () => null },
      clock,
    }),
    importer: createCatalogImport({ mongo: db.mongo, outbox, products, categories, stock, currency: 'USD', clock }),
  };
}

let catalog: ReturnType<typeof createCatalog>;
beforeAll(async () => {
  db = await testMongo();
  catalog = createCatalog();
  await db.mongo.ensureIndexes();
  await catalog.importer.importCatalog(catalogInput);
});
afterAll(() => db[Symbol.asyncDispose]());

async function everyPage(sort: ProductSort, filters: object = {}) {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await catalog.service.list({ ...filters, sort, limit: 7, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

describe('the catalog import', () => {
  it('hands new stock over once and changes nothing when it is run again', async () => {
    expect(received).toHaveLength(COUNT * 2);
    received = [];
    const again = await catalog.importer.importCatalog(catalogInput);
    expect(again).toEqual({ categories: 3, brands: 1, products: COUNT, variants: COUNT * 2 });
    expect(received).toEqual([]);
    expect(await everyPage('newest')).toHaveLength(COUNT);
  });

  it.each([
    ['an unknown brand', { slug: 'x', title: 'X', brand: 'nobody', variants: [{ sku: 'X', price: 1 }] }],
    ['an unknown category', { slug: 'x', title: 'X', categories: ['nowhere'], variants: [{ sku: 'X', price: 1 }] }],
    [
      'a SKU that stands twice',
      {
        slug: 'x',
        title: 'X',
        variants: [
          { sku: 'X', price: 1 },
          { sku: 'X', price: 2 },
        ],
      },
    ],
    ['a sale price above the price', { slug: 'x', title: 'X', variants: [{ sku: 'X', price: 1, salePrice: 2 }] }],
  ])('refuses %s and keeps nothing', async (_what, product) => {
    await expect(catalog.importer.importCatalog({ products: [product] })).rejects.toSatisfy((error) =>
      isDomainError(error, 'INVALID_INPUT'),
    );
    await expect(catalog.service.bySlug('x')).rejects.toSatisfy((error) => isDomainError(error, 'NOT_FOUND'));
  });

  const plain = (slug: string, sku = slug.toUpperCase()) => ({ slug, title: slug, variants: [{ sku, price: 1 }] });
  it.each<[string, ImportCatalogInput]>([
    ['a product that stands twice', { products: [plain('x'), plain('x', 'OTHER')] }],
    ['a known product that stands twice', { products: [plain('x'), plain('product-1'), plain('product-1', 'OTHER')] }],
    ['a SKU of two products', { products: [plain('x', 'SAME'), plain('y', 'SAME')] }],
    [
      'a brand that stands twice',
      {
        brands: [
          { slug: 'b', name: 'B' },
          { slug: 'b', name: 'C' },
        ],
        products: [plain('x')],
      },
    ],
    [
      'a category that stands twice',
      {
        categories: [
          { slug: 'c', name: 'C' },
          { slug: 'c', name: 'D' },
        ],
        products: [plain('x')],
      },
    ],
    [
      'a category under its own descendant',
      { categories: [{ slug: 'home', name: 'Home', parent: 'mugs' }], products: [plain('x')] },
    ],
    [
      'a wrong product after many good ones',
      {
        products: [
          plain('x'),
          ...Array.from({ length: 260 }, (_, index) => plain(`good-${index}`)),
          { ...plain('bad'), brand: 'nobody' },
        ],
      },
    ],
  ])('refuses %s and keeps nothing', async (_what, input) => {
    await expect(catalog.importer.importCatalog(input)).rejects.toSatisfy((error) =>
      isDomainError(error, 'INVALID_INPUT'),
    );
    await expect(catalog.service.bySlug('x')).rejects.toSatisfy((error) => isDomainError(error, 'NOT_FOUND'));
    expect(await everyPage('newest', { category: 'home' })).toHaveLength(COUNT);
  });

  it('does not write over stock that moves meanwhile', async () => {
    const { variants } = await catalog.service.bySlug('product-2');
    const variantId = variants[0]?.id ?? '';
    let move: (() => Promise<unknown>) | undefined = () =>
      catalog.service.applyStock({ variantId, available: 77, version: 3 });
    const { importer } = createCatalog((products) => ({
      ...products,
      bySlugs: async (...args) => {
        const docs = await products.bySlugs(...args);
        await move?.();
        move = undefined;
        return docs;
      },
    }));
    const product = catalogInput.products?.[2];
    if (product) await importer.importCatalog({ products: [product] });
    expect((await catalog.service.bySlug('product-2')).variants[0]?.available).toBe(77);
    await catalog.service.applyStock({ variantId, available: 2, version: 4 });
  });

  it('carries new names of brands and categories into products that it does not hold', async () => {
    await catalog.importer.importCatalog({
      brands: [{ slug: 'acme', name: 'Zenith' }],
      categories: [
        { slug: 'home', name: 'Household' },
        { slug: 'kitchen', name: 'Cookery', parent: 'home', position: 1 },
      ],
    });
    const product = await catalog.service.bySlug('product-1');
    expect(product.brand?.name).toBe('Zenith');
    expect(product.categories).toMatchObject([{ slug: 'kitchen', name: 'Cookery' }]);
    for (const term of ['zenith', 'household', 'cookery']) {
      expect(await everyPage('newest', { terms: [term] })).toHaveLength(COUNT);
    }
    await catalog.importer.importCatalog({ categories: catalogInput.categories, brands: catalogInput.brands });
    expect((await catalog.service.bySlug('product-1')).brand?.name).toBe('Acme');
  });

  it("refuses another product's SKU", async () => {
    const thief = { slug: 'thief', title: 'Thief', variants: [{ sku: 'P-1-A', price: 1 }] };
    await expect(catalog.importer.importCatalog({ products: [thief] })).rejects.toMatchObject({
      reason: 'SKU_TAKEN',
      details: { sku: 'P-1-A' },
    });
  });
});

describe('lists', () => {
  it.each(['newest', 'price_asc', 'price_desc', 'rating', 'best_selling'] as const)(
    'sorted by %s show every product once, over all pages',
    async (sort) => {
      const items = await everyPage(sort);
      expect(new Set(items.map(({ id }) => id)).size).toBe(COUNT);
      if (sort === 'price_asc') {
        const prices = items.map(({ price }) => price.amount);
        expect(prices).toEqual(prices.toSorted((left, right) => left - right));
      }
    },
  );

  it('filter by category with its descendants, brand, price and stock', async () => {
    expect(await everyPage('newest', { category: 'home' })).toHaveLength(COUNT);
    expect(await everyPage('newest', { category: 'mugs' })).toHaveLength(COUNT / 3);
    expect(await everyPage('newest', { category: 'nowhere' })).toEqual([]);
    expect(await everyPage('newest', { brand: 'acme' })).toHaveLength(COUNT);
    const cheap = await everyPage('price_desc', { priceMax: 1_200 });
    expect(cheap.length).toBeGreaterThan(0);
    expect(cheap.every(({ price }) => price.amount <= 1_200)).toBe(true);
    const inStock = await everyPage('newest', { inStock: true });
    expect(inStock).toHaveLength(Array.from({ length: COUNT }, (_, index) => index % 4).filter(Boolean).length);
  });

  it('find words, the last one also as a prefix', async () => {
    expect(await everyPage('newest', { terms: ['blue', 'mu'] })).toHaveLength(Math.ceil(COUNT / 2));
    expect(await everyPage('newest', { terms: ['blue', 'plate'] })).toEqual([]);
    expect(await everyPage('newest', { terms: ['.*'] })).toEqual([]);
  });

  const forged = (mark: object) => Buffer.from(JSON.stringify(mark)).toString('base64url');
  it.each([
    'nonsense',
    'e30',
    forged({ sort: 'price_asc', value: 1, id: 'x' }),
    forged({ sort: 'newest', value: 1e300, id: 'x' }),
  ])('refuse the cursor %s', async (cursor) => {
    await expect(catalog.service.list({ sort: 'newest', limit: 5, cursor })).rejects.toSatisfy((error) =>
      isDomainError(error, 'CURSOR_INVALID'),
    );
  });
});

describe('copies that follow other features', () => {
  it('take over newer stock only', async () => {
    const { variants } = await catalog.service.bySlug('product-0');
    const variantId = variants[0]?.id ?? '';
    expect(await catalog.service.applyStock({ variantId, available: 8, version: 5 })).toBe(true);
    expect(await catalog.service.applyStock({ variantId, available: 3, version: 4 })).toBe(false);
    const after = await catalog.service.bySlug('product-0');
    expect(after.available).toBe(true);
    expect(after.variants[0]?.available).toBe(8);
    await catalog.service.applyStock({ variantId, available: 0, version: 6 });
    expect((await catalog.service.bySlug('product-0')).available).toBe(false);
  });

  it('take stock over in one write: a crash leaves no product that says the opposite of its variants', async () => {
    const { variants } = await catalog.service.bySlug('product-3');
    const writes: string[] = [];
    db.mongo.connection.set('debug', (_collection: string, method: string) => writes.push(method));
    await catalog.service.applyStock({ variantId: variants[1]?.id ?? '', available: 4, version: 1 });
    db.mongo.connection.set('debug', false);
    expect(writes).toEqual(['updateOne']);
    const after = await catalog.service.bySlug('product-3');
    expect(after.variants.map(({ available }) => available)).toEqual([3, 4]);
    expect(after.available).toBe(true);
  });

  it('keep an exact average under concurrent reviews', async () => {
    const { id } = await catalog.service.bySlug('product-1');
    const stars = [5, 4, 4, 3, 5, 1, 2, 5];
    await Promise.all(
      stars.map((rating) =>
        db.mongo.transaction((tx) => catalog.service.moveRating(id, { sum: rating, count: 1 }, tx)),
      ),
    );
    expect((await catalog.service.bySlug('product-1')).rating).toEqual({ average: 3.63, count: 8 });
  });

  it('recompute lowest prices when a sale ends', async () => {
    const sale = { price: 2_000, salePrice: 1_500, saleUntil: new Date(clock().getTime() + 60_000) };
    await catalog.importer.importCatalog({
      products: [{ slug: 'on-sale', title: 'On sale', variants: [{ sku: 'SALE', ...sale }] }],
    });
    const cheapest = async () => (await everyPage('price_asc')).find(({ slug }) => slug === 'on-sale')?.price.amount;
    expect(await cheapest()).toBe(1_500);
    clock.advance(61_000);
    const told = outbox.events.length;
    expect(await catalog.service.refreshPrices()).toBe(1);
    const { id } = await catalog.service.bySlug('on-sale');
    expect(outbox.events.slice(told).map(({ payload }) => payload)).toEqual([{ productIds: [id] }]);
    expect(await cheapest()).toBe(2_000);
    expect(await catalog.service.refreshPrices()).toBe(0);
  });

  it('tell shoppers of products that an import made look different, and of the others only those who keep an index', async () => {
    const product = (slug: string, price: number) => ({ slug, title: slug, variants: [{ sku: slug, price }] });
    await catalog.importer.importCatalog({ products: [product('told-a', 100), product('told-b', 100)] });
    const told = outbox.events.length;
    await catalog.importer.importCatalog({ products: [product('told-a', 100), product('told-b', 90)] });
    const idOf = async (slug: string) => (await catalog.service.bySlug(slug)).id;
    expect(outbox.events.slice(told)).toMatchObject([
      { event: { type: 'products.changed' }, payload: { productIds: [await idOf('told-b')] } },
      { event: { type: 'products.stored' }, payload: { productIds: [await idOf('told-a')] } },
    ]);
  });

  it('count up the version with ratings, units sold and new names, and tell of each', async () => {
    const records = (name: string) => ({
      categories: [{ slug: 'named', name }],
      brands: [{ slug: 'named-too', name }],
      products: [
        {
          ...{ slug: 'counted', title: 'Counted', brand: 'named-too', categories: ['named'] },
          variants: [{ sku: 'COUNTED', price: 100 }],
        },
      ],
    });
    await catalog.importer.importCatalog(records('Before'));
    const { id } = await catalog.service.bySlug('counted');
    const version = async () => (await catalog.service.searchable.byIds([id]))[0]?.version;
    let known = await version();
    const told = outbox.events.length;
    for (const write of [
      () => db.mongo.transaction((tx) => catalog.service.moveRating(id, { sum: 4, count: 1 }, tx)),
      () => catalog.importer.importCatalog({ ...records('After'), brands: [], products: [] }),
      () => catalog.importer.importCatalog({ ...records('After'), categories: [], products: [] }),
    ]) {
      await write();
      const now = await version();
      expect(now).toBe((known ?? 0) + 1);
      known = now;
    }
    expect(outbox.events.slice(told)).toMatchObject(
      ['changed', 'stored', 'stored'].map((what) => ({
        event: { type: `products.${what}` },
        payload: { productIds: [id] },
      })),
    );
  });

  it('recompute the prices of a whole sale at once', async () => {
    const SALE = 260;
    const sale = { price: 2_000, salePrice: 1_500, saleUntil: new Date(clock().getTime() + 60_000) };
    await catalog.importer.importCatalog({
      products: Array.from({ length: SALE }, (_, index) => ({
        slug: `clearance-${index}`,
        title: 'Clearance',
        variants: [{ sku: `C-${index}`, ...sale }],
      })),
    });
    clock.advance(61_000);
    // A run whose time is up ends with the batch under way; the next one does the rest.
    const first = await catalog.service.refreshPrices(AbortSignal.abort());
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(SALE);
    expect(await catalog.service.refreshPrices()).toBe(SALE - first);
  });
});
