import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { browserPath, shoot, visit } from './browser.ts';
import { browseShop, signInFor } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

describe.skipIf(browserPath() === undefined)('an order in the office', () => {
  let browsed: BrowsedShop;

  beforeAll(async () => {
    const products = [{ slug: 'oak-stool', title: 'Oak stool', price: 8_900, stock: 10 }];
    browsed = await browseShop({ products });
  }, 180_000);
  afterAll(() => browsed?.[Symbol.asyncDispose]());

  it('is sent, and a part of its money is given back with the piece on the shelf again', async () => {
    const { web, browser, page, faults } = browsed;
    const { shop } = web;
    const buyer = await shop.customer();
    const { order, payment } = await shop.order(buyer, { quantity: 3 });
    await shop.pay(payment.url ?? '');
    await vi.waitFor(
      async () => expect(await buyer.api.orders.byId.query({ orderId: order.id })).toMatchObject({ status: 'paid' }),
      { timeout: 30_000, interval: 500 },
    );
    const admin = await shop.admin();
    await signInFor(web, page, `/admin/orders/${order.id}`, admin);

    await page.getByRole('button', { name: 'Start preparing' }).click();
    await page.getByRole('button', { name: 'Send a parcel' }).click();
    await page.getByLabel('Carrier').fill('DHL');
    await page.getByLabel('Tracking number').fill('JD014600');
    await page.getByLabel('Pieces of Oak stool').fill('1');
    await page.getByRole('button', { name: 'Send the parcel' }).click();
    await page.getByTestId('parcel').getByText('DHL · JD014600').waitFor();
    await page.getByRole('button', { name: 'Send a parcel' }).click();
    await page.getByLabel('Carrier').fill('DHL');
    await page.getByLabel('Tracking number').fill('JD014601');
    await page.getByLabel('Pieces of Oak stool').fill('1');
    await page.getByRole('button', { name: 'Send the parcel' }).click();

    // One of the parcels arrives; the other is under way still.
    const [first, second] = ['JD014600', 'JD014601'].map((number) =>
      page.getByTestId('parcel').filter({ hasText: number }),
    );
    await page.getByRole('button', { name: 'All 2 parcels have arrived' }).waitFor();
    await shoot(page, 'order-parcels');
    await second?.getByRole('button', { name: 'Mark JD014601 delivered' }).click();
    await second?.getByText(/^Arrived/).waitFor();
    await first?.getByText(/^Sent/).waitFor();
    await page.getByRole('button', { name: 'It has arrived' }).waitFor();

    await page.getByRole('button', { name: 'Refund' }).click();
    const dialog = page.getByTestId('refund-dialog');
    await dialog.getByLabel('Pieces of Oak stool').fill('1');
    await dialog.getByLabel('Why').fill('It wobbled');
    await dialog.getByTestId('refund-preview').getByText('$96.12').first().waitFor();
    const sent = await held(page, 'admin.orders.refund');
    await dialog.getByRole('button', { name: 'Give it back' }).click();
    await expectLocked(dialog);
    sent.resolve();
    await page.getByTestId('refund').getByText('Paid back').waitFor({ timeout: 30_000 });
    await page.getByTestId('refund').getByText('It wobbled').waitFor();
    await page.getByTestId('payment-status').getByText('Partly refunded').waitFor();

    const variantIds = [...shop.variants.values()];
    // Two were sent, the third went back on the shelf instead of into a parcel.
    await vi.waitFor(
      async () => {
        const { items } = await admin.api.admin.products.stockLevels.query({ variantIds });
        expect(items).toMatchObject([{ onHand: 8, reserved: 0 }]);
      },
      { timeout: 30_000 },
    );

    await page.getByRole('textbox', { name: 'Note' }).fill('Sorry for the wobble');
    await page.getByRole('button', { name: 'Keep the note' }).click();
    await page.getByTestId('timeline').getByText('Sorry for the wobble').waitFor();
    await page.getByRole('button', { name: 'It has arrived' }).click();
    await first?.getByText(/^Arrived/).waitFor();
    expect(faults).toEqual([]);

    const orderId = order.id;
    const visitor = await visit(browser);
    await signInFor(web, visitor.page, `/orders/${orderId}`, buyer);
    await visitor.page.getByRole('button', { name: 'Return something' }).click();
    const ask = visitor.page.getByRole('dialog');
    await ask.getByLabel('Pieces of Oak stool').press('ArrowUp');
    await ask.getByLabel('Why').fill('Too small');
    const asked = await held(visitor.page, 'orders.requestReturn');
    await ask.getByRole('button', { name: 'Ask for it' }).click();
    await expectLocked(ask);
    asked.resolve();
    await visitor.page.getByText('We look at it and answer soon.').waitFor();
    const { returnRequests } = await admin.api.admin.orders.byId.query({ orderId });
    expect(returnRequests).toMatchObject([{ reason: 'Too small', status: 'asked' }]);
    expect(visitor.faults).toEqual([]);
    await visitor.context.close();
  }, 180_000);
});

/** Holds what the page sends to a procedure until it is let go. */
async function held(page: Page, procedure: string): Promise<{ resolve: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(
    ({ pathname }) => pathname.endsWith(`/${procedure}`),
    async (route) => {
      await promise;
      await route.continue();
    },
  );
  return { resolve };
}

/** While something is sent nothing of it can be changed: that would be another intent, and be sent again. */
async function expectLocked(dialog: Locator): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await dialog.getByLabel('Why').isDisabled()).toBe(true);
      expect(await dialog.getByLabel('Pieces of Oak stool').isDisabled()).toBe(true);
    },
    { timeout: 30_000 },
  );
}
