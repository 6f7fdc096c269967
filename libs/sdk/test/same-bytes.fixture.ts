import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('..', import.meta.url));
const carts = join(sdk, 'test/carts.ts');
const packed = (name: string): string => join(sdk, 'dist/package/dist', name);

interface Range {
  readonly from: number;
  readonly count: number;
}

/** What a fresh Node makes of the carts with one form of the published package. */
export async function cartsInNode(form: 'esm' | 'cjs', range: Range): Promise<unknown> {
  const file = JSON.stringify(packed(form === 'esm' ? 'pricing.js' : 'pricing.cjs'));
  const load = form === 'esm' ? `await import(${file})` : `require(${file})`;
  const script = `
    import { createRequire } from 'node:module';
    import { priceCarts } from ${JSON.stringify(carts)};
    const require = createRequire(import.meta.url);
    console.log(JSON.stringify(priceCarts(${load}, ${JSON.stringify(range)})));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: sdk });
  return JSON.parse(stdout);
}

/** What Chromium makes of them, with the published package as a bundler takes it up for a page. */
export async function cartsInBrowser(range: Range): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwright-bytes-'));
  const entry = join(folder, 'entry.ts');
  await writeFile(
    entry,
    `import * as pricing from ${JSON.stringify(packed('pricing.js'))};
     import { priceCarts } from ${JSON.stringify(carts)};
     globalThis.outcome = priceCarts(pricing, ${JSON.stringify(range)});`,
  );
  const built = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: { write: false, minify: true, lib: { entry, formats: ['iife'], name: 'bytes' } },
  });
  await rm(folder, { recursive: true, force: true });
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
  await using browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage();
  await page.addScriptTag({ content: output[0].code });
  return await page.evaluate('globalThis.outcome');
}
