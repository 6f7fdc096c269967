import type { Mongo } from '@cartwright/platform-mongo';
import { defineOutsideHandler, type Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import type { SaveProduct } from '../admin/save-product.ts';
import type { FilesPort, ImportFilesPort, TaxClassesPort } from '../catalog.ports.ts';
import type { CategoryRepository } from '../category-repository.ts';
import { createCsvTransfers } from './csv-transfers.ts';
import { createExportRun } from './run-export.ts';
import { createImportRun } from './run-import.ts';
import { createTransferSweep } from './sweep-transfers.ts';
import { csvExportRequested, csvImportRequested } from './transfer.events.ts';
import { exportCsvJob, importCsvJob, type csvJobs } from './transfer.jobs.ts';
import { createTransferModels } from './transfer.model.ts';
import { createTransferRepository } from './transfer-repository.ts';

/** Imports and exports of products as files, put together. */
export function createCsv({
  mongo,
  outbox,
  ...ports
}: {
  mongo: Pick<Mongo, 'transaction' | 'connection'>;
  outbox: Pick<Outbox, 'append'>;
  queues: Pick<Queues, 'enqueue'>;
  uploads: ImportFilesPort;
  files: FilesPort;
  products: ProductAdminRepository;
  categories: CategoryRepository;
  save: SaveProduct;
  currency: string;
  taxClasses: TaxClassesPort;
  clock: () => Date;
}) {
  const transfers = createTransferRepository(createTransferModels(mongo.connection));
  const imports = createImportRun({ mongo, imports: transfers.imports, ...ports });
  const exports = createExportRun({ exports: transfers.exports, ...ports });
  const sweep = createTransferSweep({ transfers, ...ports });
  const processors: ProcessorsFor<typeof csvJobs> = {
    'catalog.import-csv': ({ importId }, { signal }) => imports.run(importId, signal),
    'catalog.export-csv': ({ exportId }, { signal }) => exports.run(exportId, signal),
    'catalog.sweep-csv': (_payload, { signal }) => sweep(signal),
  };
  return {
    csvTransfers: createCsvTransfers({ mongo, outbox, transfers, ...ports }),
    csvProcessors: processors,
    csvHandlers: [
      defineOutsideHandler({
        name: 'catalog.begin-csv-import',
        event: csvImportRequested,
        handle: ({ payload }) => ports.queues.enqueue(importCsvJob, payload),
      }),
      defineOutsideHandler({
        name: 'catalog.begin-csv-export',
        event: csvExportRequested,
        handle: ({ payload }) => ports.queues.enqueue(exportCsvJob, payload),
      }),
    ],
  };
}
