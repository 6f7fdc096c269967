import { TEST_PASSWORD } from '@cartwright/testapp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPath, overflowOf, visit } from './browser.ts';
import { browseShop, sendSignIn } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const email = 'guest@example.test';

describe.skipIf(browserPath() === undefined)('a guest in a browser', () => {
  let browsed: BrowsedShop;

  beforeAll(async () => {
    browsed = await browseShop();
  }, 180_000);
  afterAll(() => browsed?.[Symbol.asyncDispose]());

  /** The latest link to an order that was mailed to the guest, besides those that are known. */
  const mailedLink = (known: readonly string[] = []): Promise<string> =>
    vi.waitFor(
      async () => {
        const texts = (await browsed.web.shop.mailbox.messages(email)).map(({ text }) => text ?? '');
        const links = texts.flatMap((text) => /http\S+\/orders\/\S+#[\w-]{43}/.exec(text)?.[0] ?? []);
        const link = links.find((candidate) => !known.includes(candidate));
        if (link === undefined) throw new Error('No link was mailed yet');
        return link;
      },
      { timeout: 20_000, interval: 200 },
    );

  it('orders without an account, comes back by the mailed link, asks for another, and keeps the order in an account', async () => {
    const { browser, web } = browsed;
    const { shop, url } = web;
    const { page, faults, context } = await visit(browser, { phone: true });
    await page.goto(`${url}/p/oak-stool`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).waitFor();
    await page.goto(`${url}/cart`);
    await page.getByTestId('to-checkout').click();
    // The button is far below what is missing, which is gone to.
    await page.getByTestId('place-order').click();
    await page.getByText('We need your e-mail address for the order').waitFor();
    expect(await page.evaluate('document.activeElement.type')).toBe('email');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Full name').fill('Gast');
    await page.getByLabel('Street and number').fill('1 Compiler Court');
    await page.getByLabel('Postal code').fill('97201');
    await page.getByLabel('City').fill('Portland');
    await page.getByRole('radio', { name: /Standard/ }).click();
    expect(await page.getByRole('radio', { name: /Cash/ }).count()).toBe(0);
    await page.getByTestId('place-order').click();
    await page.waitForURL((address) => address.href.startsWith(shop.stripe.url));
    await page.getByTestId('pay').click();
    await page.waitForURL(/\/orders\/[^/?]+\?payment=success$/);
    await page.getByTestId('order-state').getByText('Paid', { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByTestId('guest-order').getByText(email).waitFor();
    const number = /CW-\w{8}/.exec((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')?.[0] ?? '';
    expect(await overflowOf(page)).toBe(0);
    expect(faults).toEqual([]);
    await context.close();

    // On another device: by the link, whose token leaves the address at once.
    const link = await mailedLink();
    const other = await visit(browser);
    await other.page.goto(link);
    await other.page.getByRole('heading', { name: `Order ${number}` }).waitFor();
    expect(other.page.url()).toBe(link.split('#')[0]);
    await other.page.reload();
    await other.page.getByRole('heading', { name: `Order ${number}` }).waitFor();
    await other.context.close();

    // Whoever has no link is led to where another one is asked for.
    const lost = await visit(browser);
    await lost.page.goto(link.split('#')[0] ?? '');
    await lost.page.waitForURL(`${url}/find-order`);
    await lost.page.getByLabel('Order number').fill(number.toLowerCase());
    await lost.page.getByLabel('E-mail').fill(email);
    await lost.page.getByRole('button', { name: 'Send me the link' }).click();
    await lost.page.getByText('a mail with a link is on its way').waitFor();
    await lost.page.goto(await mailedLink([link]));
    await lost.page.getByRole('link', { name: 'Sign in to keep it' }).click();

    const account = { email: 'keeper@example.test', password: TEST_PASSWORD, name: 'Keeper' };
    await shop.inside.services.accounts.createCustomer(account);
    await sendSignIn(lost.page, account);
    await lost.page.getByRole('button', { name: 'Add it to my account' }).click();
    await lost.page.getByTestId('guest-order').waitFor({ state: 'detached' });
    await lost.page.goto(`${url}/orders`);
    await lost.page.locator('main').getByRole('link', { name: number }).waitFor();
    expect(lost.faults).toEqual([]);
    await lost.context.close();
  }, 180_000);
});
