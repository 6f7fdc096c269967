import { createTestShop } from '@cartwright/testapp';
import { newIdempotencyKey, uploadFile, type Cartwright } from '@cartwright/sdk';
import { expect, it } from 'vitest';

const PATIENT = { timeout: 60_000, interval: 100 };
const COUNT = 400;

const head = 'slug,sku,title,price,initial_stock,status\n';
const rows = Array.from(
  { length: COUNT },
  (_, place) => `file-${place},FILE-${place},Product ${place},12.50,3,active\n`,
);

async function imported(admin: Cartwright, text: string, dryRun = false) {
  const { uploadId } = await uploadFile(admin, new Blob([text], { type: 'text/csv' }), { purpose: 'catalog_import' });
  return admin.api.admin.products.importCsv.mutate({ uploadId, dryRun, idempotencyKey: newIdempotencyKey() });
}

it('a file of products is imported once, though its worker is killed, and an export of them changes nothing', async () => {
  await using shop = await createTestShop();
  const admin = await shop.admin();
  const { products } = admin.api.admin;
  const statusOf = (importId: string) => products.importStatus.query({ importId });

  const wrong = await imported(admin, `${head}${rows.join('')}last,LAST,Last,-1,,\n`);
  await expect.poll(async () => (await statusOf(wrong.id)).state, PATIENT).toBe('refused');
  expect((await statusOf(wrong.id)).errors).toMatchObject([{ line: COUNT + 2, column: 'price' }]);

  const { id } = await imported(admin, head + rows.join(''));
  await expect.poll(async () => (await statusOf(id)).applied, PATIENT).toBeGreaterThan(5);
  await shop.restart('worker', 0, 'kill');
  expect((await statusOf(id)).state).toBe('applying');
  await expect.poll(async () => (await statusOf(id)).state, { ...PATIENT, timeout: 150_000 }).toBe('done');
  expect(await statusOf(id)).toMatchObject({ applied: COUNT, created: COUNT, updated: 0, unchanged: 0, skipped: 0 });

  const { catalog, inventory } = shop.inside.services;
  const variants = await catalog.variantIdsBySku(rows.map((_, place) => `FILE-${place}`));
  expect(variants.size).toBe(COUNT);
  const levels = await inventory.levels([...variants.values()]);
  expect([...levels.values()].every(({ onHand, version }) => onHand === 3 && version === 1)).toBe(true);

  const { id: exportId } = await products.exportCsv.mutate({});
  await expect.poll(async () => (await products.exportStatus.query({ exportId })).state, PATIENT).toBe('done');
  const { url = '' } = await products.exportStatus.query({ exportId });
  const answer = await fetch(url);
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; .*products-/);
  const again = await imported(admin, await answer.text());
  await expect.poll(async () => (await statusOf(again.id)).state, PATIENT).toBe('done');
  // The lamp of the test shop is there, too.
  expect(await statusOf(again.id)).toMatchObject({ created: 0, updated: 0, unchanged: COUNT + 1 });

  const customer = await shop.customer();
  await expect(customer.api.admin.products.exportCsv.mutate({})).rejects.toMatchObject({ reason: 'FORBIDDEN' });
}, 300_000);
