import { defineEvent } from '@cartwright/platform-outbox';
import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

const payload = z.object({ exportId: z.string() });

/** Somebody wants orders in a file. */
export const orderExportRequested = defineEvent({ type: 'orders.csv-export-requested', version: 1, payload });

/** Writes orders to a file. */
export const exportOrdersJob = defineJob({
  // Beside the files of products: one that takes long delays no order.
  queue: 'catalog',
  name: 'orders.export-csv',
  payload,
  attempts: 5,
  backoffMs: 1_000,
  key: ({ exportId }) => exportId,
  // The sweep makes it again, until the export is over.
  keepFailed: false,
});

/** Repeating: exports whose job was lost, and files that were kept long enough. */
export const sweepOrderExports = defineJob({
  queue: 'maintenance',
  name: 'orders.sweep-exports',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

export const orderExportJobs = [exportOrdersJob, sweepOrderExports] as const;
