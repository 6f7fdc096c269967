import { notFound } from '@cartwright/domain-errors';
import { isDuplicateKeyError, newId, type Mongo } from '@cartwright/platform-mongo';
import type { Exports, ExportStatus } from '@cartwright/platform-exports';
import type { Outbox } from '@cartwright/platform-outbox';
import type { ImportFilesPort } from '../catalog.ports.ts';
import type { CsvExportDto, CsvImportDto } from './transfer.contracts.ts';
import { csvImportRequested } from './transfer.events.ts';
import type { CsvImportDoc } from './import.model.ts';
import type { ProductWish } from './product-export.ts';
import type { ImportRepository } from './import-repository.ts';

/** Asking for imports and exports of products as files, and how far they are. A worker does them. */
export function createCsvTransfers({
  mongo,
  outbox,
  imports,
  exports,
  uploads,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  imports: ImportRepository;
  exports: Pick<Exports<ProductWish>, 'ask' | 'status'>;
  uploads: ImportFilesPort;
  clock: () => Date;
}) {
  return {
    /**
     * Has a file of the caller's read, and kept until that is over; a repetition of the call answers the same import.
     * Throws NOT_FOUND for an upload that is not theirs and UPLOAD_NOT_READY.
     */
    async importCsv(
      { userId, intentId }: { userId: string; intentId: string },
      { uploadId, dryRun }: { uploadId: string; dryRun: boolean },
    ): Promise<CsvImportDto> {
      const earlier = await imports.byIntent(intentId);
      if (earlier) return toImport(earlier);
      const now = clock();
      const doc: CsvImportDoc = {
        ...{ _id: newId(), intentId, userId, uploadId, dryRun, state: 'pending', problems: [], attempts: 0 },
        ...{ rows: 0, products: 0, applied: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, errorCount: 0 },
        ...{ createdAt: now, changedAt: now },
      };
      try {
        await mongo.transaction(async (tx) => {
          await imports.insert(doc, tx);
          await uploads.hold({ uploadId, userId, purpose: 'catalog_import' }, doc._id, tx);
          const payload = { importId: doc._id };
          const facts = { aggregateId: doc._id, aggregateVersion: 1, payload, occurredAt: now };
          await outbox.append(tx, [{ event: csvImportRequested, ...facts }]);
        });
      } catch (error) {
        const same = isDuplicateKeyError(error) ? await imports.byIntent(intentId) : null;
        if (!same) throw error;
        return toImport(same);
      }
      return toImport(doc);
    },

    /** Throws NOT_FOUND, also once it is forgotten after thirty days. */
    async importStatus(importId: string): Promise<CsvImportDto> {
      const doc = await imports.byId(importId);
      if (!doc) throw notFound('import');
      return toImport(doc);
    },

    /**
     * Has all products written to a file; the one that the caller waits for already, where there is one. Throws
     * SERVICE_UNAVAILABLE in a shop that has no place for files.
     */
    exportCsv: async (userId: string): Promise<CsvExportDto> => toExport(await exports.ask(userId, {})),

    /** With an address of the file once it is there. Throws NOT_FOUND, also for exports of others and after a day. */
    exportStatus: async (userId: string, exportId: string): Promise<CsvExportDto> =>
      toExport(await exports.status(userId, exportId)),
  };
}

export type CsvTransfers = ReturnType<typeof createCsvTransfers>;

const toExport = ({ written, ...status }: ExportStatus): CsvExportDto => ({ ...status, products: written });

function toImport(doc: CsvImportDoc): CsvImportDto {
  const { _id: id, dryRun, state, rows, products, applied, created, updated, unchanged, skipped } = doc;
  return {
    ...{ id, dryRun, state, rows, products, applied, created, updated, unchanged, skipped },
    errors: doc.problems.map(({ line, column, message }) => ({ line, column, message })),
    errorCount: doc.errorCount,
    createdAt: doc.createdAt,
    ...(doc.finishedAt === undefined ? {} : { finishedAt: doc.finishedAt }),
  };
}
