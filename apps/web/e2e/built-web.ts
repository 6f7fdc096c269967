import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Where tests find the built web app; read by `builtWeb`. */
const DIST = 'CARTWRIGHT_TEST_WEB_DIST';

/** Runs once before the browser tests: builds the web app as it is now, for all of them, and removes it at the end. */
export const setup = async (): Promise<() => Promise<void>> => {
  const distDir = await mkdtemp(path.join(tmpdir(), 'cartwright-web-'));
  const stop = async (): Promise<void> => {
    delete process.env[DIST];
    await rm(distDir, { recursive: true, force: true });
  };
  try {
    const root = fileURLToPath(new URL('..', import.meta.url));
    await build({ root, logLevel: 'error', build: { outDir: distDir, emptyOutDir: true } });
  } catch (error) {
    await stop();
    throw error;
  }
  process.env[DIST] = distDir;
  return stop;
};

/** The folder of the built web app. Throws an Error outside of vitest's browser project. */
export function builtWeb(): string {
  const distDir = process.env[DIST];
  if (!distDir) throw new Error("The web app is not built: run browser tests through vitest's browser project");
  return distDir;
}
