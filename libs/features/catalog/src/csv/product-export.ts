import type { ExportContent, ExportKind, ExportPage } from '@cartwright/platform-exports';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import { ATTRIBUTES_MAX } from './csv-columns.ts';
import { exportHead, exportLines } from './csv-export.ts';
import { csvExportRequested } from './transfer.events.ts';
import { exportCsvJob } from './transfer.jobs.ts';

/** Products that are held at once. */
const PAGE = 100;

/** All of them: there is nothing to choose. */
export type ProductWish = Record<string, never>;

/** Files of all living products, drafts included. */
export function productExport({
  products,
}: {
  products: Pick<ProductAdminRepository, 'livingAfter' | 'livingCount' | 'attributeNames'>;
}): ExportKind<ProductWish> {
  async function* pages(attributes: readonly string[]): AsyncGenerator<ExportPage> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await products.livingAfter(after, PAGE);
      if (page.length > 0) {
        yield { text: page.map((product) => exportLines(product, attributes)).join(''), count: page.length };
      }
      after = page.length < PAGE ? undefined : page.at(-1)?._id;
    }
  }

  async function open(): Promise<ExportContent> {
    const attributes = (await products.attributeNames()).toSorted().slice(0, ATTRIBUTES_MAX);
    return { head: exportHead(attributes), total: await products.livingCount(), pages: pages(attributes) };
  }

  return { name: 'products', collection: 'csv_exports', requested: csvExportRequested, job: exportCsvJob, open };
}
