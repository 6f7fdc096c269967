import type { Cartwright } from '@cartwright/sdk';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, launchBrowser, visit } from './browser.ts';
import { signInFor } from './people-in-browser.ts';
import { createWebShop } from './web-shop.ts';
import type { WebShop } from './web-shop.ts';

describe.skipIf(browserPath() === undefined)('pages that follow the shop', () => {
  let web: WebShop;
  let browser: Browser;
  let buyer: Cartwright;
  let buyerPages: BrowserContext;
  let buyerPage: Page;

  beforeAll(async () => {
    web = await createWebShop({
      products: [
        { slug: 'oak-stool', title: 'Oak stool', price: 8_900, stock: 9 },
        { slug: 'last-lamp', title: 'Last lamp', price: 2_000, stock: 1 },
      ],
    });
    browser = await launchBrowser();
    buyer = await web.shop.customer();
    ({ context: buyerPages, page: buyerPage } = await visit(browser));
    await signInFor(web, buyerPage, '/', buyer);
    await buyerPage.getByTestId('account-menu').waitFor();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await web?.[Symbol.asyncDispose]();
  });

  it('ring the bell when an order is paid, on every tab, till it is read on one', async () => {
    const other = await buyerPages.newPage();
    await other.goto(`${web.url}/account/notifications`);
    await other.getByText('No notifications yet').waitFor();

    const { order, payment } = await web.shop.order(buyer, { slug: 'oak-stool' });
    await web.shop.pay(payment.url ?? '');
    await buyerPage.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    await other.getByTestId('bell-badge').getByText('1').waitFor();
    await other.getByTestId('notification').getByText(`Order ${order.number} is paid`).waitFor();

    await buyerPage.getByRole('link', { name: `Order ${order.number} is paid` }).click();
    await buyerPage.waitForURL(`${web.url}/orders/${order.id}`);
    await other.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
    await other.getByRole('button', { name: /^Mark as read/ }).waitFor({ state: 'detached' });
    await other.close();
  });

  it('show what happened to an order while the connection was away', async () => {
    const { order, payment } = await web.shop.order(buyer, { slug: 'oak-stool' });
    await buyerPage.goto(`${web.url}/orders/${order.id}`);
    await buyerPage.getByTestId('live-badge').getByText('Live').waitFor();

    const [api] = web.shop.apis;
    await api?.stop();
    await buyerPage.getByTestId('connection-banner').waitFor();
    await web.shop.pay(payment.url ?? '').catch(() => undefined);
    await web.shop.startApi(Number(new URL(api?.url ?? '').port));
    await buyerPage.getByTestId('connection-banner').waitFor({ state: 'detached', timeout: 30_000 });
    await buyerPage.getByTestId('order-state').getByText('Paid', { exact: true }).waitFor({ timeout: 30_000 });
  });

  it('take a product that somebody else bought off sale, on its page and in lists', async () => {
    const { page, context, faults } = await visit(browser);
    const list = await context.newPage();
    await Promise.all([page.goto(`${web.url}/p/last-lamp`), list.goto(`${web.url}/products`)]);
    await page.getByRole('button', { name: 'Add to cart' }).waitFor();
    const card = list.getByTestId('product-card').filter({ hasText: 'Last lamp' });
    await card.getByText('$20.00').waitFor();

    await web.shop.order(buyer, { slug: 'last-lamp', paymentMethod: 'cash_on_delivery' });
    const button = page.getByRole('button', { name: 'Sold out' });
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    await card.getByText('Sold out').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('let administrators see new orders come, and try a dead letter again', async () => {
    const { page, context, faults } = await visit(browser);
    await signInFor(web, page, '/admin/orders', await web.shop.admin());
    await page.getByTestId('live-badge').getByText('Live').waitFor();
    const rows = page.getByTestId('admin-order');
    await rows.first().waitFor();
    const before = await rows.count();
    await web.shop.order(buyer, { slug: 'oak-stool', paymentMethod: 'cash_on_delivery' });
    await page.getByTestId('new-orders').getByText('1 new order').waitFor();
    expect(await rows.count()).toBe(before);
    await page.getByTestId('new-orders').click();
    await rows.nth(before).waitFor();

    const redis = new Redis(web.shop.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null });
    const mail = new Queue('mail', { connection: redis, prefix: `${web.shop.env['REDIS_PREFIX']}:queue` });
    const job = await mail.add('mail.deliver', { to: 'ada@example.test' });
    await page.getByRole('link', { name: 'Jobs' }).click();
    const letter = page.getByTestId('dead-letter');
    await letter.getByRole('button', { name: /^mail.deliver/ }).click();
    await letter.getByText('"[hidden]"').waitFor();
    // What made it fail is mended: it is of a mail that isn't there any more, which is no failure.
    await job.updateData({ mailId: '507f1f77bcf86cd799439011', attempt: 1 });
    await letter.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await page.getByText('1 job tried again').waitFor();
    await page.getByText('Every job got done').waitFor();
    await expect.poll(() => mail.getFailedCount()).toBe(0);
    expect(faults).toEqual([]);
    await mail.close();
    redis.disconnect();
    await context.close();
  });

  it('show in the list of orders what happened while it was read again', async () => {
    const { order, payment } = await web.shop.order(buyer, { slug: 'oak-stool' });
    const { page, context, faults } = await visit(browser);
    await signInFor(web, page, '/admin/orders', await web.shop.admin());
    await page.getByTestId('live-badge').getByText('Live').waitFor();
    const row = page.getByTestId('admin-order').filter({ hasText: order.number });
    await row.getByText('Waiting for payment').locator('visible=true').waitFor();
    await page.waitForLoadState('networkidle');

    const { promise: mayCome, resolve: letCome } = Promise.withResolvers<void>();
    const { promise: isAnswered, resolve: answered } = Promise.withResolvers<void>();
    let reads = 0;
    await page.route(
      ({ pathname }) => pathname.includes('admin.orders.list'),
      async (route) => {
        const response = await route.fetch();
        reads += 1;
        answered();
        if (reads === 1) await mayCome;
        await route.fulfill({ response });
      },
    );
    const menu = page.getByRole('navigation', { name: 'Dashboard' });
    await menu.getByRole('link', { name: 'Products' }).click();
    await page.getByRole('heading', { name: 'Products' }).waitFor();
    await menu.getByRole('link', { name: 'Orders' }).click();
    await isAnswered;
    await web.shop.pay(payment.url ?? '');
    // Told at once; what is on its way is older.
    const isPaid = () => row.getByText('Paid', { exact: true }).locator('visible=true').first().waitFor();
    await isPaid();
    letCome();
    await expect.poll(() => reads, { timeout: 30_000 }).toBeGreaterThan(1);
    await isPaid();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('stay in the dashboard where it has no such page, and ask strangers to sign in', async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${web.url}/admin/no-such-page`);
    await page.waitForURL(/sign-in/);
    await signInFor(web, page, '/admin/no-such-page', await web.shop.admin());
    await page.getByRole('heading', { name: 'This page took another road' }).waitFor();
    await page.getByRole('navigation', { name: 'Dashboard' }).waitFor();
    await page.getByRole('link', { name: 'Back to the dashboard' }).click();
    await page.waitForURL(`${web.url}/admin`);
    await page.goto(`${web.url}/no-such-page`);
    await page.getByRole('link', { name: 'Back to the shop' }).waitFor();
    await context.close();
  });
});
