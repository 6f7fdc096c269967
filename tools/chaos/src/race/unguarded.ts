import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Guard } from './guards.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const SOURCES = ['apps', 'libs', 'tools', 'package.json'];
const LEFT_OUT = new Set(['node_modules', 'dist']);
const OWN_SCOPE = '@cartwright';

/** A copy of the code without a guard; its packages are those of this checkout, its own ones its own. */
async function copyWithout({ edits }: Guard): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'cartwright-race-'));
  const filter = (source: string): boolean => !LEFT_OUT.has(basename(source));
  for (const name of SOURCES) await cp(join(ROOT, name), join(copy, name), { recursive: true, filter });
  const [from, to] = [join(ROOT, 'node_modules'), join(copy, 'node_modules')];
  await mkdir(join(to, OWN_SCOPE), { recursive: true });
  for (const name of await readdir(from)) if (name !== OWN_SCOPE) await symlink(join(from, name), join(to, name));
  for (const name of await readdir(join(from, OWN_SCOPE))) {
    // These are links from one folder of the checkout to another: they are the same in the copy.
    await cp(join(from, OWN_SCOPE, name), join(to, OWN_SCOPE, name), { verbatimSymlinks: true });
  }
  for (const { file, find, replace } of edits) {
    const text = await readFile(join(copy, file), 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${file} does not have this once: ${find}`);
    await writeFile(
      join(copy, file),
      text.replace(find, () => replace),
    );
  }
  return copy;
}

/**
 * Plays rounds on a copy of the code without a guard, until one finds something.
 * @returns the seed and what was found, in lines; empty when the guard was not missed
 */
export async function raceWithout(guard: Guard, args: readonly string[]): Promise<string[]> {
  const copy = await copyWithout(guard);
  try {
    const cli = join(copy, 'tools', 'chaos', 'src', 'race-cli.ts');
    const child = spawn(process.execPath, [cli, ...args, '--until-red'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const lines = Buffer.concat(chunks).toString().split('\n');
    // That a round could not be played, or looked at, says nothing of the guard.
    const isFound = lines.some((line) => line.startsWith('    ') && !line.includes('could not '));
    const found = lines
      .filter((line) => isFound && (line.startsWith('    ') || line.endsWith(' VIOLATED')))
      .map((line) => line.trim());
    // One that finds nothing and fails was not played.
    if (code !== 0 && !isFound) throw new Error(`The race ended with ${code}:\n${lines.slice(-20).join('\n')}`);
    return found;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
