import { DataFolderError, openDataFolder } from './data-folder.ts';
import { parseStartOptions } from './options.ts';
import { createPaths, type Paths } from './paths.ts';
import { preflightProblems } from './preflight.ts';
import { signalGroup } from './processes.ts';
import type { Report } from './report.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { runSeed } from './seeding.ts';
import { createShop } from './shop.ts';
import { decideSources } from './sources.ts';
import { shopEnvironment } from './environment.ts';
import { readRunningState } from './state.ts';
import { withRedis, type CommandInput } from './start.ts';
import { StartError } from './supervisor.ts';
import { MissingProgramError } from './system-packages.ts';
import { onStopRequest } from './stop-request.ts';

/**
 * `npm run seed`: loads demo data into the shop that runs on this data folder; without one it starts the databases for
 * as long as it takes. Arguments that are not the launcher's own go to the seed tool.
 */
export async function seed({ root, argv, env, report }: CommandInput): Promise<number> {
  const { own, passed } = splitArguments(argv);
  const { options, problems } = parseStartOptions(own, { root, env });
  const paths = createPaths({ root, dataDir: options.dataDir });
  const sources = decideSources(env);
  problems.push(...(await preflightProblems({ env, options, sources, paths })));
  if (problems.length > 0) {
    report('Nothing was loaded. Wrong:');
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
    return untilStopped({ paths, env: ready, args: passed, report });
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
          await runSeed({
            paths,
            node: process.execPath,
            env: shop.environment(),
            args: passed,
            onLine: report,
            onChild: shop.onChild,
          });
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

/** Loads into a shop that runs already; Ctrl-C ends the loading with the command. */
async function untilStopped({
  report,
  ...run
}: {
  paths: Paths;
  env: Record<string, string>;
  args: readonly string[];
  report: Report;
}): Promise<number> {
  const children = new Set<number>();
  const end = () => children.forEach((pid) => signalGroup(pid, 'SIGKILL'));
  const interruption = onStopRequest({ onInsist: end });
  try {
    const onChild = (pid: number, alive: boolean) => void (alive ? children.add(pid) : children.delete(pid));
    const work = runSeed({ ...run, node: process.execPath, onLine: report, onChild });
    work.catch(() => {});
    const stopped = await Promise.race([work.then(() => undefined), interruption.requested]);
    if (stopped !== undefined) report(`Stopped (${stopped}).`);
    return stopped === undefined ? 0 : 1;
  } finally {
    end();
    interruption.dispose();
  }
}

/** Parts the launcher's options from those of the seed tool. */
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
