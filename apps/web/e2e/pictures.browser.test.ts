import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, visit } from './browser.ts';
import { browseShop, emailOf, fillSignIn } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const PATIENCE = { timeout: 60_000 };

interface Dropped {
  name: string;
  type: string;
  base64: string;
}

/** A picture of one colour, as a camera could have made it. */
async function photo(name: string, background: string): Promise<Dropped> {
  const bytes = await sharp({ create: { width: 1_200, height: 900, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return { name, type: 'image/jpeg', base64: bytes.toString('base64') };
}

/** Drops files on a part of the page, as from a folder of the machine. */
async function drop(page: Page, target: Locator, files: readonly Dropped[]): Promise<void> {
  const data = await page.evaluateHandle((all) => {
    // Runs in the browser, whose types these are.
    const { DataTransfer } = globalThis as unknown as { DataTransfer: new () => { items: { add(file: File): void } } };
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);
  for (const event of ['dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: data });
}

describe.skipIf(browserPath() === undefined)('pictures of a product, in the browser of an administrator', () => {
  let shop: BrowsedShop;
  let section: Locator;
  let address: string;
  const tiles = () => section.getByRole('list', { name: 'Pictures in their order' }).getByRole('listitem');
  const sources = () =>
    tiles()
      .locator('img')
      .evaluateAll((all) => all.map((image) => image.getAttribute('src') ?? ''));

  beforeAll(async () => {
    shop = await browseShop();
    const { page, web } = shop;
    const admin = await web.shop.admin();
    const { id } = await admin.api.catalog.products.bySlug.query({ slug: 'oak-stool' });
    address = `${web.url}/admin/products/${id}`;
    await fillSignIn(page, `${web.url}/sign-in?next=/admin/products/${id}`, { email: emailOf(admin) });
    section = page.getByRole('region', { name: 'Pictures', exact: true });
    await section.waitFor();
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  it('are dropped, put in order, and seen by shoppers', async () => {
    const { page, web, browser } = shop;
    const before = await tiles().count();
    await drop(page, section, [await photo('front.jpg', '#b03030'), await photo('side.jpg', '#3050b0')]);
    await expect.poll(() => tiles().count(), PATIENCE).toBe(before + 2);
    await expect.poll(() => section.getByRole('list', { name: 'Uploads' }).count(), PATIENCE).toBe(0);

    const last = (await sources()).at(-1) ?? '';
    expect(last).toMatch(/\/public\/pictures\/\w+\/1200\.webp$/);
    const count = before + 2;
    for (let place = count; place > 1; place -= 1) {
      await section.getByRole('button', { name: `Move picture ${place} of ${count} forward` }).click();
      await expect.poll(async () => (await sources()).indexOf(last)).toBe(place - 2);
    }
    await page.reload();
    await expect.poll(async () => (await sources())[0], PATIENCE).toBe(last);

    const { page: theirs, context, faults } = await visit(browser);
    const picture = theirs.getByRole('img', { name: 'Oak stool' }).first();
    // The page of a product follows a change within a second.
    const shown = async () => {
      await theirs.goto(`${web.url}/p/oak-stool`);
      return picture.getAttribute('src');
    };
    await expect.poll(shown, PATIENCE).toBe(last);
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(0);
    expect(await picture.getAttribute('srcset')).toContain('480w');
    expect(faults).toEqual([]);
    await context.close();
  }, 240_000);

  it('are described, for shoppers who do not see them', async () => {
    const { page, web, browser } = shop;
    const words = section.getByRole('textbox', { name: /^What picture 1 of \d+ shows$/ });
    await words.fill('A stool of oak, from the side');
    await words.press('Enter');
    await tiles().first().getByRole('img', { name: 'A stool of oak, from the side' }).waitFor();
    await page.reload();
    await expect.poll(() => words.inputValue(), PATIENCE).toBe('A stool of oak, from the side');
    const { page: theirs, context } = await visit(browser);
    const seen = async () => {
      await theirs.goto(`${web.url}/p/oak-stool`);
      await theirs.getByRole('heading', { level: 1 }).waitFor();
      return theirs.getByRole('img', { name: 'A stool of oak, from the side' }).count();
    };
    await expect.poll(seen, PATIENCE).toBe(1);
    await context.close();
  });

  it('are dragged to another place', async () => {
    const [first = '', second = ''] = await sources();
    await tiles().nth(1).dragTo(tiles().nth(0));
    await expect.poll(sources, PATIENCE).toEqual([second, first, ...(await sources()).slice(2)]);
    await shop.page.reload();
    await expect.poll(async () => (await sources())[0], PATIENCE).toBe(second);
  });

  it('are refused in words when they are none', async () => {
    const { page } = shop;
    const before = await sources();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64');
    await drop(page, section, [
      { name: 'drawing.svg', type: 'image/svg+xml', base64: svg },
      { name: 'dressed.png', type: 'image/png', base64: svg },
    ]);
    const rows = section.getByRole('list', { name: 'Uploads' }).getByRole('listitem');
    await expect
      .poll(() => rows.getByRole('alert').allTextContents(), PATIENCE)
      .toEqual([expect.stringMatching(/JPEG, PNG/), expect.stringMatching(/not the kind/)]);
    for (const name of ['drawing.svg', 'dressed.png']) {
      await section.getByRole('button', { name: `Put away ${name}` }).click();
    }
    await rows.first().waitFor({ state: 'detached' });
    expect(await sources()).toEqual(before);
  });

  it('are removed, once that is confirmed', async () => {
    const { page } = shop;
    const before = await sources();
    await section.getByRole('button', { name: `Remove picture 1 of ${before.length}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove this picture?' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(sources).toEqual(before.slice(1));
    await page.goto(address);
    await expect.poll(sources, PATIENCE).toEqual(before.slice(1));
    expect(shop.faults).toEqual([]);
  });
});
