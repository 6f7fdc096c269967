import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from './paths.ts';

const STAMP = '.build.json';

/** Folders and files whose content decides what the storefront's bundle looks like. */
const INPUTS = ['apps/web', 'libs/sdk/src', 'libs/domain', 'package-lock.json'];
const IGNORED = new Set(['node_modules', 'dist', 'e2e', 'server', 'test-results', '.vite']);

/** Fingerprint of everything that goes into the storefront's bundle. */
export function webInputsHash(root: string): string {
  const hash = createHash('sha256');
  const visit = (relative: string) => {
    const full = path.join(root, relative);
    if (!existsSync(full)) return;
    let entries;
    try {
      entries = readdirSync(full, { withFileTypes: true });
    } catch {
      hash.update(relative).update('\0').update(readFileSync(full)).update('\0');
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (IGNORED.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
      visit(path.posix.join(relative, entry.name));
    }
  };
  for (const input of INPUTS) visit(input);
  return hash.digest('hex');
}

/** Is the bundle there and made from the sources as they are? */
export function isWebBuilt(paths: Paths, hash = webInputsHash(paths.root)): boolean {
  try {
    const stamp = JSON.parse(readFileSync(path.join(paths.webDist, STAMP), 'utf8')) as { hash?: string };
    return stamp.hash === hash;
  } catch {
    return false;
  }
}

/**
 * Builds the storefront unless a bundle of the same sources lies there. The bundle is made beside and moved into place,
 * so that a second shop on the same checkout never serves half of one.
 * @returns true when something was built
 * @throws Error with the end of the builder's output
 */
export async function ensureWebBuilt(
  paths: Paths,
  {
    node,
    report,
    onChild = () => {},
  }: { node: string; report: (line: string) => void; onChild?: (pid: number, alive: boolean) => void },
): Promise<boolean> {
  const hash = webInputsHash(paths.root);
  if (isWebBuilt(paths, hash)) return false;
  report('Building the storefront (only when its sources changed) …');
  const fresh = path.join(paths.cache, `web-${process.pid}`);
  mkdirSync(paths.cache, { recursive: true });
  rmSync(fresh, { recursive: true, force: true });
  await run(node, paths, ['build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], onChild);
  writeFileSync(path.join(fresh, STAMP), `${JSON.stringify({ hash })}\n`);
  const old = path.join(paths.cache, `web-old-${process.pid}`);
  try {
    if (existsSync(paths.webDist)) renameSync(paths.webDist, old);
    renameSync(fresh, paths.webDist);
  } catch (error) {
    // A second shop of this checkout may have put the same bundle there in this very moment.
    if (!isWebBuilt(paths, hash)) throw error;
  }
  for (const rest of [old, fresh]) rmSync(rest, { recursive: true, force: true });
  return true;
}

function run(
  node: string,
  paths: Paths,
  args: readonly string[],
  onChild: (pid: number, alive: boolean) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [paths.entry.vite, ...args], {
      cwd: paths.checkout('apps', 'web'),
      env: { ...process.env, NODE_ENV: 'production' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid !== undefined) onChild(pid, true);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-8000);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (pid !== undefined) onChild(pid, false);
      if (code === 0) resolve();
      else reject(new Error(`The storefront could not be built:\n${output.trimEnd()}`));
    });
  });
}
