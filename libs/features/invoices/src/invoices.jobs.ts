import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Issues the documents that an order calls for. They wait for one another's numbers, so nothing else waits in their queue. */
export const issueInvoices = defineJob({
  queue: 'invoices',
  name: 'invoices.issue',
  payload: z.object({ orderId: z.string() }),
  attempts: 5,
  backoffMs: 1_000,
  key: ({ orderId }) => orderId,
  // The sweep makes it again, until somebody has looked at the order.
  keepFailed: false,
});

/** Makes the file of a document. */
export const printInvoice = defineJob({
  queue: 'documents',
  name: 'invoices.print',
  payload: z.object({ invoiceId: z.string() }),
  attempts: 5,
  backoffMs: 1_000,
  key: ({ invoiceId }) => invoiceId,
  // Whoever wants a file that isn't there has it made again.
  keepFailed: false,
});

/** Repeating: orders whose job was lost. */
export const sweepInvoices = defineJob({
  queue: 'maintenance',
  name: 'invoices.sweep',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  exclusive: true,
});

/** The jobs of invoices, for the worker's catalog. */
export const invoiceJobs = [issueInvoices, printInvoice, sweepInvoices] as const;
