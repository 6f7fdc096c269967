import { randomBytes } from 'node:crypto';
import { createAnalytics, createCounters } from '@cartwright/feature-analytics';
import { createInvoices } from '@cartwright/feature-invoices';
import {
  createGuestBuyerModel,
  createGuestBuyerRepository,
  createOrderExport,
  createOrderHandlers,
  createOrderImport,
  createOrderModel,
  createOrderPersonalData,
  createOrderRepository,
  createOrderOffice,
  createOrders,
  orderPaid,
  orderRefundBounced,
  orderRefunded,
  type LedgerPort,
  type PaymentPort,
  type ShopSettingsSource,
} from '@cartwright/feature-orders';
import { createReviews } from '@cartwright/feature-reviews';
import { isDomainError } from '@cartwright/domain-errors';
import { createPrinter } from '@cartwright/platform-documents';
import type { Mails } from '@cartwright/platform-mail';
import type { Tx } from '@cartwright/platform-mongo';
import { defineHandler, defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import { createLookupLimit } from './call-limits.ts';
import type { Platform } from './platform.ts';
import { toListedVariant, toRatedProduct } from './listed.ts';
import { toSale, toSaleRefunds } from './sale.ts';
import type { Shopping } from './shopping.ts';

/** Orders and what stands on them: analytics, reviews of what was bought, the import of past orders. */
export function composeOrdering(
  { config, mongo, redis, cache, outbox, idempotency, streams, files, logger, clock }: Platform,
  { inventory, catalog, bestSellers, bestRated, related, coupons, cart, accounts }: Shopping,
  {
    payments,
    ledger,
    queues,
    mails,
    settings,
  }: {
    settings: ShopSettingsSource;
    payments: PaymentPort;
    ledger: LedgerPort;
    queues: Pick<Queues, 'enqueue'>;
    mails: Pick<Mails, 'write'>;
  },
) {
  const { connection } = mongo;
  const repository = createOrderRepository({ orders: createOrderModel(connection) });
  const dependencies = {
    mongo,
    orders: repository,
    records: idempotency.records,
    carts: cart,
    coupons,
    stock: inventory,
    payments,
    buyers: accounts,
    streams,
    outbox,
    settings,
    guests: createGuestBuyerRepository({ guests: createGuestBuyerModel(connection) }),
    mails,
    lookups: createLookupLimit({ redis, networkFactor: config.limits.networkFactor }),
    secret: config.auth.sessionSecret,
    randomBytes,
    logger,
    clock,
  };
  const orders = createOrders(dependencies);
  const orderOffice = createOrderOffice({
    ...dependencies,
    ledger,
    staffRefundLimit: config.shop.staffRefundLimit,
  });

  const analytics = createAnalytics({
    ...{ mongo, redis, cache, logger, carts: cart, stock: inventory },
    orders: {
      saleOf: async (orderId, tx) => toSale(await repository.byId(orderId, tx)),
      refundsOf: async (orderId, tx) => toSaleRefunds(await repository.byId(orderId, tx)),
    },
    products: {
      listedVariants: async (variantIds) =>
        (await catalog.variantsByIds(variantIds)).filter(({ purchasable }) => purchasable).map(toListedVariant),
      highestRated: async (limit) => (await bestRated(limit)).map(toRatedProduct),
    },
    currency: config.shop.currency,
    timezone: config.shop.timezone,
  });

  const counters = createCounters({
    orders: repository,
    streams,
    queues,
    timezone: config.shop.timezone,
    clock,
  });

  const { reviews, reviewModeration, importReviews, reviewData } = createReviews({
    mongo,
    products: {
      exists: (productId) =>
        catalog.byId(productId).then(
          () => true,
          (error: unknown) => {
            if (isDomainError(error, 'NOT_FOUND')) return false;
            throw error;
          },
        ),
      idsBySlug: catalog.idsBySlug,
      moveRating: catalog.moveRating,
    },
    authors: accounts,
    purchases: orders,
    clock,
  });

  /** Counts what was sold: figures for operators, the catalog's order of best sellers, what is bought together. */
  async function countSale(orderId: string, tx: Tx): Promise<void> {
    await analytics.recordSale(orderId, tx);
    await analytics.recordRefunds(orderId, tx);
    const order = await repository.byId(orderId, tx);
    if (order?.paidAt === undefined) return;
    await bestSellers.count(
      order.lines.map(({ product, quantity }) => ({ productId: product.id, quantity })),
      order.paidAt,
      tx,
    );
    await related.countOrder(
      order.lines.map(({ product }) => product.id),
      tx,
    );
  }

  const { importOrders } = createOrderImport({
    mongo,
    orders: repository,
    carts: cart,
    coupons,
    stock: inventory,
    outbox,
    settings,
    ports: {
      customersByEmail: accounts.byEmails,
      variantIdsBySku: catalog.variantIdsBySku,
      // Nothing is told of imported orders, so what events would do is done at once.
      onImported: countSale,
    },
  });

  const { invoices, ...invoicing } = createInvoices({
    orders: { byId: repository.byId, requireOwn: orders.requireOwn, list: orders.list },
    ...{ mongo, queues, store: files, printer: createPrinter(), isPrinting: config.files !== undefined },
    ...{ seller: config.shop.seller, timezone: config.shop.timezone, logger, clock },
  });

  const { orderExport, orderExportHandlers, orderExportProcessors } = createOrderExport({
    ...{ orders: repository, mongo, outbox, queues, files, clock },
  });

  const personalData = [createOrderPersonalData({ orders: repository }), reviewData];

  const handlers: EventHandler[] = [
    ...personalData.map(({ handler }) => handler),
    ...createOrderHandlers({ queues, streams, mails, guests: orders, buyers: accounts, bans: orders, clock }),
    ...counters.handlers,
    ...invoicing.handlers,
    ...orderExportHandlers,
    // Written once by its id and told of after that, whatever is done again: no record of the run is needed.
    defineOutsideHandler({
      name: 'analytics.record-sale',
      event: orderPaid,
      handle: ({ payload }) => analytics.recordSale(payload.orderId),
    }),
    defineOutsideHandler({
      name: 'analytics.record-refunds',
      event: orderRefunded,
      handle: ({ payload }) => analytics.recordRefunds(payload.orderId),
    }),
    defineOutsideHandler({
      name: 'analytics.record-bounced-refunds',
      event: orderRefundBounced,
      handle: ({ payload }) => analytics.recordRefunds(payload.orderId),
    }),
    defineHandler({
      name: 'catalog.count-units-sold',
      event: orderPaid,
      handle: ({ payload, occurredAt }, { tx }) => bestSellers.count(payload.lines, occurredAt, tx),
    }),
    defineHandler({
      name: 'catalog.count-bought-together',
      event: orderPaid,
      handle: ({ payload }, { tx }) =>
        related.countOrder(
          payload.lines.map(({ productId }) => productId),
          tx,
        ),
    }),
  ];

  return {
    orders,
    orderOffice,
    orderExport,
    orderExportProcessors,
    analytics,
    counters,
    reviews,
    reviewModeration,
    importReviews,
    handlers,
    invoices,
    invoiceProcessors: invoicing.processors,
    personalData: [...personalData.map(({ source }) => source), invoicing.personalData],
    /** Imports past orders and counts those that were paid. Answers how many were new. */
    importOrders,
  };
}

export type Ordering = ReturnType<typeof composeOrdering>;
