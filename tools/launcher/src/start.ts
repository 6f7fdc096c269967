import { DataFolderError, emptyDataFolder, openDataFolder } from './data-folder.ts';
import { stopLeftovers } from './leftovers.ts';
import { parseStartOptions, START_HELP } from './options.ts';
import { createPaths } from './paths.ts';
import { preflightProblems } from './preflight.ts';
import { readyMessage, withoutPassword, type Report } from './report.ts';
import { createShop, type Shop } from './shop.ts';
import { decideSources, type Sources } from './sources.ts';
import { onStopRequest } from './stop-request.ts';
import { StartError } from './supervisor.ts';
import { ensureProgram, MissingProgramError, REDIS } from './system-packages.ts';

/** What every command of the launcher gets. */
export type CommandInput = { root: string; argv: readonly string[]; env: NodeJS.ProcessEnv; report: Report };

/**
 * `npm start`: checks, starts, seeds, tells where everything is, and keeps it running until it is asked to stop.
 * @returns the exit code
 */
export async function start({ root, argv, env, report }: CommandInput): Promise<number> {
  const began = Number(env['CARTWRIGHT_STARTED_AT'] ?? Date.now());
  const { options, problems } = parseStartOptions(argv, { root, env });
  if (options.help) {
    report(START_HELP);
    return 0;
  }
  const paths = createPaths({ root, dataDir: options.dataDir });
  let sources = decideSources(env);
  problems.push(...(await preflightProblems({ env, options, sources, paths })));
  if (problems.length > 0) {
    report('Cartwright was not started; nothing runs. Wrong:');
    for (const problem of problems) report(`  - ${problem}`);
    return 1;
  }

  try {
    sources = await withRedis(sources, env, report);
    const lock = openDataFolder(paths);
    try {
      if (options.fresh) {
        // They are known by a file of the folder.
        stopLeftovers(paths, report);
        emptyDataFolder(paths);
        report(`Emptied ${paths.dataDir}.`);
        if (sources.mongo.kind === 'variable') report('MONGODB_URI is yours and was left as it is.');
        if (sources.redis.kind === 'variable') report('REDIS_URL is yours and was left as it is.');
      }
      const shop = await createShop({ env, options, sources, paths, report });
      return await runUntilStopped(shop, { began, report });
    } finally {
      lock.release();
    }
  } catch (error) {
    if (error instanceof DataFolderError || error instanceof MissingProgramError) {
      report(error.message);
      return 1;
    }
    throw error;
  }
}

/** Redis is the one service without a stand-in: it has to be there, or be installed, before anything starts. */
export async function withRedis(sources: Sources, env: NodeJS.ProcessEnv, report: Report): Promise<Sources> {
  if (sources.redis.kind !== 'missing') return sources;
  const binary = await ensureProgram(REDIS, { env, report });
  return { ...sources, redis: { kind: 'path', binary } };
}

async function runUntilStopped(shop: Shop, { began, report }: { began: number; report: Report }): Promise<number> {
  const stop = onStopRequest({ onInsist: () => shop.kill() });
  let code = 0;
  try {
    const started = shop.startAll();
    started.catch(() => {});
    const result = await Promise.race([started, stop.requested]);
    if (typeof result === 'object') {
      const { api, web, stripe, files, mailbox } = shop.urls();
      const env = shop.environment();
      report(
        readyMessage({
          readyMs: Date.now() - began,
          webUrl: web,
          apiUrl: api,
          stripeUrl: stripe,
          filesUrl: files,
          mailboxUrl: mailbox,
          mongo: withoutPassword(env['MONGODB_URI'] ?? ''),
          redis: withoutPassword(env['REDIS_URL'] ?? ''),
          dataDir: shop.paths.dataDir,
          demo: result.demo,
        }),
      );
    }
    const reason = await stop.requested;
    report('');
    report(`Stopping (${reason}) …`);
  } catch (error) {
    code = 1;
    report('');
    report('Cartwright could not start:');
    report(error instanceof StartError ? error.message : error instanceof Error ? error.message : String(error));
    report('Stopping what was started …');
  }
  await shop.stop();
  report(code === 0 ? 'Everything is stopped.' : 'Everything is stopped. `npm run doctor` may tell more.');
  stop.dispose();
  return code;
}
