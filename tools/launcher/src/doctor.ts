import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { lockHolder } from './data-folder.ts';
import { checkHttp, checkMongo, checkRedis, checkTcp, type Health } from './health.ts';
import { parseStartOptions } from './options.ts';
import { createPaths, type Paths } from './paths.ts';
import { preflightProblems } from './preflight.ts';
import { formatTable, withoutPassword } from './report.ts';
import { decideSources, describeSource, findOnPath, type Source } from './sources.ts';
import type { CommandInput } from './start.ts';
import { readRunningState, type ServiceState, type ShopState } from './state.ts';
import { CHROMIUM, howToInstall, REDIS } from './system-packages.ts';
import { isWebBuilt } from './web-build.ts';

type Row = { title: string; source: string; address: string; state: string; advice?: string | undefined };

/**
 * `npm run doctor`: what each service is, where it comes from and whether it is healthy, with the shop running or not.
 * @returns 0 when nothing is wrong
 */
export async function doctor({ root, argv, env, report }: CommandInput): Promise<number> {
  const { options, problems } = parseStartOptions(argv, { root, env });
  const paths = createPaths({ root, dataDir: options.dataDir });
  const sources = decideSources(env);
  const state = readRunningState(paths.state);
  const starting = state === undefined && lockHolder(paths) !== undefined;
  problems.push(...(await preflightProblems({ env, options, sources, paths })));

  report('Machine');
  const machine = machineRows(paths, env);
  report(formatTable(machine.map((row) => [row.title, row.address, row.state])));

  report('');
  report(
    state === undefined
      ? `Services (${starting ? 'a start is under way' : 'the shop is not running'}; data folder ${paths.dataDir})`
      : `Services (running since ${state.startedAt}, launcher process ${state.launcher.pid}; data folder ${paths.dataDir})`,
  );
  const rows = state === undefined ? plannedRows(sources) : await runningRows(state);
  report(
    formatTable([
      ['SERVICE', 'FROM', 'ADDRESS', 'STATE'],
      ...rows.map((row) => [row.title, row.source, withoutPassword(row.address), row.state]),
    ]),
  );

  const advice = [...machine, ...rows].flatMap((row) => (row.advice === undefined ? [] : [row.advice]));
  advice.push(...problems);
  report('');
  if (advice.length === 0) {
    report(state === undefined ? 'Nothing is wrong. `npm start` starts the shop.' : 'Everything is healthy.');
    return 0;
  }
  report('What to do');
  for (const line of advice) report(`  - ${line.replaceAll('\n', '\n    ')}`);
  return 1;
}

function machineRows(paths: Paths, env: NodeJS.ProcessEnv): Row[] {
  const version = (command: string, ...args: string[]) => {
    const result = spawnSync(command, args, { encoding: 'utf8' });
    return result.error ? undefined : result.stdout.trim().split('\n')[0];
  };
  const git = version('git', '--version');
  const chromium = CHROMIUM.binaries.map((name) => findOnPath(name, env)).find((found) => found !== undefined);
  const space = statfsSync(paths.root);
  const gigabytes = (space.bavail * space.bsize) / 1e9;
  const row = (title: string, address: string, state: string, advice?: string): Row => ({
    title,
    source: '',
    address,
    state,
    advice,
  });
  return [
    row('Node', `${process.version} (${process.platform} ${process.arch})`, 'ok'),
    row('git', git ?? '-', git === undefined ? 'not found (needed only to change the code)' : 'ok'),
    row('Chromium', chromium ?? '-', chromium === undefined ? 'not found (needed only for the browser tests)' : 'ok'),
    row(
      'Free space',
      `${gigabytes.toFixed(1)} GB`,
      gigabytes < 1 ? 'low' : 'ok',
      gigabytes < 1 ? `Less than 1 GB is free on the disk of ${paths.root}; make room.` : undefined,
    ),
    row('Storefront', paths.webDist, isWebBuilt(paths) ? 'built' : 'will be built by the next start'),
  ];
}

function plannedRows(sources: ReturnType<typeof decideSources>): Row[] {
  const row = (title: string, source: Source): Row => ({
    title,
    source: describeSource(source),
    address: source.kind === 'variable' && source.variable !== 'STRIPE_SECRET_KEY' ? source.value : '-',
    state: source.kind === 'variable' ? 'yours' : source.kind === 'missing' ? 'missing' : 'ready to start',
  });
  const redis = row('Redis', sources.redis);
  if (sources.redis.kind === 'missing') redis.advice = howToInstall(REDIS, process.env);
  const ours = ['API', 'Worker', 'Storefront'].map((title) => ({
    ...row(title, { kind: 'embedded' }),
    source: 'this checkout',
  }));
  const services = [row('Payments', sources.stripe), row('Files', sources.files), row('Mail', sources.mail)];
  return [row('MongoDB', sources.mongo), redis, ...services, ...ours];
}

async function runningRows(state: ShopState): Promise<Row[]> {
  return Promise.all(
    state.services.map(async (service): Promise<Row> => {
      const health = await checkService(service, state);
      const restarts = service.restarts > 0 ? `; started again ${service.restarts}×` : '';
      const where = `Its log: ${state.dataDir}/logs/${service.name}.log`;
      return {
        title: service.title,
        source: service.source,
        address: service.address,
        state: `${health.ok ? 'healthy' : 'WRONG'} (${health.detail}${restarts})`,
        advice: health.ok
          ? undefined
          : `${service.title} at ${withoutPassword(service.address)}: ${health.detail}. ` +
            (service.status === 'outside'
              ? `It comes from ${service.source}; start it or correct the variable.`
              : where),
      };
    }),
  );
}

function checkService(service: ServiceState, state: ShopState): Promise<Health> {
  const { address } = service;
  switch (service.name) {
    case 'mongo':
      return checkMongo(state.env.MONGODB_URI);
    case 'redis':
      return checkRedis(state.env.REDIS_URL);
    case 'api':
    case 'worker':
      return checkHttp(`${service.name === 'api' ? address : `http://127.0.0.1:${state.ports.worker}`}/health/ready`);
    case 'web':
      return checkHttp(`${address}/`);
    case 'mailbox':
      return service.status === 'outside' ? checkSmtp(address) : checkHttp(`${address}/api/messages`);
    case 'stripe':
    case 'files':
      // A refusal for lack of a key is an answer as well.
      return checkTcp(new URL(address).hostname, Number(new URL(address).port || 443));
    default:
      return checkHttp(address);
  }
}

function checkSmtp(address: string): Promise<Health> {
  const { hostname, port, protocol } = new URL(address);
  return checkTcp(hostname, Number(port || (protocol === 'smtps:' ? 465 : 25)));
}
