export * from './invoices.contracts.ts';
export { createInvoices } from './create-invoices.ts';
export { invoiceJobs, sweepInvoices } from './invoices.jobs.ts';
export { createAdminInvoicesRouter, createInvoicesRouter } from './invoices.router.ts';
export type { InvoiceService } from './invoice-service.ts';
export type { Seller } from './invoice.ts';
