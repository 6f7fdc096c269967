import { createCouponInspection, createCouponModels } from '@cartwright/feature-coupons';
import { createInvoiceInspection, createInvoiceModels } from '@cartwright/feature-invoices';
import { createStockInspection, createStockModels } from '@cartwright/feature-inventory';
import { createOrderInspection, createOrderModel } from '@cartwright/feature-orders';
import type { PaymentsFeature } from '@cartwright/feature-payments';
import { createReconciliation } from '@cartwright/feature-reconciliation';
import type { Config } from '@cartwright/platform-config';
import type { Queues, Schedule } from '@cartwright/platform-queue';
import type { Platform } from './platform.ts';

/** Every night at the time that is set, in the shop's own zone. */
export function nightly({ reconciliation, shop }: Pick<Config, 'reconciliation' | 'shop'>): Schedule {
  const [hour, minute] = reconciliation.time.split(':').map(Number);
  return { pattern: `${minute} ${hour} * * *`, timezone: shop.timezone };
}

/** What compares the books of orders, payments, stock, coupons, invoices and the payment provider. */
export function composeReconciling(
  { config, mongo, outbox, telemetry, logger, clock }: Platform,
  { queues, payments }: { queues: Pick<Queues, 'enqueue'>; payments: Pick<PaymentsFeature, 'inspection' | 'books'> },
) {
  const { connection } = mongo;
  const { reconciliation, processors } = createReconciliation({
    ...{ mongo, queues, logger, clock },
    orders: createOrderInspection({ orders: createOrderModel(connection) }),
    payments: payments.inspection,
    stock: createStockInspection(createStockModels(connection)),
    coupons: createCouponInspection(createCouponModels(connection)),
    invoices: createInvoiceInspection(createInvoiceModels(connection)),
    books: payments.books,
    stuck: outbox.stuck,
    settleMs: config.reconciliation.settleSeconds * 1_000,
  });
  telemetry.gauge(
    'reconciliation_differences',
    'Differences that the last finished reconciliation found; none before the first',
    async () => (await reconciliation.latestDifferences()) ?? Number.NaN,
  );
  return { reconciliation, processors };
}
