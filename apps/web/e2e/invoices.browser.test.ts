import { readFile } from 'node:fs/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPath, visit } from './browser.ts';
import { browseShop, signInFor } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

describe.skipIf(browserPath() === undefined)('the documents of an order', () => {
  let browsed: BrowsedShop;

  beforeAll(async () => {
    browsed = await browseShop();
  }, 180_000);
  afterAll(() => browsed?.[Symbol.asyncDispose]());

  /** Downloads a document, and answers its name on the disk and what it says it is. */
  async function download(page: Page, number: string): Promise<[string, string | undefined]> {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Download ${number}` }).click(),
    ]);
    const pdf = (await readFile(await file.path())).toString('latin1');
    return [file.suggestedFilename(), /^%PDF-[^]*?\(((?:Invoice|Credit note) [A-Z]+-\d+)\)/.exec(pdf)?.[1]];
  }

  it('come to the page of the buyer who pays, and of the staff who refund', async () => {
    const { web, browser, page, faults } = browsed;
    const { shop } = web;
    const buyer = await shop.customer();
    const { order, payment } = await shop.order(buyer, { quantity: 2 });
    await signInFor(web, page, `/orders/${order.id}`, buyer);
    await page.getByRole('heading', { name: `Order ${order.number}` }).waitFor();
    expect(await page.getByTestId('document').count()).toBe(0);

    await shop.pay(payment.url ?? '');
    await page.getByTestId('document').getByText('Invoice INV-000001').waitFor({ timeout: 30_000 });
    expect(await download(page, 'INV-000001')).toEqual(['INV-000001.pdf', 'Invoice INV-000001']);

    const admin = await shop.admin();
    const lines = [{ lineId: order.lines[0]?.lineId ?? '', quantity: 1 }];
    const wish = { orderId: order.id, lines, reason: 'It wobbled', idempotencyKey: newIdempotencyKey() };
    await admin.api.admin.orders.refund.mutate(wish);
    await page.getByTestId('document').getByText('Credit note CN-000001').waitFor({ timeout: 30_000 });
    expect(await download(page, 'CN-000001')).toEqual(['CN-000001.pdf', 'Credit note CN-000001']);
    expect(faults).toEqual([]);

    const office = await visit(browser);
    await signInFor(web, office.page, `/admin/orders/${order.id}`, admin);
    await vi.waitFor(async () => expect(await office.page.getByTestId('document').count()).toBe(2), {
      timeout: 30_000,
    });
    expect(await download(office.page, 'INV-000001')).toEqual(['INV-000001.pdf', 'Invoice INV-000001']);
    expect(office.faults).toEqual([]);
    await office.context.close();
  }, 180_000);
});
