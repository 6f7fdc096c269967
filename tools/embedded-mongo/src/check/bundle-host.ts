import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Makes one file of the server's code: it loads several times faster, and the check starts thousands of servers. */
export async function bundleHost(): Promise<string> {
  // Beside the packages that it still loads.
  const outDir = fileURLToPath(new URL(`../../../../node_modules/.cache/mongo-check-${process.pid}`, import.meta.url));
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    build: {
      ssr: fileURLToPath(new URL('./server-host.ts', import.meta.url)),
      outDir,
      target: 'node22',
      minify: false,
      emptyOutDir: true,
    },
    ssr: { noExternal: true },
  });
  return outDir;
}
