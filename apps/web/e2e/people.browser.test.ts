import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, visit } from './browser.ts';
import { browseShop, emailOf, fillSignIn, linkInMail } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const GRACE = 'grace@example.test';
const REASON = 'Three parcels refused';

describe.skipIf(browserPath() === undefined)('people, from the browser of an administrator', () => {
  let shop: BrowsedShop;

  beforeAll(async () => {
    shop = await browseShop();
    const { page, web } = shop;
    await fillSignIn(page, `${web.url}/sign-in?next=/admin/users`, { email: emailOf(await web.shop.admin()) });
    await page.getByRole('search', { name: 'Filter the users' }).waitFor();
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  async function invite(name: string, email: string): Promise<void> {
    const { page } = shop;
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('are found, banned with a reason that they read, and let in again', async () => {
    const { page, web, browser } = shop;
    const buyer = await web.shop.customer();
    const email = emailOf(buyer);
    const paid = await web.shop.order(buyer, { slug: 'oak-stool' });
    await web.shop.pay(paid.payment.url ?? '');
    const { orders } = web.shop.inside.services;
    await expect.poll(async () => (await orders.load(paid.order.id)).status, { timeout: 20_000 }).toBe('paid');
    const unpaid = await web.shop.order(buyer, { slug: 'oak-stool' });

    await page.getByLabel('E-mail or name').fill(email.slice(0, 16));
    const rows = page.getByTestId('person');
    await expect.poll(() => rows.allTextContents()).toEqual([expect.stringContaining(email)]);
    await rows.getByRole('link').click();
    await page.getByText('2: 1 pending, 1 paid, 0 canceled').waitFor();

    const card = page.getByRole('region', { name: 'Ban', exact: true });
    await card.getByRole('button', { name: 'Ban…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(REASON);
    await dialog.getByRole('button', { name: 'Ban now' }).click();
    await card.getByText(/^Banned for good/).waitFor();
    await card.getByText(REASON).waitFor();

    const { page: theirs, context } = await visit(browser);
    await fillSignIn(theirs, `${web.url}/sign-in`, { email });
    await theirs.getByText(REASON).waitFor();
    await expect
      .poll(async () => (await orders.load(unpaid.order.id)).cancelReason, { timeout: 20_000 })
      .toBe('banned');

    const person = page.url();
    await page.goto(`${web.url}/admin/orders/${paid.order.id}`);
    const review = page.getByTestId('order-review');
    await review.getByRole('button', { name: 'Let it go on' }).click();
    await review.waitFor({ state: 'detached' });
    await page.getByTestId('timeline').getByText('No longer held for review').waitFor();

    await page.goto(person);
    await card.getByRole('button', { name: 'Lift the ban' }).click();
    await card.getByText('Not banned.').waitFor();
    await fillSignIn(theirs, `${web.url}/sign-in`, { email });
    await theirs.getByTestId('account-menu').waitFor();
    await context.close();
  });

  it('are invited by mistake, found among the invited, and not invited any more', async () => {
    const { page, web, faults } = shop;
    await page.goto(`${web.url}/admin/users`);
    await invite('Grace Hooper', 'hooper@example.test');
    await page.getByPlaceholder('Any state').click();
    await page.getByRole('option', { name: 'Invited' }).click();
    const row = page.getByTestId('person');
    await row.filter({ hasText: 'hooper@example.test' }).waitFor();
    await row.getByRole('button', { name: 'Withdraw the invitation of Grace Hooper' }).click();
    await page.getByText('Nobody matches').waitFor();
    expect(faults).toEqual([]);
  });

  it('are invited, and begin by the link in their mailbox', async () => {
    const { page, web, browser, faults } = shop;
    await page.goto(`${web.url}/admin/users`);
    await invite('Grace Hopper', GRACE);
    const row = page.getByTestId('person').filter({ hasText: GRACE });
    await row.getByText('Invited').waitFor();

    const { page: hers, faults: herFaults, context } = await visit(browser);
    await hers.goto(await linkInMail(web, GRACE, '/accept-invite'));
    await hers.getByLabel('Password', { exact: true }).fill('nanoseconds of wire');
    await hers.getByRole('button', { name: 'Begin' }).click();
    await hers.waitForURL(`${web.url}/admin/orders`);
    await hers.getByTestId('account-menu').waitFor();

    await page.reload();
    await row.getByText('Staff', { exact: true }).waitFor();
    expect([...faults, ...herFaults]).toEqual([]);
    await context.close();
  });

  it('fit on a phone, and so does what was done to them', async () => {
    const { web, browser } = shop;
    const { page: phone, context, faults } = await visit(browser, { phone: true });
    await fillSignIn(phone, `${web.url}/sign-in?next=/admin/users`, { email: emailOf(await web.shop.admin()) });
    const fits = (table: Locator) =>
      table.evaluate(({ parentElement }) => (parentElement?.scrollWidth ?? 0) <= (parentElement?.clientWidth ?? 0));
    await phone.getByTestId('person').filter({ hasText: GRACE }).getByText('Staff', { exact: true }).waitFor();
    expect(await fits(phone.getByRole('table', { name: 'Users' }))).toBe(true);
    await phone.goto(`${web.url}/admin/audit`);
    await phone.getByTestId('audit-entry').filter({ hasText: 'admin.users.invite' }).first().waitFor();
    expect(await fits(phone.getByRole('table', { name: 'Audit log' }))).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });
});
