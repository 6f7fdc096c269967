import { randomBytes } from 'node:crypto';
import { TEST_PASSWORD } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { browserPath, overflowOf, shoot, visit } from './browser.ts';
import { browseShop, emailOf, fillSignIn } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const email = `buyer-${randomBytes(6).toString('hex')}@example.test`;

describe.skipIf(browserPath() === undefined)('a purchase in a browser', () => {
  let browsed: BrowsedShop;
  let total = '';
  let orderNumber = '';

  beforeAll(async () => {
    browsed = await browseShop({
      products: [
        { slug: 'oak-stool', title: 'Oak stool', price: 8_900, salePrice: 7_900, stock: 4 },
        { slug: 'brass-lamp', title: 'Brass lamp', price: 12_900, stock: 0 },
      ],
    });
  }, 180_000);
  afterAll(() => browsed?.[Symbol.asyncDispose]());

  it('goes from the shelf over the payment page to an order that turns paid by itself', async () => {
    const { page, faults, web } = browsed;
    const { shop, url } = web;
    const coupons = (await shop.admin()).api.admin.coupons;
    const brief = await coupons.create.mutate({
      code: 'BRIEF',
      discount: { kind: 'percentage', basisPoints: 1_000 },
      includeSaleItems: true,
    });

    await page.goto(url);
    await page.getByRole('link', { name: 'Oak stool' }).first().click();
    await page.getByText('$79.00').first().waitFor();
    await page.getByText('Only 4 left').waitFor();
    await page.getByRole('button', { name: 'One more' }).click();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 2 items' }).click();
    await page.getByTestId('total').getByText('$158.00').waitFor();

    // A coupon nobody gave out is refused in words.
    await page.getByLabel('Coupon code').fill('NOBODY');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('We don’t know this code').waitFor();
    await page.getByLabel('Coupon code').fill('BRIEF');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByTestId('total').getByText('$142.20').waitFor();

    await page.getByTestId('to-checkout').click();
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(TEST_PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();

    // Registered, signed in, and back where the cart was going, with the guest's articles.
    await page.waitForURL(`${url}/checkout`);
    await page.getByText('Oak stool').waitFor();
    await fillAddress(page);
    await page.getByRole('radio', { name: /Standard/ }).click();
    // The coupon ends between the price and the click: the price without it is shown, and the next click agrees to that.
    await page.getByText('-$15.80').waitFor();
    await page.locator('[data-testid=place-order]:enabled').waitFor();
    await coupons.setActive.mutate({ id: brief.id, active: false });
    await page.getByTestId('place-order').click();
    await page.getByTestId('price-changed').getByText('Your coupon doesn’t count any more').waitFor();
    await page.getByTestId('coupon-not-counted').waitFor();
    await shoot(page, 'checkout-coupon');
    total = (await page.getByTestId('total').textContent()) ?? '';
    await page.getByTestId('place-order').click();

    // The hosted page of the payment provider, with the worker away: the order stays pending until it is back.
    await page.waitForURL((address) => address.href.startsWith(shop.stripe.url));
    await page.getByText(total).first().waitFor();
    await shop.workers[0]?.stop();
    await page.getByTestId('pay').click();

    await page.waitForURL(/\/orders\/[^/?]+\?payment=success$/);
    await page.getByTestId('order-state').getByText('Waiting for payment').waitFor();
    await page.getByTestId('live-badge').getByText('Live').waitFor();
    await page.evaluate('window.sameDocument = true');
    orderNumber = /CW-\w{8}/.exec((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')?.[0] ?? '';

    await shop.startWorker();
    await page.getByTestId('order-state').getByText('Paid', { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByTestId('order-headline').getByText('Paid. Thank you!').waitFor();
    await page.getByTestId('payment-status').getByText('Paid').waitFor();
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    expect(await page.getByTestId('total').textContent()).toBe(total);

    await page.getByRole('link', { name: 'Your orders' }).first().click();
    await page.locator('main').getByRole('link', { name: orderNumber }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows the shop’s staff the order and its revenue, and nobody else', async () => {
    const { browser, web } = browsed;
    const { page, faults, context } = await visit(browser);
    const admin = await web.shop.admin();
    await fillSignIn(page, `${web.url}/admin`, { email: emailOf(admin) });
    await page.waitForURL(`${web.url}/admin`);
    // Revenue comes by event, a moment after the payment.
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByTestId('overview-revenue').textContent();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe(total);
    expect(await page.getByTestId('overview-orders').textContent()).toBe('1');
    expect(await page.getByTestId('overview-units').textContent()).toBe('2');
    // Among what sold best; it may be named elsewhere on the page too.
    await page.getByRole('link', { name: 'Oak stool' }).first().waitFor();

    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByLabel('Order number or e-mail').fill(orderNumber);
    const row = page.getByTestId('admin-order').filter({ hasText: orderNumber });
    await row.getByText('Paid').first().waitFor();
    await row.getByText(email).waitFor();
    await page.getByRole('link', { name: orderNumber }).click();
    await page.getByTestId('timeline').waitFor();

    await page.getByRole('link', { name: 'Coupons' }).click();
    await page.getByRole('button', { name: 'New coupon' }).click();
    await page.getByLabel('Code').fill('thanks10');
    await page.getByRole('textbox', { name: 'Percent' }).fill('10');
    await page.getByRole('button', { name: 'Create coupon' }).click();
    await page.getByTestId('coupon-row').getByText('10 % off').waitFor();
    expect(faults).toEqual([]);
    await context.close();

    const buyer = await visit(browser);
    await fillSignIn(buyer.page, `${web.url}/admin`, { email });
    await buyer.page.getByText('This door is for the shop’s staff').waitFor();
    await buyer.context.close();
  }, 120_000);

  it('says when live updates are lost, and recovers without a word', async () => {
    const { browser, web } = browsed;
    const { page, context } = await visit(browser);
    const { shop, url } = web;
    await fillSignIn(page, `${url}/sign-in?next=/orders`, { email });
    await page.locator('main').getByRole('link', { name: orderNumber }).click();
    await page.getByTestId('live-badge').getByText('Live').waitFor();

    const api = shop.apis[0];
    const port = Number(new URL(api?.url ?? '').port);
    await api?.stop();
    await page.getByTestId('connection-banner').waitFor();
    await shop.startApi(port);
    await page.getByTestId('live-badge').getByText('Live').waitFor({ timeout: 30_000 });
    await page.getByTestId('connection-banner').waitFor({ state: 'detached' });
    await context.close();
  }, 120_000);

  it('fits a phone and can be used by keyboard', async () => {
    const { browser, web } = browsed;
    const { page, faults, context } = await visit(browser, { phone: true });
    for (const path of [
      '/',
      '/products',
      '/c/things',
      '/search?q=oak',
      '/p/oak-stool',
      '/p/brass-lamp',
      '/cart',
      '/sign-in',
      '/nowhere',
    ]) {
      await page.goto(web.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await overflowOf(page), path).toBe(0);
      // Also where nothing is, there is a way on.
      await page.getByRole('banner').waitFor();
    }
    await page.goto(web.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to content' }).waitFor({ state: 'visible' });
    await page.getByLabel('Search the shop').locator('visible=true').fill('stool');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\?q=stool/);
    await page.getByRole('link', { name: 'Oak stool' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);
});

async function fillAddress(page: Page): Promise<void> {
  await page.getByLabel('Street and number').fill('1 Compiler Court');
  await page.getByLabel('Postal code').fill('97201');
  await page.getByLabel('City').fill('Portland');
  await page.getByLabel('State or region').fill('OR');
}
