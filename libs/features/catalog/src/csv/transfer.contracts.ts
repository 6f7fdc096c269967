import { exportStatusSchema, idSchema } from '@cartwright/api-core';
import { z } from 'zod';

export const importCsvInput = z.strictObject({
  /** A file that was uploaded for it. */
  uploadId: idSchema,
  /** Says what would become of it, and changes nothing. */
  dryRun: z.boolean().default(false),
});

export const importStatusInput = z.strictObject({ importId: idSchema });

/**
 * pending, then checking the whole file, then applying it product by product, until it is done; refused when the file is
 * wrong anywhere, with nothing changed; failed when the file can't be had any more.
 */
export const importStateSchema = z.enum(['pending', 'checking', 'applying', 'done', 'refused', 'failed']);

export const csvImportSchema = z.object({
  id: z.string(),
  dryRun: z.boolean(),
  state: importStateSchema,
  /** Rows of the file, its head aside. */
  rows: z.number().int(),
  products: z.number().int(),
  /** Products that were gone through. */
  applied: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  /** Left as they were: somebody took their address or SKU after the file was checked. */
  skipped: z.number().int(),
  /** The first ones, in the order of the file; line 1 is its head. */
  errors: z.array(z.object({ line: z.number().int(), column: z.string(), message: z.string() })),
  /** How many there are in all. */
  errorCount: z.number().int(),
  createdAt: z.date(),
  finishedAt: z.date().optional(),
});

export const exportCsvInput = z.strictObject({});

export const csvExportSchema = exportStatusSchema.extend({
  /** Written so far. */
  products: z.number().int(),
});

export type CsvImportDto = z.infer<typeof csvImportSchema>;
export type CsvExportDto = z.infer<typeof csvExportSchema>;
