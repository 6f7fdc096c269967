import { TEST_PASSWORD } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser } from 'playwright-core';
import { browserPath, launchBrowser, visit } from './browser.ts';
import { createWebShop } from './web-shop.ts';
import type { WebShop } from './web-shop.ts';

describe.skipIf(browserPath() === undefined)('an order in the office', () => {
  let web: WebShop;
  let browser: Browser;

  beforeAll(async () => {
    web = await createWebShop({ products: [{ slug: 'oak-stool', title: 'Oak stool', price: 8_900, stock: 10 }] });
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await web?.[Symbol.asyncDispose]();
  });

  it('is sent, and a part of its money is given back with the piece on the shelf again', async () => {
    const { shop, url } = web;
    const buyer = await shop.customer();
    const { order, payment } = await shop.order(buyer, { quantity: 2 });
    await shop.pay(payment.url ?? '');
    await vi.waitFor(
      async () => expect(await buyer.api.orders.byId.query({ orderId: order.id })).toMatchObject({ status: 'paid' }),
      { timeout: 30_000, interval: 500 },
    );
    const admin = await shop.admin();
    const { page, faults, context } = await visit(browser);
    await page.goto(`${url}/admin/orders/${order.id}`);
    await page.getByLabel('E-mail').fill(admin.session.current()?.user.email ?? '');
    await page.getByRole('textbox', { name: 'Password' }).fill(TEST_PASSWORD);
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('button', { name: 'Start preparing' }).click();
    await page.getByRole('button', { name: 'Send a parcel' }).click();
    await page.getByLabel('Carrier').fill('DHL');
    await page.getByLabel('Tracking number').fill('JD014600');
    await page.getByLabel('Pieces of Oak stool').fill('1');
    await page.getByRole('button', { name: 'Send the parcel' }).click();
    await page.getByTestId('parcel').getByText('DHL · JD014600').waitFor();

    await page.getByRole('button', { name: 'Refund' }).click();
    const dialog = page.getByTestId('refund-dialog');
    await dialog.getByLabel('Pieces of Oak stool').fill('1');
    await dialog.getByLabel('Why').fill('It wobbled');
    await dialog.getByTestId('refund-preview').getByText('$96.12').first().waitFor();
    await dialog.getByRole('button', { name: 'Give it back' }).click();
    await page.getByTestId('refund').getByText('Paid back').waitFor({ timeout: 30_000 });
    await page.getByTestId('refund').getByText('It wobbled').waitFor();
    await page.getByTestId('payment-status').getByText('Partly refunded').waitFor();

    const variantIds = [...shop.variants.values()];
    const { items } = await admin.api.admin.products.stockLevels.query({ variantIds });
    // One is on its way, the other went back on the shelf instead of into a parcel.
    expect(items).toMatchObject([{ onHand: 9, reserved: 0 }]);

    await page.getByLabel('Note').fill('Sorry for the wobble');
    await page.getByRole('button', { name: 'Keep the note' }).click();
    await page.getByTestId('timeline').getByText('Sorry for the wobble').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);
});
