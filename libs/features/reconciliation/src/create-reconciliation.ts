import type { CouponInspection } from '@cartwright/feature-coupons';
import type { StockInspection } from '@cartwright/feature-inventory';
import type { InvoiceInspection } from '@cartwright/feature-invoices';
import type { OrderInspection } from '@cartwright/feature-orders';
import type { PaymentInspection, PaymentProvider, ProviderBooks } from '@cartwright/feature-payments';
import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { Check } from './check.ts';
import { createCouponsChecks } from './checks/coupons-check.ts';
import { createEventsCheck } from './checks/events-check.ts';
import { createInvoicesChecks } from './checks/invoices-check.ts';
import { createOrdersCheck } from './checks/orders-check.ts';
import { createPaymentsChecks } from './checks/payments-check.ts';
import { createProviderCheck } from './checks/provider-check.ts';
import { createStockCheck } from './checks/stock-check.ts';
import { CHECKS } from './reconciliation.contracts.ts';
import { reconcileJob, type reconciliationJobs } from './reconciliation.jobs.ts';
import { createReconciliationRun } from './reconciliation-run.ts';
import { createReconciliationService } from './reconciliation-service.ts';
import { createReportModels } from './report.model.ts';
import { createReportRepository } from './report-repository.ts';

/** So many differences of a run are kept; all are counted. */
const KEPT_MAX = 1_000;

/** Puts the feature together: it reads what others keep, compares it, and changes nothing. */
export function createReconciliation(dependencies: {
  mongo: Mongo;
  queues: Pick<Queues, 'enqueue'>;
  orders: OrderInspection;
  payments: PaymentInspection;
  stock: StockInspection;
  coupons: CouponInspection;
  invoices: InvoiceInspection;
  books: readonly (ProviderBooks & { readonly provider: PaymentProvider })[];
  stuck: Pick<Outbox['stuck'], 'list'>;
  /** How long the provider's books and ours may differ, and an invoice may be missing, before that is told. */
  settleMs: number;
  logger: Pick<Logger, 'error' | 'info' | 'warn'>;
  clock: () => Date;
}) {
  const { mongo } = dependencies;
  const all: readonly Check[] = [
    createOrdersCheck(dependencies),
    ...createPaymentsChecks(dependencies),
    createStockCheck(dependencies),
    ...createCouponsChecks(dependencies),
    createEventsCheck(dependencies),
    createProviderCheck(dependencies),
    ...createInvoicesChecks(dependencies),
  ];
  const checks = CHECKS.map((name) => {
    const check = all.find((one) => one.name === name);
    if (!check) throw new Error(`Nothing checks ${name}`);
    return check;
  });
  const reports = createReportRepository(createReportModels(mongo.connection), { keptMax: KEPT_MAX });
  const run = createReconciliationRun({ ...dependencies, reports, checks, keptMax: KEPT_MAX });
  const reconciliation = createReconciliationService({ ...dependencies, reports, run });
  const processors: ProcessorsFor<typeof reconciliationJobs> = {
    'reconciliation.run': ({ reportId }, { signal, attempt }) =>
      reconciliation.work(reportId, { signal, isLast: attempt >= reconcileJob.attempts }),
    'reconciliation.start-nightly': () => reconciliation.startNightly(),
    'reconciliation.sweep': () => reconciliation.sweep(),
  };
  return { reconciliation, processors };
}
