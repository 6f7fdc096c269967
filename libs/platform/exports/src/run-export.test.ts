import { PostponeError } from '@cartwright/platform-queue';
import { expect, it } from 'vitest';
import type { ProductDoc } from '../product.model.ts';
import { createExportRun, EXPORT_PAGE } from './run-export.ts';
import type { CsvExportDoc } from './transfer.model.ts';

const clock = () => new Date('2026-06-15T12:00:00Z');
const idOf = (place: number): string => String(place).padStart(8, '0');
const product = (place: number): ProductDoc => ({
  ...{ _id: idOf(place), slug: `product-${place}`, title: `Product ${place}`, description: '', status: 'active' },
  ...{ listed: true, brand: null, categories: [], categoryIds: [], taxClass: 'standard', attributes: [], options: [] },
  ...{ images: [], currency: 'USD', priceFrom: 100, available: true, unitsSold: 0, searchTerms: [], version: 1 },
  variants: [{ id: `v-${place}`, sku: `SKU-${place}`, options: [], price: 100, available: 1, stockVersion: 1 }],
  rating: { sum: 0, count: 0, average: 0 },
  ...{ createdAt: clock(), updatedAt: clock(), deletedAt: null },
});

/** An export of so many products; counts those that were read and whose lines nobody has taken yet. */
function exporting(
  count: number,
  { failAt = Infinity, onPage = () => {} }: { failAt?: number; onPage?: () => void } = {},
) {
  const seen = { held: 0, most: 0, attempts: 0, told: [] as number[], written: undefined as string | undefined };
  let doc: Pick<CsvExportDoc, 'state' | 'products' | 'total'> = { state: 'pending', products: 0, total: 0 };
  const run = createExportRun({
    clock,
    products: {
      attributeNames: async () => [],
      livingCount: async () => count,
      async livingAfter(after, limit) {
        const first = after === '' ? 0 : Number(after) + 1;
        if (first >= failAt) throw new Error('The database is away');
        const page = Array.from({ length: Math.min(limit, count - first) }, (_, place) => product(first + place));
        seen.held += page.length;
        seen.most = Math.max(seen.most, seen.held);
        onPage();
        return page;
      },
    },
    exports: {
      begin: async () => ({ attempts: (seen.attempts += 1) }) as CsvExportDoc,
      letGo: async () => void (seen.attempts -= 1),
      tell: async (_id, change) => void (seen.told.push(change.products), (doc = { ...doc, ...change })),
      finish: async (_id, change) => ((doc = { ...doc, ...change }), true),
    },
    files: {
      async write(_object, pieces) {
        let lines = -1;
        for await (const piece of pieces) {
          const more = Buffer.from(piece).toString().split('\r\n').length - 1;
          seen.held -= lines < 0 ? 0 : more;
          lines += more;
        }
        seen.written = String(lines);
      },
    },
  });
  return { run: (signal = new AbortController().signal) => run.run('x', signal), seen, doc: () => doc };
}

it.each([0, 1, EXPORT_PAGE, 2_050, 5_050])('of %i products never holds more of them than a page', async (count) => {
  const { run, seen, doc } = exporting(count);
  await run();
  expect(seen.written).toBe(String(count));
  expect(seen.most).toBe(Math.min(count, EXPORT_PAGE));
  expect(doc()).toMatchObject({ state: 'done', products: count, total: count });
  expect(seen.told).toEqual(seen.told.toSorted((a, b) => a - b));
  expect(seen.told.length).toBe(Math.floor(count / EXPORT_PAGE) + 1);
});

it('that can not read on writes no file, and is to be tried again', async () => {
  const { run, seen, doc } = exporting(1_000, { failAt: 500 });
  await expect(run()).rejects.toThrow('The database is away');
  expect(seen.written).toBeUndefined();
  expect(doc()).toMatchObject({ state: 'pending', products: 500, total: 1_000 });
  expect(seen.attempts).toBe(1);
});

it('of a worker that ends in order counts as no try', async () => {
  const ending = new AbortController();
  const { run, seen } = exporting(1_000, { onPage: () => ending.abort() });
  await expect(run(ending.signal)).rejects.toBeInstanceOf(PostponeError);
  expect(seen.written).toBeUndefined();
  expect(seen.attempts).toBe(0);
});
