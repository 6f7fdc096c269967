import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Paths } from './paths.ts';
import { readJsonFile } from './state.ts';
import { tellingLines } from './supervisor.ts';

type Stamp = { databases: string[] };

/** Was the demo catalog loaded into this database by a start on this data folder? */
export function isSeeded(paths: Paths, mongoIdentity: string): boolean {
  return readJsonFile<Stamp>(paths.seeded)?.databases.includes(fingerprint(mongoIdentity)) ?? false;
}

/** Remembers that it was. */
export function markSeeded(paths: Paths, mongoIdentity: string): void {
  const databases = new Set(readJsonFile<Stamp>(paths.seeded)?.databases ?? []);
  databases.add(fingerprint(mongoIdentity));
  writeFileSync(paths.seeded, `${JSON.stringify({ databases: [...databases] })}\n`);
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Runs the seed tool; `onLine` gets what it says on its way, the log file also its errors.
 * @throws Error with the end of its output when it fails
 */
export function runSeed({
  paths,
  node,
  env,
  args,
  onLine,
  onChild = () => {},
}: {
  paths: Paths;
  node: string;
  env: Record<string, string>;
  args: readonly string[];
  onLine: (line: string) => void;
  onChild?: (pid: number, alive: boolean) => void;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [paths.entry.seed, ...args], {
      cwd: paths.root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid !== undefined) onChild(pid, true);
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        appendFileSync(paths.log('seed'), `${line}\n`);
        if (stream === child.stdout) onLine(line);
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (pid !== undefined) onChild(pid, false);
      if (code === 0) return resolve();
      const tail = tellingLines(lines).map((line) => `    ${line}`);
      reject(
        new Error(
          [`Loading the demo catalog failed (${signal ?? `code ${code}`}). Log: ${paths.log('seed')}`, ...tail].join(
            '\n',
          ),
        ),
      );
    });
  });
}
