import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { browserPath, launchBrowser, visit } from './browser.ts';
import { createWebShop } from './web-shop.ts';
import type { WebShop } from './web-shop.ts';

const product = (number: number, brand: string, colour: string, category: string) => ({
  ...{
    slug: `piece-${number}`,
    title: `Piece ${number}`,
    brand,
    categories: [category],
    attributes: { Colour: colour },
  },
  variants: [{ sku: `PIECE-${number}`, price: 1_000 * (number + 1), stock: number % 5 === 0 ? 0 : 3 }],
});

describe.skipIf(browserPath() === undefined)('pages of products', () => {
  let web: WebShop;
  let browser: Browser;

  beforeAll(async () => {
    web = await createWebShop({ products: [{ slug: 'unlike', title: 'Something else' }] });
    await web.shop.inside.catalogImport.importCatalog({
      categories: [
        { slug: 'lamps', name: 'Lamps' },
        { slug: 'desk-lamps', name: 'Desk lamps', parent: 'lamps' },
        { slug: 'floor-lamps', name: 'Floor lamps', parent: 'lamps' },
      ],
      brands: [
        { slug: 'north', name: 'North' },
        { slug: 'south', name: 'South' },
      ],
      products: Array.from({ length: 30 }, (_, number) =>
        product(
          number,
          number < 20 ? 'north' : 'south',
          ['Red', 'Green', 'Blue'][number % 3] ?? '',
          number % 2 === 0 ? 'desk-lamps' : 'floor-lamps',
        ),
      ),
    });
    const { api } = web.shop.client();
    const counted = async () => (await api.search.products.query({ query: '', category: 'lamps' })).facets?.brands;
    await vi.waitFor(async () => expect(await counted()).toHaveLength(2), { timeout: 30_000 });
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await web?.[Symbol.asyncDispose]();
  });

  const cards = (page: Page) => page.getByTestId('product-card');
  const filters = (page: Page) => page.getByRole('complementary', { name: 'Filters' });
  const count = (page: Page, words: string) => page.getByRole('status').getByText(words, { exact: true }).waitFor();

  it('tell what each choice leaves, keep all choices in the address, and go back through them', async () => {
    const { page, faults, context } = await visit(browser);
    await page.goto(`${web.url}/c/lamps`);
    await count(page, '30 products');
    const panel = filters(page);
    await panel.getByText('North20', { exact: true }).click();
    await page.waitForURL('**/c/lamps?brand=north');
    await count(page, '20 products');
    // What is chosen doesn't narrow its own facet.
    await panel.getByText('South10', { exact: true }).waitFor();
    await panel.getByText('Red7', { exact: true }).click();
    await panel.getByText('Blue6', { exact: true }).click();
    await page.waitForURL('**/c/lamps?brand=north&attr.Colour=Red&attr.Colour=Blue');
    await count(page, '13 products');
    await panel.getByRole('switch').click({ force: true });
    await page.getByRole('combobox', { name: 'Sort by' }).click();
    await page.getByRole('option', { name: 'Price, high to low' }).click();
    await page.waitForURL(/stock=1.*sort=price_desc|sort=price_desc.*stock=1/);
    await count(page, '10 products');
    await cards(page).first().getByText('Piece 18').waitFor();

    const chips = page.getByRole('group', { name: 'Active filters' });
    expect(await chips.getByRole('button').allInnerTexts()).toEqual([
      ...['In stock', 'North', 'Colour: Red', 'Colour: Blue', 'Clear all'],
    ]);
    const address = page.url();
    await chips.getByRole('button', { name: 'Remove filter Colour: Red' }).click();
    await count(page, '5 products');
    await page.goBack();
    await page.waitForURL(address);
    await count(page, '10 products');
    await page.reload();
    expect(page.url()).toBe(address);
    await count(page, '10 products');
    await cards(page).first().getByText('Piece 18').waitFor();
    await chips.getByRole('button', { name: 'Remove filter Colour: Red' }).waitFor();
    // To a product and back.
    await cards(page).first().getByRole('link', { name: 'Piece 18' }).click();
    await page.waitForURL('**/p/piece-18');
    await page.goBack();
    await page.waitForURL(address);
    await count(page, '10 products');
    await cards(page).first().getByText('Piece 18').waitFor();

    // A bookmark shows the same.
    const bookmark = await context.newPage();
    await bookmark.goto(address);
    await count(bookmark, '10 products');
    await cards(bookmark).first().getByText('Piece 18').waitFor();
    await bookmark.getByRole('group', { name: 'Active filters' }).getByRole('button', { name: 'Clear all' }).click();
    await bookmark.waitForURL('**/c/lamps?sort=price_desc');
    await count(bookmark, '30 products');
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);

  it('lead through categories with the filters that are on, and show more on demand', async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${web.url}/products?brand=north&sort=price_asc`);
    await filters(page)
      .getByRole('button', { name: /^Lamps/ })
      .click();
    await page.waitForURL('**/c/lamps?brand=north&sort=price_asc');
    await filters(page)
      .getByRole('button', { name: /^Desk lamps/ })
      .click();
    await page.waitForURL('**/c/desk-lamps?brand=north&sort=price_asc');
    await count(page, '10 products');
    await filters(page).getByRole('button', { name: 'All categories' }).click();
    await page.waitForURL('**/products?brand=north&sort=price_asc');

    await page.goto(`${web.url}/c/lamps?sort=price_asc`);
    await cards(page).nth(23).waitFor();
    expect(await cards(page).count()).toBe(24);
    await page.getByRole('button', { name: 'Show more' }).click();
    await cards(page).nth(29).waitFor();
    const titles = await cards(page).getByRole('link').allInnerTexts();
    expect(titles).toEqual(Array.from({ length: 30 }, (_, number) => `Piece ${number}`));
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    await context.close();
  }, 180_000);

  it('of one brand, and of a search, narrow by category', async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${web.url}/b/south`);
    await page.getByRole('heading', { level: 1, name: 'South' }).waitFor();
    await count(page, '10 products');
    await filters(page)
      .getByRole('button', { name: /^Lamps/ })
      .click();
    await page.waitForURL('**/b/south?category=lamps');
    await page.goto(`${web.url}/search?q=piece`);
    await count(page, '30 products');
    await filters(page)
      .getByRole('button', { name: /^Lamps/ })
      .click();
    await filters(page)
      .getByRole('button', { name: /^Floor lamps/ })
      .click();
    await page.waitForURL('**/search?q=piece&category=floor-lamps');
    await count(page, '15 products');
    await page.getByRole('button', { name: 'Remove filter Floor lamps' }).click();
    await page.waitForURL('**/search?q=piece');
    await page.goto(`${web.url}/b/nobody`);
    await page.getByText('There is no such brand').waitFor();
    await context.close();
  }, 180_000);

  it('offer to take filters away when nothing is left', async () => {
    const { page, context } = await visit(browser);
    await page.goto(`${web.url}/c/lamps?brand=south&rating=4&max=5000`);
    await page.getByText('Nothing on this shelf').waitFor();
    await page.getByRole('button', { name: 'Remove filter 4 stars and up' }).click();
    await page.getByRole('button', { name: 'Remove filter up to $50.00' }).click();
    await page.waitForURL('**/c/lamps?brand=south');
    await count(page, '10 products');
    await page.goto(`${web.url}/c/lamps?attr.Colour=Purple`);
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await page.waitForURL('**/c/lamps');
    await count(page, '30 products');

    await page.goto(`${web.url}/search?q=xqzzyw`);
    await page.getByText('Nothing found for “xqzzyw”').waitFor();
    await page.getByRole('navigation', { name: 'Departments' }).getByRole('link', { name: 'Lamps' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lamps' }).waitFor();
    await count(page, '30 products');
    await context.close();
  }, 180_000);

  it('have their filters in a drawer on a phone', async () => {
    const { page, context } = await visit(browser, { phone: true });
    await page.goto(`${web.url}/c/lamps`);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Filters' });
    await drawer.getByText('South10', { exact: true }).click();
    await drawer.getByRole('button', { name: 'Show 10 results' }).click();
    await drawer.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    await context.close();
  }, 180_000);
});
