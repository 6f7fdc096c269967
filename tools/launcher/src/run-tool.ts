import { spawn } from 'node:child_process';
import { createPaths } from './paths.ts';
import type { CommandInput } from './start.ts';
import { ensureProgram, MissingProgramError, NGINX, REDIS } from './system-packages.ts';

/**
 * Runs a program of this checkout in the foreground and passes signals on to it.
 * @returns its exit code
 */
export function runForeground(
  node: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...args], { cwd, env, stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals) => {
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, forward);
    const onDisconnect = () => forward('SIGTERM');
    process.on('disconnect', onDisconnect);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      process.off('disconnect', onDisconnect);
      resolve(signal === null ? (code ?? 1) : 1);
    });
  });
}

type Tool = 'bench' | 'chaos' | 'race' | 'soak';

/** Hands the arguments of an npm script to the tool of that name, which starts services of its own. */
const runTool =
  (tool: Tool) =>
  async ({ root, argv, env, report }: CommandInput): Promise<number> => {
    const paths = createPaths({ root, dataDir: root });
    try {
      const needsNginx = tool === 'soak' && argv.includes('rolling');
      for (const program of needsNginx ? [REDIS, NGINX] : [REDIS]) await ensureProgram(program, { env, report });
    } catch (error) {
      if (!(error instanceof MissingProgramError)) throw error;
      report(error.message);
      return 1;
    }
    return runForeground(process.execPath, [paths.entry[tool], ...argv], { cwd: root, env });
  };

/** `npm run bench`, `npm run chaos`, `npm run race`, `npm run soak`. */
export const runBench = runTool('bench');
export const runChaos = runTool('chaos');
export const runRace = runTool('race');
export const runSoak = runTool('soak');
