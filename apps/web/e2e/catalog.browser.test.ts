import { timeLimit } from '@cartwright/testkit';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, shoot, visit } from './browser.ts';
import { browseShop, emailOf, fillSignIn } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

describe.skipIf(browserPath() === undefined)('the catalog, from the browser of somebody of the staff', () => {
  let shop: BrowsedShop;

  beforeAll(async () => {
    shop = await browseShop();
    const { page, web } = shop;
    await fillSignIn(page, `${web.url}/sign-in?next=/admin/products`, { email: emailOf(await web.shop.admin()) });
    await page.getByRole('search', { name: 'Filter the products' }).waitFor();
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  it('gets a brand and a category, which keep their order and can be taken away again', async () => {
    const { page, web, faults } = shop;
    await page.goto(`${web.url}/admin/brands`);
    await page.getByRole('button', { name: 'New brand' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Töpferei Süd');
    await expect.poll(() => dialog.getByLabel('Web address').inputValue()).toBe('topferei-sud');
    await dialog.getByRole('button', { name: 'Create brand' }).click();
    await page.getByTestId('brand').filter({ hasText: 'Töpferei Süd' }).waitFor();

    await page.goto(`${web.url}/admin/categories`);
    const rows = page.getByTestId('category');
    const add = async (name: string, open: () => Promise<void>): Promise<void> => {
      await open();
      await dialog.getByLabel('Name').fill(name);
      await dialog.getByRole('button', { name: 'Create category' }).click();
      await rows.filter({ hasText: name }).waitFor();
      await dialog.waitFor({ state: 'detached' });
    };
    await add('Tableware', () => page.getByRole('button', { name: 'New category' }).click());
    for (const name of ['Cups', 'Bowls']) {
      await add(name, async () => {
        await page.getByRole('button', { name: 'More for Tableware' }).click();
        await page.getByRole('menuitem', { name: 'Add a category below' }).click();
      });
    }
    await page.getByRole('button', { name: 'Move Bowls up' }).click();
    const names = async () => (await rows.allTextContents()).filter((text) => /Tableware|Cups|Bowls/.test(text));
    await expect
      .poll(names)
      .toEqual([
        expect.stringContaining('Tableware'),
        expect.stringContaining('Bowls'),
        expect.stringContaining('Cups'),
      ]);
    await page.getByRole('button', { name: 'More for Tableware' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByText('Something still uses this').waitFor();
    await page.getByRole('button', { name: 'More for Bowls' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await rows.filter({ hasText: 'Bowls' }).waitFor({ state: 'detached' });
    await page.getByText('Removed', { exact: true }).click();
    await page.getByRole('button', { name: 'Restore Bowls' }).click();
    await page.getByText('Nothing was removed').waitFor();
    expect(faults).toEqual([]);
  });

  it('gets a product with two versions, which shoppers do not see before it is published', async () => {
    const { page, web, browser, faults } = shop;
    await page.goto(`${web.url}/admin/products`);
    await page.getByRole('link', { name: 'New product' }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Zephyr cup');
    await expect.poll(() => page.getByLabel('Web address').inputValue()).toBe('zephyr-cup');
    await page.getByLabel('Description').fill('Thrown by hand.');
    await page.getByRole('combobox', { name: 'Categories' }).fill('Cups');
    await page.getByRole('option', { name: 'Tableware › Cups' }).click();
    await page.getByRole('combobox', { name: 'Brand' }).fill('Töpf');
    await page.getByRole('option', { name: 'Töpferei Süd' }).click();

    await page.getByRole('button', { name: 'Add an option' }).click();
    await page.getByRole('textbox', { name: 'Option' }).fill('Size');
    await page.getByRole('combobox', { name: 'Values' }).fill('Small');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Large');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add the 2 missing ones' }).click();
    const version = (number: number) => page.getByRole('group', { name: `Version ${number}` });
    await version(1).getByLabel('SKU').fill('ZEPHYR-S');
    await version(1).getByRole('textbox', { name: 'Price', exact: true }).fill('18.5');
    await version(1).getByLabel('In the house').fill('7');
    await version(2).getByLabel('SKU').fill('ZEPHYR-S');
    await version(2).getByRole('textbox', { name: 'Price', exact: true }).fill('24');
    await version(2).getByLabel('Sale price').fill('30');
    await page.getByRole('button', { name: 'Create product' }).click();
    await version(2).getByText('Not above the price').waitFor();
    await version(2).getByText('This SKU stands twice').waitFor();
    await version(2).getByLabel('SKU').fill('ZEPHYR-L');
    await version(2).getByLabel('Sale price').fill('21');
    await version(2).getByLabel('In the house').fill('4');
    await page.getByRole('button', { name: 'Create product' }).click();
    await page.waitForURL(/\/admin\/products\/[0-9a-f]{24}$/);

    const { page: shopper, context, faults: theirFaults } = await visit(browser);
    await shopper.goto(`${web.url}/p/zephyr-cup`);
    await shopper.getByRole('heading', { name: 'This product is gone' }).waitFor();
    await context.close();

    await page.getByText('Active', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Zephyr tea cup');
    await page.getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'In the shop' }).waitFor();

    await page.getByRole('button', { name: 'Stock', exact: true }).click();
    const small = page.getByRole('dialog').getByRole('region', { name: 'ZEPHYR-S' });
    await small.getByRole('button', { name: 'What happened to it' }).click();
    await small.getByTestId('stock-movement').getByText('First stock').waitFor();
    await shoot(page, 'stock-movements');
    await page.keyboard.press('Escape');
    await small.waitFor({ state: 'detached' });

    expect([...faults, ...theirFaults]).toEqual([]);
  });

  it('is found in the shop at once, while typing and by searching, and the chosen version goes into the cart', async () => {
    const { web, browser } = shop;
    const { page, context, faults } = await visit(browser);
    await page.goto(web.url);
    const box = page.getByRole('searchbox', { name: 'Search the shop' });
    await box.fill('zeph');
    await page
      .getByRole('listbox', { name: 'Suggestions' })
      .getByRole('option', { name: /Zephyr tea cup/ })
      .waitFor();
    // A letter is missing.
    await box.fill('zephr cup');
    await box.press('Enter');
    await page.waitForURL('**/search?q=zephr*cup');
    const card = page.getByTestId('product-card').filter({ hasText: 'Zephyr tea cup' });
    await card.getByText('$18.50').waitFor();
    await card.getByRole('link', { name: 'Zephyr tea cup' }).click();
    await page.waitForURL(`${web.url}/p/zephyr-cup`);
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Cups' }).waitFor();
    await page.getByRole('radio', { name: 'Large' }).click();
    await page.getByText('$21.00').first().waitFor();
    await page.getByText('Only 4 left').waitFor();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).click();
    const line = page.getByTestId('cart-line');
    await line.getByText('Size: Large').waitFor();
    await line.getByText('$21.00').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows a price that staff change in pages that are open, within a second', async () => {
    const { page, web, browser, faults } = shop;
    const { page: shopper, context, faults: theirFaults } = await visit(browser);
    await shopper.goto(`${web.url}/p/zephyr-cup`);
    await shopper.getByText('$18.50').first().waitFor();
    const list = await context.newPage();
    await list.goto(`${web.url}/c/cups`);
    await list.getByTestId('product-card').getByText('$18.50').waitFor();
    for (const opened of [shopper, list]) await opened.evaluate('window.sameDocument = true');

    await page
      .getByRole('group', { name: 'Version 1' })
      .getByRole('textbox', { name: 'Price', exact: true })
      .fill('17');
    const saved = page.waitForResponse((response) => response.url().includes('admin.products.update'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await saved;
    await Promise.all([
      shopper
        .getByText('$17.00')
        .first()
        .waitFor({ timeout: timeLimit(1_000) }),
      list
        .getByTestId('product-card')
        .getByText('$17.00')
        .waitFor({ timeout: timeLimit(1_000) }),
    ]);
    for (const opened of [shopper, list]) expect(await opened.evaluate('window.sameDocument')).toBe(true);
    expect([...faults, ...theirFaults]).toEqual([]);
    await context.close();
  });

  it('tells of two who change a product at once the second', async () => {
    const { page, web, faults } = shop;
    const admin = await web.shop.admin();
    const [{ id } = { id: '' }] = (await admin.api.admin.products.list.query({ query: 'zephyr' })).items;
    await page.goto(`${web.url}/admin/products/${id}`);
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Mine');
    await admin.api.admin.products.update.mutate({ id, title: 'Theirs' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Someone else changed this').waitFor();
    await page.getByRole('button', { name: 'Show what it is now' }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe('Theirs');
    expect(faults).toEqual([]);
  });

  it('comes as a file, which is looked at before it is imported', async () => {
    const { page, web, faults } = shop;
    await page.goto(`${web.url}/admin/products/files`);
    const card = page.getByRole('region', { name: 'Import' });
    const send = (rows: string) =>
      card.locator('input[type=file]').setInputFiles({
        ...{ name: 'products.csv', mimeType: 'text/csv' },
        buffer: Buffer.from(`slug,sku,title,price,status\n${rows}`),
      });
    await send('file-cup,FILE-CUP,File cup,-1,active\n');
    await card.getByTestId('import-problem').filter({ hasText: 'A price like 12.50' }).waitFor();
    await send('file-cup,FILE-CUP,File cup,9.50,active\n');
    await card.getByText('1 product would be created, 0 changed, 0 left as they are.').waitFor();
    await card.getByRole('button', { name: 'Import it' }).click();
    await card.getByText('1 product was created, 0 changed, 0 left as they are.').waitFor();
    await page.goto(`${web.url}/admin/products?q=file`);
    await page.getByRole('link', { name: 'File cup' }).waitFor();

    await page.goto(`${web.url}/admin/products/files`);
    await page.getByRole('button', { name: 'Prepare a file' }).click();
    await page.getByRole('link', { name: /^Download \d+ products$/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it('fits on a phone', async () => {
    const { web, browser } = shop;
    const { page: phone, context, faults } = await visit(browser, { phone: true });
    await fillSignIn(phone, `${web.url}/sign-in?next=/admin/products`, { email: emailOf(await web.shop.admin()) });
    const fits = () => phone.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
    const row = phone.getByTestId('admin-product').filter({ hasText: 'Theirs' });
    await row.getByText(/^\d+ in stock$/).waitFor();
    const rightOf = async (of: Locator): Promise<number> => {
      const box = await of.boundingBox();
      return (box?.x ?? Number.NaN) + (box?.width ?? 0);
    };
    // What can be done is seen without moving the table in its frame.
    const frame = phone.getByRole('table', { name: 'Products' }).locator('..');
    expect(await rightOf(row.getByRole('button', { name: /^More for / }))).toBeLessThan(await rightOf(frame));
    await phone.getByRole('link', { name: 'Theirs' }).click();
    await phone.getByRole('group', { name: 'Version 2' }).waitFor();
    expect(await fits()).toBe(true);
    await phone.goto(`${web.url}/admin/categories`);
    await phone.getByTestId('category').first().waitFor();
    expect(await fits()).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });
});
