import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { DATABASE, portWishes, shopEnvironment, systemEnvironment, type Ports } from './environment.ts';
import { startGuard } from './guard.ts';
import { checkMongo } from './health.ts';
import { stopLeftovers } from './leftovers.ts';
import { createErrorNotices } from './log-lines.ts';
import { initiateReplicaSet } from './mongod.ts';
import type { StartOptions } from './options.ts';
import type { Paths } from './paths.ts';
import { createPortPicker } from './ports.ts';
import { processBirth, signalGroup } from './processes.ts';
import { seconds, withoutPassword, type Report } from './report.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { isSeeded, markSeeded, runSeed } from './seeding.ts';
import * as specs from './service-specs.ts';
import { describeSource, type Sources } from './sources.ts';
import { ownIdentity, readJsonFile, removeState, writeState, type ServiceState, type ShopState } from './state.ts';
import { createSupervisor, type ServiceSpec } from './supervisor.ts';
import { ensureWebBuilt } from './web-build.ts';

/** What the state file tells about a service beside its process. */
type Known = { title: string; source: string; address: string };

/**
 * One shop on one data folder, whose lock the caller holds.
 * `startDatabases` brings up MongoDB and Redis, `startAll` everything; `stop` ends what was started, last first.
 */
export async function createShop({
  env,
  options,
  sources,
  paths,
  report,
  node = process.execPath,
}: {
  env: NodeJS.ProcessEnv;
  options: StartOptions;
  sources: Sources;
  paths: Paths;
  report: Report;
  node?: string;
}) {
  const startedAt = new Date();
  stopLeftovers(paths, report);
  const secrets = loadOrCreateSecrets(paths.secrets);
  const picker = createPortPicker();
  const ports: Ports = {};
  for (const wish of portWishes({ options, env, sources, last: readJsonFile<Ports>(paths.lastPorts) ?? {} })) {
    const choice = await picker.pick(wish);
    ports[wish.name] = choice.port;
    if (choice.moved) report(`Port ${choice.preferred} (${wish.name}) is taken; using ${choice.port}.`);
  }
  writeFileSync(paths.lastPorts, `${JSON.stringify(ports)}\n`);

  const guard = startGuard({ node, entry: paths.entry.guard });
  let stopping = false;
  const onChild = (pid: number, alive: boolean) => {
    // A step of the start that was still under way when the stop began may come to this.
    if (alive && stopping) {
      signalGroup(pid, 'SIGKILL');
    } else if (alive) {
      helpers.add(pid);
      guard.add(pid);
    } else {
      helpers.delete(pid);
      guard.remove(pid);
    }
  };
  const helpers = new Set<number>();
  const known = new Map<string, Known>();
  let readyAt: Date | undefined;
  let shopEnv = shopEnvironment({ env, options, sources, ports, secrets, paths });
  const baseEnv = systemEnvironment(env, paths);
  const context: specs.SpecContext = { paths, node, ports, baseEnv };
  const withCache = (): Record<string, string> => ({
    ...shopEnv,
    NODE_COMPILE_CACHE: baseEnv['NODE_COMPILE_CACHE'] ?? '',
  });

  const urls = (): ShopState['urls'] => ({
    api: shopEnv['PUBLIC_URL'] ?? '',
    web: shopEnv['WEB_URL'] ?? '',
    stripe: ports.stripe === undefined ? undefined : `http://127.0.0.1:${ports.stripe}`,
    files: ports.files === undefined ? undefined : `http://127.0.0.1:${ports.files}`,
    mailbox: ports.mailbox === undefined ? undefined : `http://127.0.0.1:${ports.mailbox}`,
  });
  const saveState = () => {
    const running = new Map(supervisor.views().map((view) => [view.name, view]));
    const services: ServiceState[] = [...known].map(([name, facts]) => {
      const view = running.get(name);
      const pid = view?.pid;
      return {
        name,
        ...facts,
        ...(pid === undefined ? {} : { pid, birth: processBirth(pid) }),
        status: view?.status ?? 'outside',
        restarts: view?.restarts ?? 0,
      };
    });
    writeState(paths.state, {
      launcher: ownIdentity(),
      startedAt: startedAt.toISOString(),
      readyAt: readyAt?.toISOString() ?? null,
      dataDir: paths.dataDir,
      ports,
      services,
      urls: urls(),
      env: {
        MONGODB_URI: shopEnv['MONGODB_URI'] ?? '',
        REDIS_URL: shopEnv['REDIS_URL'] ?? '',
        SMTP_URL: shopEnv['SMTP_URL'],
      },
    });
  };
  const supervisor = createSupervisor({
    guard,
    report,
    onChange: saveState,
    onLine: createErrorNotices({ report }),
  });

  const bringUp = async (spec: ServiceSpec, facts: Known): Promise<string[]> => {
    known.set(spec.name, facts);
    const began = Date.now();
    const lines = await supervisor.start(spec);
    report(`+ ${spec.title}: ${withoutPassword(facts.address)} (${seconds(Date.now() - began)})`);
    return lines;
  };
  const outside = (name: string, title: string, source: string, address: string) => {
    known.set(name, { title, source, address });
    report(`+ ${title}: ${withoutPassword(address)} (from ${source})`);
  };

  const startMongo = async (): Promise<void> => {
    const source = sources.mongo;
    if (source.kind === 'variable') return outside('mongo', 'MongoDB', source.variable, source.value);
    const address = `mongodb://127.0.0.1:${ports.mongo}/${DATABASE}`;
    const facts = { title: 'MongoDB', source: describeSource(source), address };
    let uri: string;
    if (source.kind === 'path') {
      mkdirSync(paths.data('mongod'), { recursive: true });
      await bringUp(specs.mongodSpec(context, source.binary), facts);
      uri = await initiateReplicaSet(ports.mongo ?? 0, DATABASE);
    } else {
      const lines = await bringUp(specs.embeddedMongoSpec(context), facts);
      uri = withDatabase(lines.map((line) => /mongodb:\/\/\S+/.exec(line)?.[0]).find(Boolean) ?? address);
    }
    shopEnv = shopEnvironment({ env, options, sources, ports, secrets, paths, mongoUri: uri });
    facts.address = uri;
  };

  const startRedis = async (): Promise<void> => {
    const source = sources.redis;
    const address = shopEnv['REDIS_URL'] ?? '';
    if (source.kind === 'variable') return outside('redis', 'Redis', source.variable, address);
    if (source.kind !== 'path') throw new Error('Redis is missing.');
    mkdirSync(paths.data('redis'), { recursive: true });
    await bringUp(specs.redisSpec(context, source.binary), { title: 'Redis', source: source.binary, address });
  };

  const startStripe = async (): Promise<void> => {
    if (sources.stripe.kind === 'variable') {
      return outside(
        'stripe',
        'Payments',
        sources.stripe.variable,
        shopEnv['STRIPE_API_BASE'] ?? 'https://api.stripe.com',
      );
    }
    const keys = {
      secretKey: shopEnv['STRIPE_SECRET_KEY'] ?? secrets.stripeSecretKey,
      webhookSecret: shopEnv['STRIPE_WEBHOOK_SECRET'] ?? secrets.stripeWebhookSecret,
    };
    const facts = { title: 'Payments', source: 'built in', address: urls().stripe ?? '' };
    await bringUp(specs.stripeSpec(context, keys), facts);
  };

  const startFiles = async (): Promise<void> => {
    if (sources.files.kind === 'variable') {
      const where = shopEnv['S3_ENDPOINT'] ?? 'https://s3.amazonaws.com';
      return outside('files', 'Files', sources.files.variable, where);
    }
    const facts = { title: 'Files', source: 'built in', address: urls().files ?? '' };
    await bringUp(specs.filesSpec(context, shopEnv), facts);
  };

  const startMailbox = async (): Promise<void> => {
    if (sources.mail.kind === 'variable') return outside('mailbox', 'Mail', sources.mail.variable, sources.mail.value);
    await bringUp(specs.mailboxSpec(context), { title: 'Mailbox', source: 'built in', address: urls().mailbox ?? '' });
  };

  /** Loads the demo catalog once per database; somebody's own database only when it is empty. */
  const seedOnce = async (): Promise<boolean> => {
    const uri = shopEnv['MONGODB_URI'] ?? '';
    const identity = sources.mongo.kind === 'variable' ? sources.mongo.value : describeSource(sources.mongo);
    if (isSeeded(paths, identity)) return true;
    if (!options.seed || !existsSync(paths.entry.seed)) return false;
    if (shopEnv['NODE_ENV'] === 'production') {
      report('NODE_ENV is production; the demo catalog, whose accounts everybody knows, is not loaded.');
      return false;
    }
    if (sources.mongo.kind === 'variable' && (await checkMongo(uri)).empty !== true) {
      report('MONGODB_URI points to a database with data in it; the demo catalog is not loaded.');
      return false;
    }
    const began = Date.now();
    report('Loading the demo catalog (first start only) …');
    const args = options.products === undefined ? [] : ['--products', String(options.products)];
    await runSeed({ paths, node, env: withCache(), args, onLine: (line) => report(`    ${line}`), onChild });
    markSeeded(paths, identity);
    report(`+ Demo catalog loaded (${seconds(Date.now() - began)})`);
    return true;
  };

  const startWeb = async (): Promise<void> => {
    const began = Date.now();
    if (await ensureWebBuilt(paths, { node, report, onChild })) {
      report(`+ Storefront built (${seconds(Date.now() - began)})`);
    }
    // Somebody's own database may hold no demo accounts, and a sign-in page must not suggest them there.
    const demoAccounts = options.seed && shopEnv['NODE_ENV'] !== 'production' && sources.mongo.kind !== 'variable';
    const facts = { title: 'Storefront', source: 'this checkout', address: `http://127.0.0.1:${ports.web}` };
    await bringUp(specs.webSpec(context, { env: shopEnv, demoAccounts }), facts);
  };

  const startDatabases = async (): Promise<void> => {
    await Promise.all([startMongo(), startRedis()]);
  };

  return {
    paths,
    urls,
    startDatabases,
    /** The variables that programs of this shop run with; complete once the databases are up. */
    environment: withCache,
    onChild,

    /** Starts everything, side by side where nothing waits for another. Resolves when all is up. */
    async startAll(): Promise<{ demo: boolean }> {
      let demo = false;
      const core = async () => {
        await startDatabases();
        demo = await seedOnce();
        const api = { title: 'API', source: 'this checkout', address: urls().api };
        const worker = { title: 'Worker', source: 'this checkout', address: `http://127.0.0.1:${ports.worker}` };
        await Promise.all([
          bringUp(specs.apiSpec(context, withCache()), api),
          bringUp(specs.workerSpec(context, withCache()), worker),
        ]);
      };
      await Promise.all([core(), startStripe(), startFiles(), startMailbox(), startWeb()]);
      readyAt = new Date();
      saveState();
      return { demo };
    },

    /** Stops everything in order; afterwards no process of this shop is left. */
    async stop(): Promise<void> {
      stopping = true;
      for (const pid of helpers) signalGroup(pid, 'SIGKILL');
      await supervisor.stopAll();
      removeState(paths.state);
      picker.release();
      await guard.farewell();
    },

    /** Ends everything at once. */
    kill(): void {
      stopping = true;
      for (const pid of helpers) signalGroup(pid, 'SIGKILL');
      supervisor.killAll();
    },
  };
}

export type Shop = Awaited<ReturnType<typeof createShop>>;

/** Adds the shop's database to an address that names none. */
function withDatabase(uri: string): string {
  const url = new URL(uri);
  if (url.pathname === '' || url.pathname === '/') url.pathname = `/${DATABASE}`;
  return url.href;
}
