import type { Mongo } from '@cartwright/platform-mongo';
import { defineOutsideHandler, type Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import type { SaveProduct } from '../admin/save-product.ts';
import { createExports, type ExportFiles } from '@cartwright/platform-exports';
import type { ImportFilesPort, TaxClassesPort } from '../catalog.ports.ts';
import type { CategoryRepository } from '../category-repository.ts';
import { createCsvTransfers } from './csv-transfers.ts';
import { productExport } from './product-export.ts';
import { createImportRun } from './run-import.ts';
import { createTransferSweep } from './sweep-transfers.ts';
import { csvExportRequested, csvImportRequested } from './transfer.events.ts';
import { exportCsvJob, importCsvJob, type csvJobs } from './transfer.jobs.ts';
import { createImportModel } from './import.model.ts';
import { createImportRepository } from './import-repository.ts';

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
  files: ExportFiles;
  products: ProductAdminRepository;
  categories: CategoryRepository;
  save: SaveProduct;
  currency: string;
  taxClasses: TaxClassesPort;
  clock: () => Date;
}) {
  const imports = createImportRepository(createImportModel(mongo.connection));
  const importing = createImportRun({ mongo, imports, ...ports });
  const exports = createExports({ kind: productExport(ports), mongo, outbox, ...ports });
  const sweep = createTransferSweep({ imports, exports, ...ports });
  const processors: ProcessorsFor<typeof csvJobs> = {
    'catalog.import-csv': ({ importId }, { signal }) => importing.run(importId, signal),
    'catalog.export-csv': ({ exportId }, { signal }) => exports.run(exportId, signal),
    'catalog.sweep-csv': (_payload, { signal }) => sweep(signal),
  };
  return {
    csvTransfers: createCsvTransfers({ mongo, outbox, imports, exports, ...ports }),
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
