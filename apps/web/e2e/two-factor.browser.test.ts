import { Redis } from 'ioredis';
import jsqr from 'jsqr';
import { generateSync } from 'otplib';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_PASSWORD } from '@cartwright/testapp';
import { browserPath, visit } from './browser.ts';
import { browseShop, emailOf, fillSignIn } from './people-in-browser.ts';
import type { BrowsedShop } from './people-in-browser.ts';

const STEP_SECONDS = 30;
/** What it takes at most to type a code in and have it looked at. */
const TYPING_SECONDS = 15;
const CODE = /^[0-9a-z]{4}(-[0-9a-z]{4})+$/i;

describe.skipIf(browserPath() === undefined)('two-factor sign-in, from a browser', () => {
  let shop: BrowsedShop;
  let email: string;
  let secret: string;
  let recoveryCodes: string[];
  /** The last step whose code was used: each is good once. */
  let used = 0;

  beforeAll(async () => {
    shop = await browseShop();
    email = emailOf(await shop.web.shop.customer());
    await fillSignIn(shop.page, `${shop.web.url}/sign-in?next=/account/security`, { email });
  }, 180_000);
  afterAll(() => shop?.[Symbol.asyncDispose]());

  /**
   * What the authenticator app shows: a step before or after the present one is still good, one that was used is not. One
   * that ends too soon to be typed in is left out, one that lies too far ahead is waited for.
   */
  async function nextCode(): Promise<string> {
    const stepAt = (seconds: number) => Math.floor((Date.now() / 1_000 + seconds) / STEP_SECONDS);
    used = Math.max(used + 1, stepAt(TYPING_SECONDS) - 1);
    await expect.poll(() => stepAt(0) + 1, { timeout: 2_000 * STEP_SECONDS }).toBeGreaterThanOrEqual(used);
    return generateSync({ secret, epoch: used * STEP_SECONDS });
  }

  /** The ten minutes in which nobody is asked again are over for everybody. */
  async function endStepUps(): Promise<void> {
    const { env } = shop.web.shop;
    const redis = new Redis(env['REDIS_URL'] ?? '');
    const sessions = await redis.keys(`${env['REDIS_PREFIX']}:session:*`);
    expect(sessions).not.toEqual([]);
    for (const session of sessions) await redis.hset(session, 'stepUpUntil', Date.now() - 1);
    redis.disconnect();
  }

  const confirm = (page: Page) => page.getByRole('dialog', { name: 'Please confirm that it’s you' });

  it('is set up by the picture or the key, once the person has shown who they are', async () => {
    const { page } = shop;
    const setUp = page.getByRole('button', { name: 'Set up two-factor sign-in' });
    await setUp.waitFor();
    await endStepUps();
    await setUp.click();
    const dialog = confirm(page);
    await dialog.getByRole('textbox', { name: 'Password' }).fill('not my password');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('textbox', { name: 'Password' }).fill(TEST_PASSWORD);
    await dialog.getByRole('button', { name: 'Confirm' }).click();

    const picture = page.getByAltText('QR code for your authenticator app');
    const data = (await picture.getAttribute('src')) ?? '';
    await dialog.waitFor({ state: 'detached' });
    const png = PNG.sync.read(Buffer.from(data.replace('data:image/png;base64,', ''), 'base64'));
    const uri = jsqr.default(new Uint8ClampedArray(png.data), png.width, png.height)?.data ?? '';
    secret = new URL(uri).searchParams.get('secret') ?? '';
    expect(await page.locator('code').textContent()).toBe((secret.match(/.{1,4}/g) ?? []).join(' '));

    await page.getByLabel('Enter the code that it shows').fill(await nextCode());
    await page.getByRole('heading', { name: 'Two-factor sign-in is on' }).waitFor();
  });

  it('shows its recovery codes once, and asks to keep them', async () => {
    const { page } = shop;
    recoveryCodes = await page.getByRole('listitem').locator('pre').allTextContents();
    expect(recoveryCodes).toEqual(Array.from({ length: 10 }, () => expect.stringMatching(CODE)));
    const begun = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await begun).suggestedFilename()).toBe('recovery-codes.txt');

    const done = page.getByRole('button', { name: 'Done' });
    expect(await done.isDisabled()).toBe(true);
    await page.getByLabel('I have put them in a safe place').check();
    await done.click();
    await page.getByText('10 of 10 left').waitFor();
    await page.reload();
    await page.getByText('10 of 10 left').waitFor();
    const text = (await page.locator('main').textContent()) ?? '';
    expect(recoveryCodes.filter((code) => text.includes(code))).toEqual([]);
  });

  it('asks for the code of the app on another device, and takes each once', async () => {
    const { web, browser } = shop;
    const { page: other, context, faults } = await visit(browser);
    await fillSignIn(other, `${web.url}/sign-in`, { email });
    const code = await nextCode();
    const field = other.getByRole('textbox', { name: 'Code', exact: true });
    await field.fill(code);
    await other.getByTestId('account-menu').waitFor();
    expect(faults).toEqual([]);
    await context.close();

    const { page: late, context: closing } = await visit(browser);
    await fillSignIn(late, `${web.url}/sign-in`, { email });
    await late.getByRole('textbox', { name: 'Code', exact: true }).fill(code);
    await late.getByRole('alert').waitFor();
    expect(await late.getByTestId('account-menu').count()).toBe(0);
    await closing.close();
  });

  it('takes a recovery code where the phone is lost, once', async () => {
    const { web, browser } = shop;
    const { page: other, faults } = await visit(browser);
    const useRecoveryCode = async () => {
      await fillSignIn(other, `${web.url}/sign-in?next=/account/security`, { email });
      await other.getByRole('button', { name: 'Use a recovery code instead' }).click();
      await other.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
      await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    };
    await useRecoveryCode();
    await other.getByText('9 of 10 left').waitFor();
    await other.getByTestId('account-menu').click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByTestId('account-menu').waitFor({ state: 'detached' });
    await useRecoveryCode();
    await other.getByRole('alert').waitFor();
    expect(await other.getByTestId('account-menu').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('is turned off by password and code, after asking anew: giving up leaves it on', async () => {
    const { page, web, browser, faults } = shop;
    await page.goto(`${web.url}/account/security`);
    await page.getByRole('button', { name: 'Turn off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn off two-factor sign-in' });
    await endStepUps();
    const turnOff = async () => {
      await dialog.getByRole('textbox', { name: 'Password' }).fill(TEST_PASSWORD);
      await dialog.getByLabel('Code of your authenticator app').fill(await nextCode());
      await dialog.getByRole('button', { name: 'Turn off' }).click();
    };
    await turnOff();
    await confirm(page).getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await page.getByText('9 of 10 left').count()).toBe(1);

    // The code was looked at by nobody: it is still good.
    used -= 1;
    await turnOff();
    await confirm(page).getByRole('textbox', { name: 'Password' }).fill(TEST_PASSWORD);
    await confirm(page).getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'Set up two-factor sign-in' }).waitFor();

    const { page: other } = await visit(browser);
    await fillSignIn(other, `${web.url}/sign-in`, { email });
    await other.getByTestId('account-menu').waitFor();
    expect(faults).toEqual([]);
  });
});
