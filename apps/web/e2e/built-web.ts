import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { browserPath } from './browser.ts';

/** Where tests find the built web app; read by `builtWeb`. */
const DIST = 'CARTWRIGHT_TEST_WEB_DIST';
/** Why there is none. */
const FAILURE = 'CARTWRIGHT_TEST_WEB_FAILURE';

/**
 * Runs once before the browser tests: builds the web app as it is now, for all of them, and removes it at the end. Without a
 * browser there is nothing to show it in. An app that can't be built fails the tests that need it, not those of others.
 */
export const setup = async (): Promise<() => Promise<void>> => {
  if (browserPath() === undefined) return async () => undefined;
  const distDir = await mkdtemp(path.join(tmpdir(), 'cartwright-web-'));
  const stop = async (): Promise<void> => {
    delete process.env[DIST];
    delete process.env[FAILURE];
    await rm(distDir, { recursive: true, force: true });
  };
  try {
    const root = fileURLToPath(new URL('..', import.meta.url));
    await build({ root, logLevel: 'error', build: { outDir: distDir, emptyOutDir: true } });
    process.env[DIST] = distDir;
  } catch (error) {
    process.env[FAILURE] = error instanceof Error ? error.message : String(error);
  }
  return stop;
};

/** The folder of the built web app. Throws an Error when it could not be built, and outside of vitest's browser project. */
export function builtWeb(): string {
  const failure = process.env[FAILURE];
  if (failure !== undefined) throw new Error(`The web app can't be built: ${failure}`);
  const distDir = process.env[DIST];
  if (!distDir) throw new Error("The web app is not built: run browser tests through vitest's browser project");
  return distDir;
}
