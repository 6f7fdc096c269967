import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, overflowOf, shoot, visit } from './browser.ts';
import { browseShop, signInFor } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

describe.skipIf(browserPath() === undefined)('coupons and settings in a browser', () => {
  let browsed: BrowsedShop;

  beforeAll(async () => {
    browsed = await browseShop();
  }, 180_000);
  afterAll(() => browsed?.[Symbol.asyncDispose]());

  async function enter(path: string, options: { phone?: boolean } = {}) {
    const { browser, web } = browsed;
    const visitor = await visit(browser, options);
    const admin = await web.shop.admin();
    await signInFor(web, visitor.page, path, admin);
    return { ...visitor, admin };
  }

  it('shows what a coupon came to, changes it and deletes it', async () => {
    const { web } = browsed;
    const { shop } = web;
    const admin = await shop.admin();
    const { id } = await admin.api.admin.coupons.create.mutate({
      code: 'OAK',
      discount: { kind: 'percentage', basisPoints: 1_000 },
    });
    const buyer = await shop.customer();
    const { order } = await shop.order(buyer, { slug: 'oak-stool', coupon: 'oak' });
    const { page, faults, context } = await enter(`/admin/coupons/${id}`);
    await page.getByTestId('coupon-use').getByText(order.number).waitFor();
    await page.getByTestId('coupon-usage').getByText('$8.90').waitFor();
    await shoot(page, 'coupon');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Uses in all').fill('5');
    await page.getByLabel('Categories', { exact: true }).first().click();
    await page.getByRole('option').first().click();
    await shoot(page, 'coupon-edit');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByTestId('coupon-usage').getByText('1 of 5').waitFor();
    const changed = await admin.api.admin.coupons.byId.query({ id });
    expect(changed).toMatchObject({ totalLimit: 5, categoryIds: [expect.any(String)], redeemed: 1, version: 2 });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the coupon' }).click();
    await page.waitForURL(`${web.url}/admin/coupons`);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it('changes shipping and tax, which the next quote goes by', async () => {
    const { web } = browsed;
    const { shop } = web;
    const { page, faults, context, admin } = await enter('/admin/settings');
    await page.getByTestId('shop-currency').getByText('USD').waitFor();
    await page.getByRole('button', { name: 'Edit Standard shipping' }).click();
    await page.getByRole('textbox', { name: 'Price' }).fill('7.50');
    await page.getByRole('button', { name: 'Save', exact: true }).last().click();
    await page.getByTestId('shipping-method').getByText('$7.50').waitFor();
    await page.getByRole('textbox', { name: 'Rate of Standard' }).fill('10');
    await page.getByTestId('tax-rate').filter({ hasText: 'Standard' }).getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await admin.api.admin.tax.rates.list.query()).items.find(({ id }) => id === 'standard'))
      .toMatchObject({ basisPoints: 1_000 });
    await page.getByRole('textbox', { name: 'Stock is held for' }).fill('30');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText('The limits are saved.').waitFor();
    expect(await admin.api.admin.settings.get.query()).toMatchObject({ stockHoldSeconds: 1_800 });
    await shoot(page, 'settings');
    expect(faults).toEqual([]);
    await context.close();

    const { order } = await shop.order(await shop.customer(), { slug: 'oak-stool' });
    expect(order.pricing.shipping?.amount).toEqual({ amount: 750, currency: 'USD' });
    const phone = await enter('/admin/settings', { phone: true });
    await phone.page.getByTestId('shipping-method').first().waitFor();
    expect(await overflowOf(phone.page)).toBe(0);
    await shoot(phone.page, 'settings-phone');
    await phone.context.close();
  }, 120_000);
});
