import { DataFolderError, openDataFolder } from './data-folder.ts';
import { shopEnvironment } from './environment.ts';
import { parseStartOptions } from './options.ts';
import { createPaths, type Paths } from './paths.ts';
import { preflightProblems } from './preflight.ts';
import { signalGroup } from './processes.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { createShop } from './shop.ts';
import { decideSources } from './sources.ts';
import { withRedis, type CommandInput } from './start.ts';
import { readRunningState } from './state.ts';
import { onStopRequest } from './stop-request.ts';
import { StartError } from './supervisor.ts';
import { MissingProgramError } from './system-packages.ts';

/** A program to run with the variables of the shop. */
export type ShopTask = (run: {
  paths: Paths;
  env: Record<string, string>;
  onChild: (pid: number, alive: boolean) => void;
}) => Promise<void>;

/**
 * Runs a task on the shop that runs on this data folder; without one it starts the databases for as long as it takes.
 * Answers the command's exit code. `argv`: the launcher's own options alone, see `splitArguments`.
 */
export async function withShop({ root, argv, env, report }: CommandInput, task: ShopTask): Promise<number> {
  const { options, problems } = parseStartOptions(argv, { root, env });
  const paths = createPaths({ root, dataDir: options.dataDir });
  const sources = decideSources(env);
  problems.push(...(await preflightProblems({ env, options, sources, paths })));
  if (problems.length > 0) {
    report('Nothing was done. Wrong:');
    for (const problem of problems) report(`  - ${problem}`);
    return 1;
  }

  const running = readRunningState(paths.state);
  if (running) {
    const ready = {
      ...shopEnvironment({
        env,
        options,
        sources,
        ports: running.ports,
        secrets: loadOrCreateSecrets(paths.secrets),
        paths,
        mongoUri: running.env.MONGODB_URI,
      }),
      REDIS_URL: running.env.REDIS_URL,
    };
    return untilStopped((onChild) => task({ paths, env: ready, onChild }), report);
  }

  try {
    const complete = await withRedis(sources, env, report);
    const lock = openDataFolder(paths);
    try {
      const shop = await createShop({ env, options, sources: complete, paths, report });
      const interruption = onStopRequest({ onInsist: () => shop.kill() });
      try {
        const work = (async () => {
          await shop.startDatabases();
          await task({ paths, env: shop.environment(), onChild: shop.onChild });
        })();
        work.catch(() => {});
        const stopped = await Promise.race([work.then(() => undefined), interruption.requested]);
        if (stopped !== undefined) report(`Stopping (${stopped}) …`);
        return stopped === undefined ? 0 : 1;
      } finally {
        await shop.stop();
        interruption.dispose();
      }
    } finally {
      lock.release();
    }
  } catch (error) {
    if (error instanceof DataFolderError || error instanceof MissingProgramError || error instanceof StartError) {
      report(error.message);
      return 1;
    }
    throw error;
  }
}

/** Works on a shop that runs already; Ctrl-C ends the work with the command. */
async function untilStopped(
  run: (onChild: (pid: number, alive: boolean) => void) => Promise<void>,
  report: CommandInput['report'],
): Promise<number> {
  const children = new Set<number>();
  const end = () => children.forEach((pid) => signalGroup(pid, 'SIGKILL'));
  const interruption = onStopRequest({ onInsist: end });
  try {
    const work = run((pid, alive) => void (alive ? children.add(pid) : children.delete(pid)));
    work.catch(() => {});
    const stopped = await Promise.race([work.then(() => undefined), interruption.requested]);
    if (stopped !== undefined) report(`Stopped (${stopped}).`);
    return stopped === undefined ? 0 : 1;
  } finally {
    end();
    interruption.dispose();
  }
}

/** Parts the launcher's options from those of the program that it runs. */
export function splitArguments(argv: readonly string[]): { own: string[]; passed: string[] } {
  const own: string[] = [];
  const passed: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word.startsWith('--data-dir=')) own.push(word);
    else if (word === '--data-dir') own.push(word, argv[(index += 1)] ?? '');
    else passed.push(word);
  }
  return { own, passed };
}
