import { mergeRouters, router, type CallLimit, type Idempotency } from '@cartwright/api-core';
import {
  createAccountRouter,
  createAdminUsersRouter,
  createAuthRouter,
  type AccountService,
  type AuthService,
  type Identity,
  type People,
  type TwoFactorSettings,
} from '@cartwright/feature-accounts';
import { createAnalyticsRouter, type AnalyticsService, type Counters } from '@cartwright/feature-analytics';
import { createAdminAuditRouter, type AuditService } from '@cartwright/feature-audit';
import { createCartRouter, type CartService } from '@cartwright/feature-cart';
import {
  createAdminBrandsRouter,
  createAdminCategoriesRouter,
  createAdminProductImagesRouter,
  createAdminProductsRouter,
  createCatalogRouter,
  createCsvTransfersRouter,
  createProductEditorRouter,
  type BrandAdmin,
  type CatalogService,
  type CategoryAdmin,
  type CsvTransfers,
  type Home,
  type ProductAdmin,
  type ProductChanges,
  type ProductImages,
  type ProductEditor,
  type RelatedProducts,
} from '@cartwright/feature-catalog';
import { createAdminCouponsRouter, type CouponService } from '@cartwright/feature-coupons';
import { createAdminStockRouter, type InventoryService } from '@cartwright/feature-inventory';
import { createAdminInvoicesRouter, createInvoicesRouter, type InvoiceService } from '@cartwright/feature-invoices';
import { createNotificationsRouter, type NotificationService } from '@cartwright/feature-notifications';
import {
  createAdminOrdersRouter,
  createAdminSettingsRouter,
  createAdminShippingRouter,
  createAdminTaxRouter,
  createCheckoutRouter,
  createOrderExportRouter,
  createOrderOfficeRouter,
  createOrdersRouter,
  type OrderExport,
  type OrderOffice,
  type OrderService,
  type ShopSettings,
} from '@cartwright/feature-orders';
import {
  createAdminWebhooksRouter,
  createQuarantineRouter,
  type QuarantineDesk,
  type WebhookAdmin,
} from '@cartwright/feature-payments';
import { createReconciliationRouter, type ReconciliationService } from '@cartwright/feature-reconciliation';
import {
  createAdminReviewsRouter,
  createReviewsRouter,
  type ReviewModeration,
  type ReviewService,
} from '@cartwright/feature-reviews';
import {
  createAdminSearchRouter,
  createSearchRouter,
  type SearchIndexing,
  type SearchService,
} from '@cartwright/feature-search';
import {
  createAdminUploadsRouter,
  createUploadsRouter,
  type UploadAdmin,
  type UploadService,
} from '@cartwright/feature-uploads';
import { createWishlistRouter, type WishlistService } from '@cartwright/feature-wishlist';
import { createAdminJobsRouter, type JobsAdmin } from './admin-jobs.router.ts';
import { createSystemRouter, type SystemFacts } from './system.router.ts';

/** The services that the procedures call. */
export interface AppServices {
  accounts: AccountService;
  analytics: AnalyticsService;
  audit: AuditService;
  auth: AuthService;
  brandAdmin: BrandAdmin;
  cart: CartService;
  catalog: CatalogService;
  categoryAdmin: CategoryAdmin;
  counters: Counters;
  csvTransfers: CsvTransfers;
  coupons: CouponService;
  home: Home;
  idempotency: Idempotency;
  inventory: InventoryService;
  invoices: InvoiceService;
  jobs: JobsAdmin;
  limits: { placing: CallLimit; coupons: CallLimit; searching: CallLimit };
  notifications: NotificationService;
  orderExport: OrderExport;
  orderOffice: OrderOffice;
  orders: OrderService;
  people: People;
  productAdmin: ProductAdmin;
  productChanges: ProductChanges;
  productImages: ProductImages;
  productEditor: ProductEditor;
  quarantine: QuarantineDesk;
  reconciliation: ReconciliationService;
  related: RelatedProducts;
  reviewModeration: ReviewModeration;
  reviews: ReviewService;
  search: SearchService;
  searchIndexing: Pick<SearchIndexing, 'askForRebuild'>;
  shopSettings: ShopSettings;
  system: SystemFacts;
  twoFactor: TwoFactorSettings;
  uploadAdmin: UploadAdmin;
  uploads: UploadService;
  identity: Identity;
  webhookAdmin: WebhookAdmin;
  wishlist: WishlistService;
}

/** All procedures of the shop, by the names of the API reference. */
export function createAppRouter(services: AppServices) {
  return router({
    auth: createAuthRouter(services),
    account: createAccountRouter(services),
    catalog: createCatalogRouter(services),
    search: createSearchRouter(services),
    reviews: createReviewsRouter(services),
    wishlist: createWishlistRouter(services),
    cart: createCartRouter(services),
    checkout: createCheckoutRouter(services),
    orders: mergeRouters(createOrdersRouter(services), createInvoicesRouter(services)),
    notifications: createNotificationsRouter(services),
    uploads: createUploadsRouter(services),
    admin: router({
      users: createAdminUsersRouter(services),
      products: mergeRouters(
        createAdminProductsRouter(services),
        createAdminProductImagesRouter(services),
        createProductEditorRouter(services),
        createCsvTransfersRouter(services),
        createAdminStockRouter(services),
      ),
      orders: mergeRouters(
        createAdminOrdersRouter(services),
        createOrderOfficeRouter(services),
        createOrderExportRouter(services),
        createAdminInvoicesRouter(services),
        router({ quarantine: createQuarantineRouter(services) }),
      ),
      categories: createAdminCategoriesRouter(services),
      brands: createAdminBrandsRouter(services),
      coupons: createAdminCouponsRouter(services),
      reviews: createAdminReviewsRouter(services),
      analytics: createAnalyticsRouter(services),
      jobs: createAdminJobsRouter(services),
      audit: createAdminAuditRouter(services),
      webhooks: createAdminWebhooksRouter(services),
      reconciliation: createReconciliationRouter(services),
      search: createAdminSearchRouter(services),
      settings: createAdminSettingsRouter(services),
      shipping: createAdminShippingRouter(services),
      tax: createAdminTaxRouter(services),
      uploads: createAdminUploadsRouter(services),
    }),
    system: createSystemRouter(services.system),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
