import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

const lasting = { queue: 'catalog', attempts: 5, backoffMs: 1_000 } as const;

/** Checks a file of products, and applies it where that was asked for. */
export const importCsvJob = defineJob({
  ...lasting,
  name: 'catalog.import-csv',
  payload: z.object({ importId: z.string() }),
  key: ({ importId }) => importId,
  // The sweep makes it again, until the import is over.
  keepFailed: false,
});

/** Writes all products to a file. */
export const exportCsvJob = defineJob({
  ...lasting,
  name: 'catalog.export-csv',
  payload: z.object({ exportId: z.string() }),
  key: ({ exportId }) => exportId,
  keepFailed: false,
});

/** Repeating: imports and exports whose job was lost, and files that were kept long enough. */
export const sweepCsvJob = defineJob({
  queue: 'maintenance',
  name: 'catalog.sweep-csv',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

export const csvJobs = [importCsvJob, exportCsvJob, sweepCsvJob] as const;
