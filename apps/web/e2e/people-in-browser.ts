import type { Cartwright } from '@cartwright/sdk';
import { TEST_PASSWORD } from '@cartwright/testapp';
import type { TestShopOptions } from '@cartwright/testapp';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser, visit } from './browser.ts';
import { createWebShop } from './web-shop.ts';
import type { WebShop } from './web-shop.ts';

/** A shop with its web app, a browser, and a visitor in it. */
export interface BrowsedShop extends AsyncDisposable {
  readonly web: WebShop;
  readonly browser: Browser;
  readonly page: Page;
  /** What went wrong on the visitor's pages. */
  readonly faults: readonly string[];
}

/** Starts a shop that sells stools, and a browser. */
export async function browseShop(options: TestShopOptions = {}): Promise<BrowsedShop> {
  const products = [{ slug: 'oak-stool', title: 'Oak stool', price: 8_900, stock: 9 }];
  const web = await createWebShop({ products, ...options });
  const browser = await launchBrowser();
  return {
    web,
    browser,
    ...(await visit(browser)),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await web[Symbol.asyncDispose]();
    },
  };
}

export const emailOf = ({ session }: Cartwright): string => session.current()?.user.email ?? '';

interface SignIn {
  email: string;
  password?: string;
}

/** Fills in the form for signing in on the page that is open and sends it off. */
export async function sendSignIn(page: Page, { email, password = TEST_PASSWORD }: SignIn): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Goes to a page that asks for signing in, fills in the form and sends it off. */
export async function fillSignIn(page: Page, address: string, person: SignIn): Promise<void> {
  await page.goto(address);
  await sendSignIn(page, person);
}

/** Signs somebody in on the way to a page of the shop. */
export const signInFor = ({ url }: WebShop, page: Page, path: string, person: Cartwright): Promise<void> =>
  fillSignIn(page, `${url}/sign-in?next=${encodeURIComponent(path)}`, { email: emailOf(person) });

/** The address of the link in the latest mail to somebody that leads to a page; waits for the mail. */
export async function linkInMail({ url, shop }: WebShop, email: string, path: string): Promise<string> {
  const link = new RegExp(`${url}${path}#[\\w-]+`);
  let found = '';
  await expect
    .poll(
      async () => {
        const texts = (await shop.mailbox.messages(email)).map(({ text }) => text);
        found = texts.map((text) => link.exec(text)?.[0]).find((match) => match !== undefined) ?? '';
        return found;
      },
      { timeout: 20_000 },
    )
    .not.toBe('');
  return found;
}
