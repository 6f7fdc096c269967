import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine, or undefined where there is none. `CHROMIUM_PATH` names another. */
export function browserPath(): string | undefined {
  return [process.env['CHROMIUM_PATH'] ?? '', ...EXECUTABLES].find(
    (candidate) => candidate !== '' && existsSync(candidate),
  );
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath() ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}

/** One visitor: a browser profile of their own and what went wrong on their pages. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Exceptions, and violations of the content security policy. */
  readonly faults: readonly string[];
}

/** Where to leave pictures of pages, for people; nowhere by default. */
const pictures = process.env['SCREENSHOTS'];

/** Leaves a picture of the whole page where somebody wants them. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

/** By how many pixels a page is wider than its window. */
export const overflowOf = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A fresh visitor; on a phone when asked. */
export async function visit(browser: Browser, { phone = false }: { phone?: boolean } = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    isMobile: phone,
    hasTouch: phone,
    reducedMotion: 'reduce',
    locale: 'en-US',
  });
  // Nothing is lost by waiting: a busy machine may take long to show a page.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught|Warning:/.test(message.text()))
      faults.push(`${page.url()}: ${message.text()}`);
  });
  return { context, page, faults };
}
