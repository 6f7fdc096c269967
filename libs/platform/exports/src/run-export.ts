import { PostponeError } from '@cartwright/platform-queue';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import type { FilesPort } from '../catalog.ports.ts';
import { ATTRIBUTES_MAX } from './csv-columns.ts';
import { exportHead, exportLines } from './csv-export.ts';
import { exportKey } from './csv-transfers.ts';
import type { TransferRepository } from './transfer-repository.ts';

/** Products that are held at once. */
export const EXPORT_PAGE = 100;
/** As often as two jobs try: an export that nobody could write by then is asked for again. */
const ATTEMPTS_MAX = 10;

/** Doing exports. */
export function createExportRun({
  exports,
  products,
  files,
  clock,
}: {
  exports: Pick<TransferRepository['exports'], 'begin' | 'letGo' | 'tell' | 'finish'>;
  products: Pick<ProductAdminRepository, 'livingAfter' | 'livingCount' | 'attributeNames'>;
  files: Pick<FilesPort, 'write'>;
  clock: () => Date;
}) {
  async function work(id: string, signal: AbortSignal): Promise<void> {
    const attributes = (await products.attributeNames()).toSorted().slice(0, ATTRIBUTES_MAX);
    const total = await products.livingCount();
    let count = 0;

    async function* pieces(): AsyncGenerator<Buffer> {
      yield Buffer.from(exportHead(attributes));
      for (let after = ''; ;) {
        // Somebody else begins it anew: a file is there whole or not at all.
        if (signal.aborted) throw new PostponeError('The export is interrupted');
        const page = await products.livingAfter(after, EXPORT_PAGE);
        if (page.length > 0) yield Buffer.from(page.map((product) => exportLines(product, attributes)).join(''));
        count += page.length;
        await exports.tell(id, { products: count, total, changedAt: clock() });
        after = page.at(-1)?._id ?? after;
        if (page.length < EXPORT_PAGE) return;
      }
    }

    await files.write({ key: exportKey(id), contentType: 'text/csv; charset=utf-8' }, pieces());
    await exports.finish(id, { state: 'done', products: count, total: count, changedAt: clock() });
  }

  return {
    /**
     * Writes all living products, drafts included, to the export's place, page by page, and tells how far it is; from the
     * beginning when it runs again. Rejects when a store is away; after many tries the export has failed.
     */
    async run(id: string, signal: AbortSignal): Promise<void> {
      const doc = await exports.begin(id, clock());
      if (!doc) return;
      if (doc.attempts > ATTEMPTS_MAX) return void (await exports.finish(id, { state: 'failed', changedAt: clock() }));
      try {
        await work(id, signal);
      } catch (error) {
        // A worker that ends in order is no try that failed.
        if (error instanceof PostponeError) await exports.letGo(id);
        throw error;
      }
    },
  };
}
