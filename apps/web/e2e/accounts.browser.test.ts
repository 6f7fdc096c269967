import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, visit } from './browser.ts';
import { browseShop, fillSignIn, linkInMail } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const EMAIL = 'ada@example.test';
const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'another battery staple';

describe.skipIf(browserPath() === undefined)('an account, from a browser', () => {
  let shop: BrowsedShop;

  beforeAll(async () => {
    shop = await browseShop();
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const linkTo = (path: string): Promise<string> => linkInMail(shop.web, EMAIL, path);

  it('is made, and its address confirmed by the link in the mailbox', async () => {
    const { page, web } = shop;
    await page.goto(`${web.url}/register`);
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByTestId('account-menu').waitFor();
    await page.goto(`${web.url}/account/profile`);
    await page.getByText('Not confirmed').waitFor();

    await page.goto(await linkTo('/verify-email'));
    await page.getByRole('button', { name: 'Confirm my address' }).click();
    await page.getByText('Thank you, your address is confirmed.').waitFor();
    expect(page.url()).toBe(`${web.url}/verify-email`);
    await page.goto(`${web.url}/account/profile`);
    await page.getByText('Confirmed', { exact: true }).waitFor();
  });

  it('keeps an address that the checkout proposes', async () => {
    const { page, web } = shop;
    await page.goto(`${web.url}/account/addresses`);
    await page.getByRole('button', { name: 'Add an address' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Full name').fill('Ada Lovelace');
    await dialog.getByLabel('Street and number').fill('12 Analytical Row');
    await dialog.getByLabel('Postal code').fill('97201');
    await dialog.getByLabel('City').fill('Portland');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const card = page.getByRole('article', { name: 'Ada Lovelace, 12 Analytical Row' });
    await card.getByText('Shipping').waitFor();

    await page.goto(`${web.url}/p/oak-stool`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    // Leaving the page before would take the call back.
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.goto(`${web.url}/checkout`);
    await expect.poll(() => page.getByLabel('Street and number').inputValue()).toBe('12 Analytical Row');
  });

  it('hands out a copy of its data', async () => {
    const { page, web } = shop;
    await page.goto(`${web.url}/account/data`);
    await page.getByRole('button', { name: 'Put a copy together' }).click();
    const begun = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Download/ }).click();
    expect((await begun).suggestedFilename()).toBe('my-data.json');
  });

  it('gets a new password by mail, which signs out this browser', async () => {
    const { page, web, browser } = shop;
    const { page: other } = await visit(browser);
    await other.goto(`${web.url}/sign-in`);
    await other.getByRole('link', { name: 'Forgot your password?' }).click();
    // The page that is left asks for an e-mail address too.
    await other.waitForURL('**/forgot-password');
    await other.getByRole('button', { name: 'Send me the link' }).waitFor();
    await other.getByLabel('E-mail').fill(EMAIL);
    await other.getByRole('button', { name: 'Send me the link' }).click();
    await other.getByText('a mail is on its way').waitFor();
    await other.goto(await linkTo('/reset-password'));
    await other.getByLabel('New password').fill(NEW_PASSWORD);
    await other.getByRole('button', { name: 'Change password' }).click();
    await other.getByText('Your password is changed.').waitFor();
    await other.getByRole('link', { name: 'Sign in' }).first().click();
    await other.getByLabel('E-mail').fill(EMAIL);
    await other.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByTestId('account-menu').waitFor();

    await page.goto(`${web.url}/account/profile`);
    await page.waitForURL(/\/sign-in/);
  });

  it('is removed, and kept after all', async () => {
    const { web, browser, faults } = shop;
    const { page: other } = await visit(browser);
    await fillSignIn(other, `${web.url}/sign-in?next=/account/data`, { email: EMAIL, password: NEW_PASSWORD });
    await other.getByRole('button', { name: 'Remove my account' }).click();
    const dialog = other.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(NEW_PASSWORD);
    await dialog.getByRole('button', { name: 'Remove my account' }).click();
    await other.waitForURL(/\/sign-in|\/$/);
    await other.goto(await linkTo('/keep-account'));
    await other.getByRole('button', { name: 'Keep my account' }).click();
    await other.getByText('Nothing will be deleted.').waitFor();
    expect(faults).toEqual([]);
  });
});
