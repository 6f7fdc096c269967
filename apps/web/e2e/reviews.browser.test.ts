import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, visit } from './browser.ts';
import { browseShop, signInFor, type BrowsedShop } from './people-in-browser.ts';

const TITLE = '<b>Sturdy</b>';
const TEXT = '<img src=x onerror="window.ran = true"><script>window.ran = true</script>';

describe.skipIf(browserPath() === undefined)('reviews in a browser', () => {
  let shop: BrowsedShop;

  beforeAll(async () => {
    shop = await browseShop();
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  it('are written, seen by others as they were typed, and run nothing', async () => {
    const { page, web, browser, faults } = shop;
    await signInFor(web, page, '/p/oak-stool', await web.shop.customer());
    await page.getByRole('button', { name: 'Write a review' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your review' });
    await dialog.getByRole('radio', { name: '4 stars' }).press('Space');
    await dialog.getByLabel('In a few words').fill(TITLE);
    await dialog.getByLabel('More about it').fill(TEXT);
    await dialog.getByRole('button', { name: 'Publish review' }).click();
    await page.getByRole('region', { name: 'Your review' }).getByText(TITLE).waitFor();

    const { page: other, context, faults: theirFaults } = await visit(browser);
    const reviews = other.getByRole('region', { name: 'Reviews' });
    // The list from before may be shown for a moment.
    await expect
      .poll(
        async () => {
          await other.goto(`${web.url}/p/oak-stool`);
          await reviews
            .getByText(/No reviews yet|1 review/)
            .first()
            .waitFor();
          return reviews.getByText(TITLE, { exact: true }).count();
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe(1);
    await reviews.getByText(TEXT, { exact: true }).waitFor();
    expect(await reviews.locator('b, script, img[src="x"]').count()).toBe(0);
    for (const seen of [page, other]) expect(await seen.evaluate('window.ran')).toBeUndefined();
    expect([...faults, ...theirFaults]).toEqual([]);
    await context.close();
  });
});
