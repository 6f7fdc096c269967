import { notFound } from '@cartwright/domain-errors';
import { isDuplicateKeyError, newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { FilesPort, ImportFilesPort } from '../catalog.ports.ts';
import type { CsvExportDto, CsvImportDto } from './transfer.contracts.ts';
import { csvExportRequested, csvImportRequested } from './transfer.events.ts';
import type { CsvExportDoc, CsvImportDoc } from './transfer.model.ts';
import type { TransferRepository } from './transfer-repository.ts';

/** How long a file stays, and an address of it. */
export const EXPORT_KEPT_MS = 24 * 3_600_000;
const URL_SECONDS = 5 * 60;

/** Where an export lies. */
export const exportKey = (id: string): string => `private/exports/${id}.csv`;

/** Asking for imports and exports of products as files, and how far they are. A worker does them. */
export function createCsvTransfers({
  mongo,
  outbox,
  transfers: { imports, exports },
  uploads,
  files,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  transfers: TransferRepository;
  uploads: ImportFilesPort;
  files: Pick<FilesPort, 'presignGet'>;
  clock: () => Date;
}) {
  const addressOf = ({ _id, createdAt }: CsvExportDoc): Promise<string> => {
    const filename = `products-${createdAt.toISOString().slice(0, 10)}.csv`;
    return files.presignGet({ key: exportKey(_id), filename, expiresInSeconds: URL_SECONDS });
  };

  async function toExport(doc: CsvExportDoc): Promise<CsvExportDto> {
    const { _id: id, state, products, total, createdAt, expiresAt } = doc;
    const url = state === 'done' ? { url: await addressOf(doc) } : {};
    return { id, state, products, ...(total === undefined ? {} : { total }), ...url, createdAt, expiresAt };
  }

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
    async exportCsv(userId: string): Promise<CsvExportDto> {
      const now = clock();
      const pending = await exports.pendingOf(userId, now);
      if (pending) return toExport(pending);
      const expiresAt = new Date(now.getTime() + EXPORT_KEPT_MS);
      const doc: CsvExportDoc = {
        ...{ _id: newId(), userId, state: 'pending', products: 0, attempts: 0 },
        ...{ createdAt: now, changedAt: now, expiresAt },
      };
      // Where no address can be made of it, no worker could write it.
      await addressOf(doc);
      await mongo.transaction(async (tx) => {
        await exports.insert(doc, tx);
        const payload = { exportId: doc._id };
        const facts = { aggregateId: doc._id, aggregateVersion: 1, payload, occurredAt: now };
        await outbox.append(tx, [{ event: csvExportRequested, ...facts }]);
      });
      return toExport(doc);
    },

    /** With an address of the file once it is there. Throws NOT_FOUND, also for exports of others and after a day. */
    async exportStatus(userId: string, exportId: string): Promise<CsvExportDto> {
      const doc = await exports.byId(exportId);
      if (doc?.userId !== userId || doc.expiresAt <= clock()) throw notFound('export');
      return toExport(doc);
    },
  };
}

export type CsvTransfers = ReturnType<typeof createCsvTransfers>;

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
