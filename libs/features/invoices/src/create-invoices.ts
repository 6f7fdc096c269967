import type { Printer } from '@cartwright/platform-documents';
import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { ObjectStore } from '@cartwright/platform-s3';
import { createInvoiceFiles } from './invoice-files.ts';
import { createInvoiceHandlers } from './invoice-handlers.ts';
import { createInvoiceIssuing } from './invoice-issuing.ts';
import { createInvoicePersonalData } from './invoice-personal-data.ts';
import { createInvoiceRepository } from './invoice-repository.ts';
import { createInvoiceService } from './invoice-service.ts';
import type { Seller } from './invoice.ts';
import { createInvoiceModels } from './invoice.model.ts';
import type { invoiceJobs } from './invoices.jobs.ts';
import type { BilledOrders } from './invoices.ports.ts';

/** Invoices put together: what buyers and staff read, what the worker does. */
export function createInvoices({
  mongo,
  store,
  ...ports
}: {
  mongo: Mongo;
  orders: BilledOrders;
  queues: Pick<Queues, 'enqueue'>;
  store: ObjectStore;
  printer: Printer;
  seller: Seller;
  /** Whether there is a place for files; without one none are made. */
  isPrinting: boolean;
  /** In which days are told. */
  timezone: string;
  logger: Logger;
  clock: () => Date;
}) {
  const invoices = createInvoiceRepository(createInvoiceModels(mongo.connection));
  const files = createInvoiceFiles({ invoices, store, ...ports });
  const issuing = createInvoiceIssuing({ mongo, invoices, ...ports });
  const processors: ProcessorsFor<typeof invoiceJobs> = {
    'invoices.issue': async ({ orderId }) => void (await issuing.issue(orderId)),
    'invoices.print': ({ invoiceId }) => files.print(invoiceId),
    'invoices.sweep': () => issuing.sweep(),
  };
  return {
    invoices: createInvoiceService({ invoices, files, ...ports }),
    personalData: createInvoicePersonalData({ invoices, ...ports }),
    handlers: createInvoiceHandlers({ issuing }),
    processors,
  };
}
