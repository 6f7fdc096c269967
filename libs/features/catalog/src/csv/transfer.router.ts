import { exportStatusInput, requirePermission, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import type { CsvTransfers } from './csv-transfers.ts';
import {
  csvExportSchema,
  csvImportSchema,
  exportCsvInput,
  importCsvInput,
  importStatusInput,
} from './transfer.contracts.ts';

/** The part of `admin.products.*` that reads and writes products as files. */
export function createCsvTransfersRouter({
  csvTransfers,
  idempotency,
}: {
  csvTransfers: CsvTransfers;
  idempotency: Idempotency;
}) {
  return router({
    importCsv: requirePermission('catalog.write', {
      target: { kind: 'upload', field: 'uploadId' },
      fields: ['dryRun'],
    })
      .input(withIdempotency(importCsvInput))
      .use(idempotency.required)
      .output(csvImportSchema)
      .mutation(({ ctx, input }) =>
        csvTransfers.importCsv({ userId: ctx.principal.userId, intentId: ctx.intent.id }, input),
      ),
    importStatus: requirePermission('catalog.read')
      .input(importStatusInput)
      .output(csvImportSchema)
      .query(({ input }) => csvTransfers.importStatus(input.importId)),
    exportCsv: requirePermission('catalog.read')
      .input(exportCsvInput)
      .output(csvExportSchema)
      .mutation(({ ctx }) => csvTransfers.exportCsv(ctx.principal.userId)),
    exportStatus: requirePermission('catalog.read')
      .input(exportStatusInput)
      .output(csvExportSchema)
      .query(({ ctx, input }) => csvTransfers.exportStatus(ctx.principal.userId, input.exportId)),
  });
}
