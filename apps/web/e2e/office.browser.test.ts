import type { Cartwright } from '@cartwright/sdk';
import { TEST_ADDRESS } from '@cartwright/testapp';
import mongoose from 'mongoose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, overflowOf, shoot, visit } from './browser.ts';
import { browseShop, emailOf, signInFor } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

/** What staff wait for to come to their pages by itself. */
const LIVE = { timeout: 30_000 };

describe.skipIf(browserPath() === undefined)('the office, from the browsers of buyers and staff', () => {
  let shop: BrowsedShop;
  let admin: Cartwright;
  let buyer: Cartwright;

  beforeAll(async () => {
    shop = await browseShop();
    admin = await shop.web.shop.admin();
    buyer = await shop.web.shop.customer();
    await signInFor(shop.web, shop.page, '/admin/orders', admin);
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  /** An order of stools that arrived and was paid for at the door. */
  async function arrived(quantity: number) {
    const { order } = await shop.web.shop.order(buyer, { quantity, paymentMethod: 'cash_on_delivery' });
    const { orders } = admin.api.admin;
    const orderId = order.id;
    await orders.startProcessing.mutate({ orderId });
    await orders.ship.mutate({ orderId, carrier: 'DHL', trackingNumber: 'JD014600' });
    await orders.recordPayment.mutate({ orderId });
    await orders.markDelivered.mutate({ orderId });
    return order;
  }

  const lineOf = (order: { lines: { lineId: string }[] }): string => order.lines[0]?.lineId ?? '';

  it('hears of a return by itself, accepts it, takes the piece back and gives its money back', async () => {
    const { web, browser, page, faults } = shop;
    // The list adds no rows by itself.
    const order = await arrived(3);
    const followed = mostFollowed(page);
    await page.goto(`${web.url}/admin/orders`);
    await page.getByTestId('live-badge').getByText('Live').waitFor(LIVE);
    const row = page.getByTestId('admin-order').filter({ hasText: order.number });
    await row.getByText('Delivered').first().waitFor(LIVE);
    expect(await page.getByTestId('returns-waiting').count()).toBe(0);

    const visitor = await visit(browser, { phone: true });
    await signInFor(web, visitor.page, `/orders/${order.id}`, buyer);
    await visitor.page.getByRole('button', { name: 'Return something' }).click();
    const ask = visitor.page.getByRole('dialog');
    const pieces = ask.getByLabel('Pieces of Oak stool');
    // As people type: what stands there is typed over, and more than there are is not taken.
    for (const [typed, stands] of [
      ['2', '2'],
      ['1', '1'],
      ['9', '1'],
    ] as const) {
      await pieces.click();
      await visitor.page.keyboard.type(typed);
      expect(await pieces.inputValue()).toBe(stands);
    }
    await ask.getByText('of 3').waitFor();
    await ask.getByRole('textbox', { name: 'Why' }).fill('Too small');
    await shoot(visitor.page, 'ask-return-phone');
    await ask.getByRole('button', { name: 'Ask for it' }).click();
    const wish = visitor.page.getByTestId('return-request');
    await wish.getByText('Waits for an answer').waitFor();

    await page.getByTestId('returns-waiting').getByText('1').waitFor(LIVE);
    await row.getByText('Return requested').waitFor(LIVE);
    await page.getByText('Return requested · 1').click();
    await page.waitForURL(/returns=asked/);
    await expect.poll(() => page.getByTestId('admin-order').count(), { timeout: 10_000 }).toBe(1);
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const file = await page.getByRole('link', { name: 'Download 1 order' }).getAttribute('href');
    expect(await (await fetch(file ?? '')).text()).toContain(`\r\n${order.number},`);
    await shoot(page, 'orders-returns');
    await row.getByRole('link', { name: order.number }).click();
    const request = page.getByTestId('return-request');
    await request.getByText('Too small').waitFor();
    // By the list, the order's page and the menu together.
    expect(followed()).toBe(1);
    await request.getByRole('button', { name: 'Accept' }).click();
    const answer = page.getByRole('dialog', { name: 'Accept this return?' });
    await answer.getByRole('textbox', { name: 'To the buyer' }).fill('Use the old box');
    await shoot(page, 'return-accept');
    await answer.getByRole('button', { name: 'Accept', exact: true }).click();
    await request.getByText('Accepted').waitFor();
    await page.getByTestId('returns-waiting').waitFor({ state: 'detached', ...LIVE });
    await wish.getByText('The shop: Use the old box').waitFor(LIVE);
    await shoot(visitor.page, 'return-answered-phone');

    await request.getByRole('button', { name: 'It came back' }).click();
    const back = page.getByRole('dialog', { name: `What came back of ${order.number}` });
    expect(await back.getByLabel('Pieces of Oak stool').inputValue()).toBe('1');
    await back.getByRole('button', { name: 'They are back' }).click();
    const refund = page.getByTestId('refund-dialog');
    await refund.getByTestId('refund-preview').getByText('$96.12').first().waitFor();
    expect(await refund.getByLabel('Pieces of Oak stool').inputValue()).toBe('1');
    expect(await refund.getByRole('textbox', { name: 'Why' }).inputValue()).toBe('Return: Too small');
    // Whether it goes on sale again was said when it came.
    await refund.getByRole('switch', { name: 'All that is left' }).waitFor();
    expect(await refund.getByRole('checkbox').count()).toBe(0);
    await shoot(page, 'return-refund');
    await refund.getByRole('button', { name: 'Give it back' }).click();
    await page.getByTestId('refund').getByText('Paid back').waitFor(LIVE);
    await page.getByText('1 came back').waitFor();
    await expect.poll(() => request.getByRole('button').count(), { timeout: 10_000 }).toBe(0);
    const seen = await admin.api.admin.orders.byId.query({ orderId: order.id });
    expect(seen.lines).toMatchObject([{ progress: { returned: 1, refunded: 1, returnable: 2 } }]);
    expect([...faults, ...visitor.faults]).toEqual([]);
    await visitor.context.close();
  }, 180_000);

  it('gives the money of an accepted return back at once where it wants to, and declines another with a reason', async () => {
    const { web, browser, page, faults } = shop;
    const order = await arrived(2);
    const orderId = order.id;
    const ask = (reason: string) =>
      buyer.api.orders.requestReturn.mutate({ orderId, lines: [{ lineId: lineOf(order), quantity: 1 }], reason });
    await ask('Too small');
    await ask('Too brown');
    await page.goto(`${web.url}/admin/orders/${orderId}`);
    const requests = page.getByTestId('return-request');
    const small = requests.filter({ hasText: 'Too small' });
    await small.getByRole('button', { name: 'Accept' }).click();
    const accept = page.getByRole('dialog', { name: 'Accept this return?' });
    await accept.getByRole('button', { name: 'Accept and refund' }).click();
    const refund = page.getByTestId('refund-dialog');
    await refund.getByTestId('refund-preview').getByText('$96.12').first().waitFor();
    await refund.getByRole('button', { name: 'Give it back' }).click();
    await page.getByTestId('refund').getByText('Paid back').waitFor(LIVE);
    // Its money is back, and the piece may still come.
    await small.getByRole('button', { name: 'It came back' }).waitFor();
    await expect.poll(() => small.getByRole('button').count(), { timeout: 10_000 }).toBe(1);
    await small.getByRole('button', { name: 'It came back' }).click();
    const back = page.getByRole('dialog', { name: `What came back of ${order.number}` });
    await back.getByRole('button', { name: 'They are back' }).click();
    await page.getByText('1 came back').waitFor();
    await back.waitFor({ state: 'detached' });
    // Nor is it paid twice.
    expect(await refund.count()).toBe(0);
    await expect.poll(() => small.getByRole('button').count(), { timeout: 10_000 }).toBe(0);

    const brown = requests.filter({ hasText: 'Too brown' });
    await brown.getByRole('button', { name: 'Decline' }).click();
    const decline = page.getByRole('dialog', { name: 'Decline this return?' });
    expect(await decline.getByRole('button', { name: 'Decline' }).isDisabled()).toBe(true);
    await decline.getByRole('textbox', { name: 'Why' }).fill('It is as in the picture');
    await decline.getByRole('button', { name: 'Decline' }).click();
    await brown.getByText('Declined').waitFor();
    await shoot(page, 'order-returns');

    const visitor = await visit(browser);
    await signInFor(web, visitor.page, `/orders/${orderId}`, buyer);
    await visitor.page.getByTestId('return-request').getByText('The shop: It is as in the picture').waitFor();
    expect([...faults, ...visitor.faults]).toEqual([]);
    await visitor.context.close();
  }, 180_000);

  it('takes selected orders one step further, and says what became of each', async () => {
    const { web, browser, page, faults } = shop;
    const place = async () => (await web.shop.order(buyer, { quantity: 1, paymentMethod: 'cash_on_delivery' })).order;
    const [first, second, third] = [await place(), await place(), await place()];
    await admin.api.admin.orders.startProcessing.mutate({ orderId: second.id });
    await page.goto(`${web.url}/admin/orders?status=pending`);
    const rows = page.getByTestId('admin-order');
    await rows.filter({ hasText: first.number }).waitFor();
    await page.getByRole('checkbox', { name: 'Select all orders of this page' }).check();
    await page.getByText('3 selected').waitFor();
    const boxOf = ({ number }: { number: string }) => page.getByRole('checkbox', { name: `Select ${number}` });
    await boxOf(third).uncheck();
    await page.getByText('2 selected').waitFor();
    await shoot(page, 'orders-selected');
    // Its answer waits until something else is selected.
    const answer = Promise.withResolvers<void>();
    const BULK = /admin\.orders\.bulk/;
    await page.route(BULK, async (route) => {
      const response = await route.fetch();
      await answer.promise;
      await route.fulfill({ response });
    });
    const steps = page.getByRole('group', { name: 'What to do with the selected orders' });
    await steps.getByRole('button', { name: 'Start preparing' }).click();
    await boxOf(first).uncheck();
    await boxOf(third).check();
    answer.resolve();
    const outcomes = page.getByTestId('bulk-outcomes');
    await outcomes.getByText('1 of 2 went one step further').waitFor();
    expect((await outcomes.getByRole('listitem').allTextContents()).toSorted()).toEqual(
      [`${first.number} Being prepared`, `${second.number} That’s no longer possible for this order.`].toSorted(),
    );
    await page.unroute(BULK);
    await rows.filter({ hasText: first.number }).getByText('Being packed').waitFor();
    await page.getByText('1 selected').waitFor();
    expect(await boxOf(third).isChecked()).toBe(true);
    await shoot(page, 'orders-outcomes');
    await steps.getByRole('button', { name: 'Select none' }).click();
    await steps.waitFor({ state: 'detached' });

    await boxOf(first).check();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Canceled' }).click();
    await page.getByText('No order matches').waitFor();
    expect(await steps.count()).toBe(0);

    const phone = await visit(browser, { phone: true });
    await signInFor(web, phone.page, '/admin/orders', admin);
    await phone.page.getByTestId('admin-order').first().waitFor();
    expect(await overflowOf(phone.page)).toBe(0);
    // What has no room beside the number stands below it.
    const small = phone.page.getByTestId('admin-order').filter({ hasText: first.number });
    await small.getByText(emailOf(buyer)).locator('visible=true').waitFor();
    await small.getByTestId('order-state').locator('visible=true').waitFor();
    await phone.page.getByRole('checkbox', { name: `Select ${first.number}` }).check();
    await phone.page.getByText('1 selected').waitFor();
    await shoot(phone.page, 'orders-phone');
    expect([...faults, ...phone.faults]).toEqual([]);
    await phone.context.close();
  }, 180_000);

  it('offers no refund of an order that another system was paid for, and says so while it is owed', async () => {
    const { web, page, faults } = shop;
    const { items } = await admin.api.admin.products.list.query({ query: 'oak' });
    const { variants } = await admin.api.admin.products.byId.query({ id: items[0]?.id ?? '' });
    const bring = async (reference: string, state: 'delivered' | 'refunded') => {
      await web.shop.inside.importOrders([
        {
          ...{ reference, state, customerEmail: emailOf(buyer), placedAt: new Date('2026-01-01T12:00:00Z') },
          lines: [{ sku: variants[0]?.sku ?? '', quantity: 1 }],
          ...{ shippingAddress: TEST_ADDRESS, shippingMethod: 'standard', paymentMethod: 'stripe_checkout' },
        },
      ]);
      const [imported] = (await buyer.api.orders.list.query({ limit: 1 })).items;
      await page.goto(`${web.url}/admin/orders/${imported?.id ?? ''}`);
      await page.getByRole('heading', { name: `Order ${imported?.number ?? ''}` }).waitFor();
      return imported;
    };
    const imported = await bring('old-1', 'delivered');
    await page.getByText('Paid through another system').waitFor();
    await page.getByRole('button', { name: 'Something came back' }).waitFor();
    expect(await page.getByRole('button', { name: 'Refund' }).count()).toBe(0);
    await shoot(page, 'order-imported');
    // Of one whose money is back there is nothing to do.
    const returned = await bring('old-2', 'refunded');
    expect(returned?.paymentStatus).toBe('refunded');
    expect(returned?.id).not.toBe(imported?.id);
    expect(await page.getByText('Paid through another system').count()).toBe(0);
    expect(faults).toEqual([]);
  }, 60_000);

  it('compares its books when asked to, and leads to what does not add up', async () => {
    const { web, browser, page, faults } = shop;
    await page.goto(`${web.url}/admin/reconciliation`);
    await page.getByText('There is no report yet').waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    const card = page.getByTestId('reconciliation-card');
    await card.getByText('Everything adds up').waitFor({ timeout: 60_000 });
    await page.getByTestId('reconciliation-report').getByText('Adds up').waitFor(LIVE);

    const variantId = web.shop.variants.get('oak-stool') ?? '';
    const database = await mongoose.createConnection(web.shop.env['MONGODB_URI'] ?? '').asPromise();
    const levels = database.collection<{ _id: string }>('stock_levels');
    expect((await levels.updateOne({ _id: variantId }, { $inc: { onHand: 1 } })).modifiedCount).toBe(1);
    await database.close();
    await page.getByRole('button', { name: 'Run now' }).click();
    await card.getByText('1 difference found').waitFor({ timeout: 60_000 });
    await page.getByTestId('reconciliation-report').getByText('1 difference').waitFor(LIVE);
    expect(await page.getByTestId('reconciliation-report').count()).toBe(2);
    await shoot(page, 'reconciliation');

    await page.goto(`${web.url}/admin`);
    const notice = page.getByTestId('reconciliation-notice');
    await notice.getByText('The last reconciliation found 1 difference.').waitFor();
    await notice.getByRole('link', { name: 'See the report' }).click();
    await page.waitForURL(/\/admin\/reconciliation\?report=/);
    await page.getByTestId('difference').getByRole('link', { name: 'See the product' }).click();
    await page.waitForURL(/\/admin\/products\/[0-9a-f]{24}$/);

    const phone = await visit(browser, { phone: true });
    await signInFor(web, phone.page, '/admin/reconciliation', admin);
    await phone.page.getByTestId('difference').waitFor();
    expect(await overflowOf(phone.page)).toBe(0);
    await shoot(phone.page, 'reconciliation-phone');
    expect([...faults, ...phone.faults]).toEqual([]);
    await phone.context.close();
  }, 240_000);
});

/** How many times at once a page's connection follows the orders of the shop, at most. */
function mostFollowed(page: Page): () => number {
  let most = 0;
  page.on('websocket', (socket) => {
    const ids = new Set<unknown>();
    socket.on('framesent', ({ payload }) => {
      const text = String(payload);
      if (!/^[[{]/.test(text)) return;
      for (const { id, method, params } of [JSON.parse(text) as Sent | Sent[]].flat()) {
        if (method === 'subscription.stop') ids.delete(id);
        if (method === 'subscription' && params?.path === 'admin.orders.onActivity') ids.add(id);
      }
      most = Math.max(most, ids.size);
    });
    // One that the server ended is begun anew.
    socket.on('framereceived', ({ payload }) => {
      const text = String(payload);
      if (!/^[[{]/.test(text)) return;
      for (const { id, error, result } of [JSON.parse(text) as Received | Received[]].flat()) {
        if (error !== undefined || result?.type === 'stopped') ids.delete(id);
      }
    });
  });
  return () => most;
}

interface Sent {
  id?: unknown;
  method?: string;
  params?: { path?: string };
}

interface Received {
  id?: unknown;
  error?: unknown;
  result?: { type?: string };
}
