import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPaths } from './paths.ts';
import { runForeground } from './run-tool.ts';
import type { CommandInput } from './start.ts';
import {
  CHROMIUM,
  ensureProgram,
  isInstalled,
  MissingProgramError,
  NGINX,
  REDIS,
  type SystemProgram,
} from './system-packages.ts';

const RUN_VARIABLE = 'CARTWRIGHT_TEST_RUN';

/**
 * `npm test`: makes sure that the programs are there which tests need, runs all of them, and leaves nothing behind:
 * temporary files lie in a folder of the run's own, and processes that tests forgot are ended and named.
 * Arguments go to vitest.
 */
export async function runTests({ root, argv, env, report }: CommandInput): Promise<number> {
  const paths = createPaths({ root, dataDir: root });
  const kinds = wantedProjects(argv);
  const wants = (...names: string[]) => kinds.length === 0 || names.some((name) => kinds.includes(name));
  const missing: string[] = [];
  const ensure = async (program: SystemProgram): Promise<string | undefined> => {
    try {
      return await ensureProgram(program, { env, report });
    } catch (error) {
      if (!(error instanceof MissingProgramError)) throw error;
      missing.push(error.message);
      return undefined;
    }
  };
  // Its package starts a web server on port 80, which nobody wants on their desk: installed in CI, else its tests wait.
  const ensureNginx = async (): Promise<void> => {
    if (env['CI']) await ensure(NGINX);
    else if (!isInstalled(NGINX, env)) report('nginx is not installed: the tests of its configuration are skipped.');
  };
  let chromium = env['CHROMIUM_PATH'];
  if (wants('integration', 'e2e', 'browser')) await ensure(REDIS);
  if (wants('browser')) chromium ??= await ensure(CHROMIUM);
  if (wants('integration', 'e2e')) await ensureNginx();
  if (missing.length > 0) {
    report(missing.join('\n\n'));
    return 1;
  }

  const folder = mkdtempSync(path.join(os.tmpdir(), 'cwt-'));
  const run = path.basename(folder);
  try {
    const reporters = argv.some((word) => word.startsWith('--reporter'))
      ? []
      : ['--reporter=default', `--reporter=${paths.checkout('tools', 'launcher', 'src', 'totals-reporter.ts')}`];
    return await runForeground(process.execPath, [paths.entry.vitest, 'run', ...reporters, ...argv], {
      cwd: root,
      env: { ...env, TMPDIR: folder, [RUN_VARIABLE]: run, CHROMIUM_PATH: chromium },
    });
  } finally {
    const left = endLeftBehind(run);
    if (left.length > 0) {
      report(`! The tests left ${left.length} process(es) behind; they were ended:`);
      for (const command of left) report(`    ${command}`);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The kinds of tests that the arguments of vitest ask for; none means all. */
export function wantedProjects(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    if (word.startsWith('--project=')) return [word.slice('--project='.length)];
    const next = argv[index + 1];
    return word === '--project' && next !== undefined ? [next] : [];
  });
}

/**
 * Ends processes that carry the mark of a test run in their environment. Linux only; elsewhere nothing is found.
 * @returns their command lines
 */
export function endLeftBehind(run: string): string[] {
  if (process.platform !== 'linux') return [];
  const found: string[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${RUN_VARIABLE}=${run}`)) continue;
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      process.kill(Number(entry), 'SIGKILL');
      found.push(command.slice(0, 160));
    } catch {
      // gone meanwhile, or somebody else's
    }
  }
  return found;
}
