import { countCarts, publishCounters, rollCounters } from '@cartwright/feature-analytics';
import { peopleJobs, sweepBans } from '@cartwright/feature-accounts';
import { auditJobs, sweepAudit } from '@cartwright/feature-audit';
import { removeDueAccounts } from '@cartwright/feature-accounts';
import { csvJobs, letSalesPassJob, publishDueJob, refreshPricesJob, sweepCsvJob } from '@cartwright/feature-catalog';
import { couponJobs, sweepCouponsJob } from '@cartwright/feature-coupons';
import { invoiceJobs, sweepInvoices } from '@cartwright/feature-invoices';
import { orderExportJobs, orderJobs, sweepExpiredOrders, sweepOrderExports } from '@cartwright/feature-orders';
import { paymentJobs, reconcilePaymentsJob, resumeRefundsJob } from '@cartwright/feature-payments';
import { reconcileNightlyJob, reconciliationJobs, sweepReconciliationJob } from '@cartwright/feature-reconciliation';
import { checkSearchJob, searchJobs } from '@cartwright/feature-search';
import { sweepUploads, uploadJobs } from '@cartwright/feature-uploads';
import { mailJobs, sweepMails } from '@cartwright/platform-mail';
import { deliverEvent } from '@cartwright/platform-outbox';
import type { QueueSettingsFor } from '@cartwright/platform-queue';

/** Every job of the shop; each has a processor in the worker. */
export const jobs = [
  deliverEvent,
  removeDueAccounts,
  refreshPricesJob,
  publishDueJob,
  letSalesPassJob,
  ...csvJobs,
  publishCounters,
  rollCounters,
  countCarts,
  ...couponJobs,
  ...orderJobs,
  ...orderExportJobs,
  ...paymentJobs,
  ...invoiceJobs,
  ...mailJobs,
  ...auditJobs,
  ...peopleJobs,
  ...searchJobs,
  ...uploadJobs,
  ...reconciliationJobs,
] as const;

export type ShopJobs = typeof jobs;

/** Run once a minute, on whatever worker. */
export const repeatingJobs = [
  removeDueAccounts,
  refreshPricesJob,
  publishDueJob,
  letSalesPassJob,
  sweepCsvJob,
  rollCounters,
  countCarts,
  sweepExpiredOrders,
  sweepOrderExports,
  reconcilePaymentsJob,
  resumeRefundsJob,
  sweepInvoices,
  sweepMails,
  sweepAudit,
  sweepBans,
  checkSearchJob,
  sweepUploads,
  sweepReconciliationJob,
];

/** Run once a night, on whatever worker. */
export const nightlyJobs = [reconcileNightlyJob, sweepCouponsJob];

/** How the queues are worked on; those that are not named go by WORKER_CONCURRENCY. */
export const queueSettings: QueueSettingsFor<ShopJobs> = {
  // Stripe allows 100 calls a second in live mode, for all of a shop's processes, the checkout's included.
  payments: { concurrency: 5, rateLimit: { max: 40, perMs: 1_000 } },
  // Mail servers turn away those who are in too much of a hurry.
  mail: { concurrency: 5, rateLimit: { max: 20, perMs: 1_000 } },
  // Pictures are opened in memory, and made anew with all the processor that they get.
  uploads: { concurrency: 2 },
  // Each wants the number after the last one's: more at once would only wait.
  invoices: { concurrency: 1 },
  // A file takes a tenth of a second of the processor: at this pace most of it is left for all else.
  documents: { concurrency: 1, rateLimit: { max: 5, perMs: 1_000 } },
  catalog: { concurrency: 2 },
  maintenance: { concurrency: 2 },
  // A run takes as long as there are books, and waits for those of others. A second job of it just waits until it is over.
  reconciliation: { concurrency: 1, stuckAfterMs: 2 * 3_600_000 },
};
