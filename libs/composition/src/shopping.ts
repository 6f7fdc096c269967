import {
  createAccounts,
  type AuditPort,
  type OrderCountsPort,
  type PersonalDataSource,
} from '@cartwright/feature-accounts';
import {
  createCartModel,
  createCartPersonalData,
  createCartRepository,
  createCartService,
} from '@cartwright/feature-cart';
import {
  createBestSellers,
  createBoughtTogetherModel,
  createBoughtTogetherRepository,
  createBrandModel,
  createCatalogAdmin,
  createCatalogImport,
  createCatalogService,
  createCategoryModel,
  createCategoryRepository,
  createDaySalesModel,
  createDaySalesRepository,
  createBestRated,
  createHome,
  createHomeRepository,
  createProductChanges,
  createProductModel,
  createProductRepository,
  createRelatedProducts,
  type ImportFilesPort,
  type PicturesPort,
  type TaxClassesPort,
} from '@cartwright/feature-catalog';
import { createCouponModels, createCouponRepository, createCouponService } from '@cartwright/feature-coupons';
import {
  createInventoryHandlers,
  createInventoryService,
  createStockModels,
  createStockRepository,
} from '@cartwright/feature-inventory';
import { createAskingIndex, createSearchIndexing, createSearchService } from '@cartwright/feature-search';
import { createWishlist } from '@cartwright/feature-wishlist';
import type { Mails } from '@cartwright/platform-mail';
import type { Queues } from '@cartwright/platform-queue';
import { hashToken, randomToken } from '@cartwright/platform-security';
import { COUNTRIES } from './shop-settings.ts';
import type { Platform } from './platform.ts';

const DAY_SECONDS = 24 * 3_600;
const GUEST_CART_SECONDS = 30 * DAY_SECONDS;
const LOW_STOCK_THRESHOLD = 5;
const CART_TOKEN_BYTES = 16;

/** What it needs that is put together elsewhere. */
interface ShoppingPorts {
  readonly audit: AuditPort;
  readonly mails: Pick<Mails, 'write'>;
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly orders: OrderCountsPort;
  readonly uploads: PicturesPort & ImportFilesPort;
  readonly taxClasses: TaxClassesPort;
  /** What all features know of a user; looked at when somebody asks. */
  readonly personalData: () => readonly PersonalDataSource[];
}

/** Everything up to the filled cart: catalog, stock, coupons, carts, accounts. */
export function composeShopping(
  platform: Platform,
  { audit, mails, queues, orders, uploads, taxClasses, personalData }: ShoppingPorts,
) {
  const {
    config,
    mongo,
    redis,
    cache,
    catalogChanges,
    outbox,
    streams,
    tokens,
    passwords,
    totp,
    secrets,
    clock,
    logger,
  } = platform;
  const { connection } = mongo;
  const { currency, taxMode } = config.shop;

  const stock = createStockRepository(createStockModels(connection));
  const inventory = createInventoryService({ mongo, stock, records: platform.idempotency.records, outbox, clock });

  const productModel = createProductModel(connection);
  const products = createProductRepository({ products: productModel });
  const categoryModel = createCategoryModel(connection);
  const brandModel = createBrandModel(connection);
  const categories = createCategoryRepository({ categories: categoryModel, brands: brandModel });
  const catalogAdmin = createCatalogAdmin({
    ...{ mongo, outbox, stock: inventory, currency, taxClasses, queues, clock },
    ...{ pictures: uploads, uploads, files: platform.files },
    models: { products: productModel, categories: categoryModel, brands: brandModel },
  });
  const index = createAskingIndex({ redis, queues, logger });
  const catalog = createCatalogService({ mongo, outbox, products, categories, index, clock });
  const ratings = createHomeRepository({ products: productModel });
  const home = createHome({ ...{ redis: cache, logger, products, categories }, ratings });
  const bestRated = createBestRated({ redis: cache, logger, ratings });
  const bestSellers = createBestSellers({
    ...{ mongo, outbox, products, clock },
    sales: createDaySalesRepository({ sales: createDaySalesModel(connection) }),
  });
  const related = createRelatedProducts({
    products,
    pairs: createBoughtTogetherRepository({ pairs: createBoughtTogetherModel(connection) }),
  });
  const productChanges = createProductChanges({ products, streams, clock });
  const catalogImport = createCatalogImport({ mongo, outbox, products, categories, stock: inventory, currency, clock });
  const search = createSearchService({ catalog, index });
  const searchIndexing = createSearchIndexing({
    ...{ index, source: catalog.searchable, queues, logger },
    onWritten: catalogChanges.announce,
  });

  const coupons = createCouponService({
    coupons: createCouponRepository(createCouponModels(connection)),
    mongo,
    currency,
    retentionSeconds: config.shop.couponRetentionSeconds,
    clock,
  });
  const carts = createCartRepository({ carts: createCartModel(connection) });
  const { wishlist, wishlistData } = createWishlist({ mongo, products: catalog, clock });
  const cartData = createCartPersonalData({ carts });
  const cart = createCartService({
    mongo,
    carts,
    catalog,
    coupons,
    tokens: { create: () => randomToken(CART_TOKEN_BYTES), hash: hashToken },
    settings: {
      currency,
      taxMode,
      guestCartSeconds: GUEST_CART_SECONDS,
      lowStockThreshold: LOW_STOCK_THRESHOLD,
    },
    clock,
  });
  const { accounts, auth, sessions, twoFactor, identity, handlers, people, peopleProcessors, watchSessions } =
    createAccounts({
      mongo,
      redis,
      outbox,
      tokens,
      passwords,
      totp,
      secrets,
      mails,
      carts: cart,
      countries: COUNTRIES.map(({ code }) => code),
      personalData,
      publicUrl: config.http.publicUrl,
      audit,
      orders,
      settings: config.auth,
      networkLimitFactor: config.limits.networkFactor,
      clock,
      logger,
    });

  return {
    inventory,
    catalog,
    catalogImport,
    catalogAdmin,
    home,
    bestRated,
    related,
    bestSellers,
    wishlist,
    productChanges,
    search,
    searchIndexing,
    coupons,
    cart,
    accounts,
    auth,
    sessions,
    twoFactor,
    people,
    peopleProcessors,
    watchSessions,
    identity,
    personalData: [cartData.source, wishlistData.source],
    handlers: [
      ...handlers(queues),
      cartData.handler,
      wishlistData.handler,
      ...createInventoryHandlers({
        stock,
        availability: {
          applyStock: catalog.applyStock,
          announce: async (variantIds, eventId) => {
            await productChanges.announceVariants(variantIds, eventId);
            await searchIndexing.refreshVariants(variantIds);
          },
        },
      }),
      ...productChanges.handlers,
      ...searchIndexing.handlers,
    ],
  };
}

export type Shopping = ReturnType<typeof composeShopping>;
