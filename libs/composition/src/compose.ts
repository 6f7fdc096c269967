import { readFileSync } from 'node:fs';
import { createIdempotency, type AuditTrail, type Principal } from '@cartwright/api-core';
import { createAppRouter, type AppRouter, type ShopConfigDto } from '@cartwright/app-router';
import { PASSWORD_RULES, type EndedSessions } from '@cartwright/feature-accounts';
import { createAudit } from '@cartwright/feature-audit';
import { MAXIMUM_LINES, MAXIMUM_QUANTITY } from '@cartwright/feature-cart';
import { createCouponProcessors } from '@cartwright/feature-coupons';
import { createOrderProcessors, type ShopSettings } from '@cartwright/feature-orders';
import { createPaymentsFeature } from '@cartwright/feature-payments';
import { createUploads } from '@cartwright/feature-uploads';
import type { Config } from '@cartwright/platform-config';
import type { Logger } from '@cartwright/platform-logger';
import { createMails } from '@cartwright/platform-mail';
import { createFences, createQueues, type Queues } from '@cartwright/platform-queue';
import type { ChangeChannel, Redis } from '@cartwright/platform-redis';
import type { TokenIssuer } from '@cartwright/platform-security';
import type { Telemetry } from '@cartwright/platform-telemetry';
import { createBoardAccess, type BoardAccess } from './board-access.ts';
import { createCallLimits } from './call-limits.ts';
import { closeAll } from './closing.ts';
import { jobs, nightlyJobs, queueSettings, repeatingJobs } from './job-catalog.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createJobsAdmin } from './jobs-admin.ts';
import { composeNotifying } from './notifying.ts';
import { composeOrdering, type Ordering } from './ordering.ts';
import { createPastNotifications } from './past-notifications.ts';
import { createPlatform, type Platform } from './platform.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { COUNTRIES, composeShopSettings, PAYMENT_METHODS } from './shop-settings.ts';
import { composeShopping, type Shopping } from './shopping.ts';
import { composeReconciling, nightly } from './reconciling.ts';
import { RETIRED_INDEXES } from './retired-indexes.ts';
import { startWork, type Work } from './work.ts';
import { observeStores } from './work-metrics.ts';

const EVERY_MINUTE_MS = 60_000;

const version = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** A shop put together: what hosts serve, what workers do, and its services for tools and tests. */
export interface Composition {
  readonly config: Config;
  readonly logger: Logger;
  readonly router: AppRouter;
  readonly services: Pick<
    Shopping & Ordering & ReturnType<typeof composeNotifying> & { shopSettings: ShopSettings },
    | 'accounts'
    | 'analytics'
    | 'auth'
    | 'cart'
    | 'catalog'
    | 'counters'
    | 'coupons'
    | 'home'
    | 'identity'
    | 'inventory'
    | 'notifications'
    | 'orders'
    | 'productChanges'
    | 'related'
    | 'reviewModeration'
    | 'reviews'
    | 'search'
    | 'shopSettings'
    | 'wishlist'
  >;
  /** Whether a record says that a handler ran for an event with this payload: effects outside of MongoDB have none. */
  readonly leavesRecord: (handler: string, payload: unknown) => boolean;
  readonly catalogImport: Shopping['catalogImport'];
  readonly importOrders: Ordering['importOrders'];
  readonly importReviews: Ordering['importReviews'];
  readonly recallNotifications: ReturnType<typeof createPastNotifications>;
  /** The webhook route's intake. */
  readonly payments: ReturnType<typeof createPaymentsFeature>['webhooks'];
  /** The caller behind an access token. Throws UNAUTHENTICATED or SESSION_REVOKED. */
  authenticate(accessToken: string, options?: { fresh: boolean }): Promise<Principal>;
  /** The session and user an access token stands for and when it ends itself; null for one that is not good. */
  readToken(accessToken: string): Promise<{ sessionId: string; userId: string; expiresAt: Date } | null>;
  /** Where calls leave what has to stand in the audit log. */
  readonly audit: AuditTrail;
  /** The copy of personal data that a ticket is for, as JSON. Throws NOT_FOUND, RATE_LIMITED by network. */
  downloadPersonalData(ticket: string, from: { ip: string }): Promise<Buffer>;
  /** The keys that access tokens can be verified with, as a JWKS. */
  publicKeys: TokenIssuer['publicKeys'];
  /** Tells of sessions that end, on whatever instance; `onGap` when some may have been missed. */
  watchSessions(listener: EndedSessions): Promise<{ close(): void }>;
  /** Tells which products change, on whatever instance. */
  watchCatalog: ChangeChannel['watch'];
  /** Where what can be made again is kept for all instances. */
  readonly cache: Pick<Redis, 'client' | 'key'>;
  /** The dashboard of queues: who may see it, and what it shows. */
  readonly board: Pick<BoardAccess, 'enter' | 'visitor' | 'visitSeconds'> & { queues: Queues['forDashboard'] };
  readiness(): Promise<Readiness>;
  metrics(): Promise<{ contentType: string; body: string }>;
  /** Where the host counts what it does itself. */
  readonly telemetry: Pick<Telemetry, 'counter' | 'gauge'>;
  /** Starts relay, job processors and repeating jobs. */
  startWork(): Promise<Work>;
  close(): Promise<void>;
}

/**
 * Connects to everything outside and puts the shop together; indexes are made when they are missing. Rejects, with
 * nothing left open, when that fails.
 */
export async function composeShop(config: Config, { name }: { name: string }): Promise<Composition> {
  const platform = await createPlatform(config, name);
  const { url: redisUrl, prefix } = config.redis;
  const queues = createQueues({ redisUrl, prefix, jobs, queues: queueSettings, logger: platform.logger });
  const close = () => closeAll([queues.close, platform.close]);
  try {
    return { ...(await assemble(platform, queues)), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function assemble(platform: Platform, queues: Queues): Promise<Omit<Composition, 'close'>> {
  const { config, logger, mongo, redis, outbox, clock, telemetry } = platform;
  const { log, audit, processors } = createAudit({
    mongo,
    people: { byIds: (userIds) => shopping.accounts.byIds(userIds) },
    retentionDays: config.audit.retentionDays,
    logger,
    clock,
  });
  const files = createUploads({ mongo, outbox, queues, store: platform.files, logger, clock });
  const mails = createMails({ mongo, queues, logger, clock });
  const shopping = composeShopping(platform, {
    audit: log,
    mails,
    queues,
    uploads: files.uploadUse,
    taxClasses: {
      ids: async () => new Set((await shopSettings.taxClasses.list()).map(({ id }) => id)),
      hold: (id, tx) => shopSettings.taxClasses.hold(id, tx),
    },
    orders: { countsOf: (userId) => ordering.orders.countsOf(userId) },
    personalData: () => [...shopping.personalData, ...ordering.personalData, ...notifying.personalData],
  });

  // Orders start payments and payments book on orders: the port is filled once both are there.
  const payments = createPaymentsFeature({
    mongo,
    outbox,
    gateway: platform.stripe,
    orders: {
      recordPayment: (payment, tx) => ordering.orders.recordPayment(payment, tx),
      recordProcessing: (news, tx) => ordering.orders.recordProcessing(news, tx),
      recordPaymentFailure: (news, tx) => ordering.orders.recordPaymentFailure(news, tx),
      recordRefund: (refund, tx) => ordering.orders.recordRefund(refund, tx),
      isPayable: (orderId) => ordering.orders.isPayable(orderId),
    },
    logger,
    clock,
  });
  const shopSettings = composeShopSettings(platform, shopping.catalog);
  const ordering = composeOrdering(platform, shopping, {
    payments: payments.payments,
    ledger: payments,
    queues,
    mails,
    settings: shopSettings,
  });
  const { accounts, auth, cart, catalog, coupons, home, identity, inventory } = shopping;
  const { catalogAdmin, productChanges, related, search, searchIndexing, wishlist } = shopping;
  const { analytics, counters, orders, reviewModeration, reviews } = ordering;
  const notifying = composeNotifying(platform, { queues, mails });
  const services = {
    accounts,
    analytics,
    auth,
    cart,
    catalog,
    counters,
    coupons,
    home,
    identity,
    inventory,
    notifications: notifying.notifications,
    orders,
    productChanges,
    related,
    reviewModeration,
    reviews,
    search,
    shopSettings,
    wishlist,
  };

  const reconciling = composeReconciling(platform, { queues, payments });

  const readiness = createReadiness({ mongodb: mongo.ping, redis: redis.ping });
  const stores = observeStores({ telemetry, queues, outbox });
  const deadLetters = createDeadLetters({ queues, stuck: outbox.stuck });
  const board = createBoardAccess({ redis, sessions: shopping.sessions });
  const router = createAppRouter({
    ...services,
    ...catalogAdmin,
    orderOffice: ordering.orderOffice,
    orderExport: ordering.orderExport,
    invoices: ordering.invoices,
    quarantine: payments.quarantine,
    searchIndexing,
    uploads: files.uploads,
    uploadAdmin: files.uploadAdmin,
    twoFactor: shopping.twoFactor,
    audit,
    idempotency: createIdempotency(platform.idempotency),
    people: shopping.people,
    webhookAdmin: payments.webhookAdmin,
    reconciliation: reconciling.reconciliation,
    limits: createCallLimits({ redis, networkFactor: config.limits.networkFactor }),
    jobs: createJobsAdmin({ queues, deadLetters, board, publicUrl: config.http.publicUrl, logger }),
    system: {
      config: shopConfigOf(config),
      version,
      isHealthy: async () => (await readiness()).ok,
      clock,
    },
  });
  await mongo.ensureIndexes(RETIRED_INDEXES);
  await shopping.inventory.prepare();
  const fences = createFences({ mongo });
  await outbox.ensureIndexes();
  await platform.idempotency.records.ensureIndexes();
  await fences.ensureIndexes();
  await mails.ensureIndexes();

  const handlers = [
    ...[...shopping.handlers, ...ordering.handlers, ...payments.handlers(queues), ...notifying.handlers],
    ...files.handlers,
    ...catalogAdmin.csvHandlers,
  ];
  // What is written from now on says that it waits for these.
  outbox.expect(handlers);

  return {
    config,
    logger,
    router,
    services,
    leavesRecord: (name, payload) => {
      const handler = handlers.find((one) => one.name === name);
      return handler?.transactional === true && (handler.concerns?.(payload) ?? true);
    },
    catalogImport: shopping.catalogImport,
    importOrders: ordering.importOrders,
    importReviews: ordering.importReviews,
    recallNotifications: createPastNotifications({ orders, notifications: notifying.notifications }),
    payments: payments.webhooks,
    authenticate: auth.authenticate,
    readToken: (token) => platform.tokens.verify(token).catch(() => null),
    audit: log,
    downloadPersonalData: identity.personalData.download,
    publicKeys: platform.tokens.publicKeys,
    watchSessions: shopping.watchSessions,
    watchCatalog: platform.catalogChanges.watch,
    cache: platform.cache,
    board: { ...board, queues: queues.forDashboard },
    readiness,
    metrics: telemetry.expose,
    telemetry,
    startWork: async () => {
      const work = await startWork({
        ...{ platform, queues, stores, jobs, settings: queueSettings, fences, handlers },
        repeating: {
          payload: {},
          schedules: [
            { jobs: repeatingJobs, schedule: { everyMs: EVERY_MINUTE_MS } },
            { jobs: nightlyJobs, schedule: nightly(config) },
          ],
        },
        processors: (deliver) => ({
          'events.deliver': deliver,
          'accounts.remove-due': identity.removal.removeAllDue,
          'catalog.refresh-prices': async (_payload: object, { signal }: { signal: AbortSignal }) =>
            void (await catalog.refreshPrices(signal)),
          'catalog.publish-due': async (_payload: object, { signal }: { signal: AbortSignal }) =>
            void (await catalogAdmin.productAdmin.publishDue(signal)),
          'catalog.let-sales-pass': async (_payload: object, { signal }: { signal: AbortSignal }) =>
            void (await shopping.bestSellers.letDaysPass(signal)),
          'search.rebuild': (_payload: object, { signal }: { signal: AbortSignal }) => searchIndexing.rebuild(signal),
          'search.check': searchIndexing.check,
          'analytics.publish-counters': counters.publish,
          'analytics.roll-counters': counters.publish,
          'analytics.count-carts': async (_payload: object, { signal }: { signal: AbortSignal }) =>
            void (await analytics.recordCarts(signal)),
          ...createCouponProcessors({ coupons, logger }),
          ...createOrderProcessors({ orders, logger }),
          ...ordering.invoiceProcessors,
          ...ordering.orderExportProcessors,
          ...payments.processors(queues),
          ...notifying.processors,
          ...processors,
          ...files.processors,
          ...catalogAdmin.csvProcessors,
          ...shopping.peopleProcessors,
          ...reconciling.processors,
        }),
      });
      // A shop that is new, or was moved without its Redis, needn't wait for the first minute to pass.
      await searchIndexing
        .check()
        .catch((error: unknown) => logger.warn({ err: error }, 'the search index was not checked'));
      return work;
    },
  };
}

function shopConfigOf({ shop }: Config): ShopConfigDto {
  return {
    shopName: shop.name,
    currency: shop.currency,
    taxMode: shop.taxMode,
    timezone: shop.timezone,
    defaultCountry: shop.country,
    countries: COUNTRIES.map((country) => ({ ...country })),
    paymentMethods: PAYMENT_METHODS.map(({ id, label }) => ({ id, label })),
    limits: {
      maxCartLines: MAXIMUM_LINES,
      maxQuantity: MAXIMUM_QUANTITY,
      returnWindowDays: Math.floor(shop.returnWindowSeconds / 86_400),
    },
    passwordRules: PASSWORD_RULES,
  };
}
