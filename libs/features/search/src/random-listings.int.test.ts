import {
  createBrandModel,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createProductModel,
  createProductRepository,
  listProductsInput,
  type ListProductsInput,
} from '@cartwright/feature-catalog';
import { collectingOutbox, testMongo, testRedis, type TestMongo, type TestRedis } from '@cartwright/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weightedTerms } from './index-entry.ts';
import { createSearchIndex } from './search-index.ts';
import { createSearchService, type SearchService } from './search-service.ts';
import { searchProductsInput, type SearchFacets } from './search.contracts.ts';
import type { IndexFacets, IndexSearch, SearchableProduct } from './search.ports.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomSearch } from './testing/random-catalog.ts';
import { brandDocs, categoryDocs, productDocOf, randomShopProduct } from './testing/random-shop.ts';

/** 250 make ten thousand lists and twice as many searches: see docs/guides/search.md. */
const SEEDS = Number(process.env['CARTWRIGHT_SEARCH_SEEDS'] ?? 3);
const CATALOGS = 4;
const QUERIES = 10;
const PRODUCTS = 30;

type Page = { items: { id: string }[]; nextCursor: string | null };

let db: TestMongo;
let cache: TestRedis;
let shop: ReturnType<typeof openShop>;

function openShop() {
  const { connection } = db.mongo;
  const models = { products: createProductModel(connection), categories: createCategoryModel(connection) };
  const brands = createBrandModel(connection);
  const products = createProductRepository(models);
  const categories = createCategoryRepository({ categories: models.categories, brands });
  const index = createSearchIndex({ redis: cache.redis, onAbsent: () => undefined });
  const shared = { mongo: db.mongo, outbox: collectingOutbox(), products, categories, clock: () => new Date() };
  const catalog = createCatalogService({ ...shared, index });
  const withoutIndex = { page: async () => null, search: async () => null };
  const bare = createCatalogService({ ...shared, index: withoutIndex });
  return {
    ...{ ...models, brands, index, catalog },
    search: createSearchService({ catalog, index }),
    /** As while there is no index: the database answers all. */
    bare,
    bareSearch: createSearchService({ catalog: bare, index: withoutIndex }),
  };
}

beforeAll(async () => {
  db = await testMongo();
  cache = await testRedis();
  shop = openShop();
  await db.mongo.ensureIndexes();
  await shop.categories.insertMany(categoryDocs());
  await shop.brands.insertMany(brandDocs());
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
});

async function stock(products: readonly SearchableProduct[]): Promise<void> {
  await shop.products.deleteMany({});
  await shop.products.insertMany(products.map(productDocOf));
  const build = await shop.index.build();
  await build.write(await shop.catalog.searchable.listedAfter('', 1_000));
  await build.publish();
}

async function idsOf<P extends Page>(
  read: (cursor: string | undefined) => Promise<P>,
): Promise<{ ids: string[]; last: P }> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor);
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) return { ids, last: page };
    cursor = page.nextCursor;
  }
}

/** The filters of a search as a client gives them: the slugs of this shop are its ids. */
function inputOf({ filters, sort }: Pick<IndexSearch, 'filters' | 'sort'>) {
  const { categoryId, brandId, attributes, ...rest } = filters;
  return {
    ...rest,
    ...(categoryId === undefined ? {} : { category: categoryId }),
    ...(brandId === undefined ? {} : { brand: brandId }),
    ...(attributes === undefined
      ? {}
      : { attributes: Object.fromEntries(attributes.map(({ name, values }) => [name, values])) }),
    sort,
  };
}

const namedFacets = ({ categories, brands, stock: pieces, ratings, attributes, price }: IndexFacets) => ({
  categories: categories.map(([slug, count]) => ({ slug, count })),
  brands: brands.map(([slug, count]) => ({ slug, count })),
  inStock: pieces.find(([key]) => key === '1')?.[1] ?? 0,
  ratings: ratings.map(([stars, count]) => ({ stars, count })),
  attributes: attributes.map(([name, values]) => ({
    name,
    values: values.map(([value, count]) => ({ value, count })),
  })),
  price: price ? { min: price[0], max: price[1] } : null,
});

const slugsAlone = (facets: SearchFacets | null) =>
  facets && {
    ...facets,
    categories: facets.categories.map(({ slug, count }) => ({ slug, count })),
    brands: facets.brands.map(({ slug, count }) => ({ slug, count })),
  };

/** What the database finds by words: each as it stands, the last also as a beginning. */
function byWords(products: readonly SearchableProduct[], words: readonly string[]): SearchableProduct[] {
  return products.filter((product) => {
    const terms = [...weightedTerms(product).keys(), ...product.skus.map((sku) => sku.toLowerCase())];
    return words.every((word, place) =>
      terms.some((term) => (place === words.length - 1 ? term.startsWith(word) : term === word)),
    );
  });
}

describe.each(Array.from({ length: SEEDS }, (_, seed) => seed))('a shop of random products, seed %i', (seed) => {
  it('lists and finds what looking at everything does, with and without the index', async () => {
    const random = randomFrom(2_000_000 + seed);
    for (let catalog = 0; catalog < CATALOGS; catalog += 1) {
      const size = random.below(PRODUCTS);
      const products = Array.from({ length: size }, (_, number) => randomShopProduct(random, number));
      await stock(products);
      const vocabulary = [...products.flatMap((product) => [...weightedTerms(product).keys()]), 'nothing'];
      for (let query = 0; query < QUERIES; query += 1) {
        const search = randomSearch(random, vocabulary);
        const limit = random.pick([2, 7, 20, 100]);
        const input = inputOf(search);

        const sort = search.sort === 'relevance' ? 'newest' : search.sort;
        const listed = listProductsInput.parse({ ...input, sort, limit });
        const expectedList = searchNaively(products, { ...search, words: [], sort }).ids;
        for (const from of [shop.catalog, shop.bare]) {
          const list = (cursor: string | undefined) => from.list({ ...listed, cursor } as ListProductsInput);
          expect({ listed, ids: (await idsOf(list)).ids }).toEqual({ listed, ids: expectedList });
        }

        const text = search.words.join(' ');
        const asked = searchProductsInput.parse({ ...input, query: text, limit });
        const find = (service: SearchService) =>
          idsOf((cursor) => service.products({ ...asked, ...(cursor === undefined ? {} : { cursor }) }));
        const found = await find(shop.search);
        const expected = searchNaively(products, search);
        expect({ asked, ids: found.ids, total: found.last.total, facets: slugsAlone(found.last.facets) }).toEqual({
          ...{ asked, ids: expected.ids, total: expected.total },
          facets: namedFacets(expected.facets),
        });

        const plain = await find(shop.bareSearch);
        const whole = searchNaively(byWords(products, search.words), {
          ...{ ...search, words: [] },
          sort: search.sort === 'relevance' ? 'best_selling' : search.sort,
        });
        expect({ asked, ids: plain.ids, total: plain.last.total }).toEqual({
          asked,
          ids: whole.ids,
          total: whole.total,
        });
      }
    }
    await shop.index.removeFormer();
  });
});
