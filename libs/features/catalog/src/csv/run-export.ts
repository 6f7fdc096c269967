import type { FilesPort } from '../catalog.ports.ts';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import { ATTRIBUTES_MAX } from './csv-columns.ts';
import { exportHead, exportLines } from './csv-export.ts';
import { exportKey } from './csv-transfers.ts';
import type { TransferRepository } from './transfer-repository.ts';

const PAGE = 200;
/** As often as two jobs try: an export that nobody could write by then is asked for again. */
const ATTEMPTS_MAX = 10;

/** Doing exports. */
export function createExportRun({
  exports,
  products,
  files,
  clock,
}: {
  exports: TransferRepository['exports'];
  products: Pick<ProductAdminRepository, 'livingAfter' | 'attributeNames'>;
  files: Pick<FilesPort, 'put'>;
  clock: () => Date;
}) {
  return {
    /**
     * Writes all living products, drafts included, to the export's place; anew when it runs again. Rejects when a store is
     * away; after many tries the export has failed.
     */
    async run(id: string): Promise<void> {
      const doc = await exports.begin(id, clock());
      if (!doc) return;
      if (doc.attempts > ATTEMPTS_MAX) return void (await exports.finish(id, { state: 'failed', changedAt: clock() }));
      const attributes = (await products.attributeNames()).toSorted().slice(0, ATTRIBUTES_MAX);
      const pieces = [Buffer.from(exportHead(attributes))];
      let count = 0;
      for (let after = ''; ;) {
        const page = await products.livingAfter(after, PAGE);
        if (page.length > 0) pieces.push(Buffer.from(page.map((product) => exportLines(product, attributes)).join('')));
        count += page.length;
        after = page.at(-1)?._id ?? after;
        if (page.length < PAGE) break;
      }
      await files.put({ key: exportKey(id), body: Buffer.concat(pieces), contentType: 'text/csv; charset=utf-8' });
      await exports.finish(id, { state: 'done', products: count, changedAt: clock() });
    },
  };
}
