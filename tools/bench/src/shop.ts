import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild, startChild, type Child } from './child.ts';
import { shopEnvironment } from './environment.ts';

const STRIPE_SECRET_KEY = 'sk_test_bench';
const STRIPE_WEBHOOK_SECRET = 'whsec_bench';
const DATABASE = 'cartwright_bench';

const checkout = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** A shop in production mode with everything it stands on, on free ports and in a folder of its own. */
export interface BenchShop {
  readonly apiUrl: string;
  readonly limitUrl: string;
  /** An API beside the shop's own that looks at no session; empty where none was asked for. */
  readonly uncheckedUrl: string;
  /** The variables of API and worker. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of the processes that count, by name; the database is missing when it is somebody else's. */
  readonly processes: ReadonlyMap<string, number>;
  readonly limitProcess: ReadonlyMap<string, number>;
  /** As `processes`, with that other API for the shop's own. */
  readonly uncheckedProcesses: ReadonlyMap<string, number>;
  /** The last lines that API and worker logged: warnings and errors. */
  log(): string[];
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}

const LINES_SHOWN = 2;

const lastLines = (child: Child): string[] =>
  child
    .output()
    .split('\n')
    .filter((line) => !child.readyLine.includes(line))
    .slice(-LINES_SHOWN)
    .map((line) => `${child.name}: ${line.slice(0, 600)}`);

const urlIn = (child: Child): string => /^ready (\S+)/.exec(child.readyLine)?.[1] ?? '';

function withDatabase(uri: string): string {
  const url = new URL(uri);
  url.pathname = `/${DATABASE}`;
  return url.toString();
}

/** Starts the shop and seeds it. `products` undefined takes the demo catalog as it is. */
export async function startShop({
  products,
  mongo,
  unchecked,
  report,
  signal,
}: {
  products: number | undefined;
  mongo: string | undefined;
  unchecked: boolean;
  report: (line: string) => void;
  /** Ends everything that was started. */
  signal: AbortSignal;
}): Promise<BenchShop> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwright-bench-'));
  const started: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of started.splice(0).reverse()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (given: Omit<Parameters<typeof startChild>[0], 'signal'>): Promise<Child> => {
    const child = await startChild({ ...given, signal });
    started.push(child);
    return child;
  };
  const base = { PATH: process.env['PATH'] ?? '' };
  const node = (name: string, script: string, args: readonly string[], env: Readonly<Record<string, string>> = base) =>
    start({ name, command: process.execPath, args: [checkout(script), ...args], env, ready: /^ready\b/ });

  try {
    const [apiPort, redisPort] = await Promise.all([freePort(), freePort()]);
    report('Starting MongoDB, Redis and stand-ins for Stripe and mail');
    const embedded =
      mongo === undefined
        ? await node('mongo', 'tools/embedded-mongo/src/cli.ts', ['--port', '0', '--data', join(folder, 'mongo')])
        : undefined;
    const mongoUri = mongo ?? /^mongodb:\S+$/m.exec(embedded?.output() ?? '')?.[0];
    if (mongoUri === undefined) throw new Error('The embedded MongoDB server named no address');
    const redis = await start({
      name: 'redis',
      command: 'redis-server',
      args: [
        ...['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
        ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
      ],
      env: base,
      ready: /Ready to accept connections/,
    });
    const stripe = await node('stripe', 'tools/stripe-standin/src/cli.ts', [
      ...['--port', '0', '--memory', '--secret-key', STRIPE_SECRET_KEY],
      ...['--webhook-url', `http://127.0.0.1:${apiPort}/webhooks/stripe`, '--webhook-secret', STRIPE_WEBHOOK_SECRET],
    ]);
    const mailbox = await node('mailbox', 'tools/mailbox/src/cli.ts', [
      '--smtp-port',
      '0',
      '--http-port',
      '0',
      '--memory',
    ]);
    const env = shopEnvironment({
      mongoUri: withDatabase(mongoUri),
      redisUrl: `redis://127.0.0.1:${redisPort}`,
      stripeUrl: urlIn(stripe),
      stripeSecretKey: STRIPE_SECRET_KEY,
      stripeWebhookSecret: STRIPE_WEBHOOK_SECRET,
      smtpUrl: urlIn(mailbox),
      mediaDir: join(folder, 'media'),
      apiPort,
    });
    report('Seeding');
    await runChild({
      name: 'The seed',
      args: [checkout('tools/seed/src/cli.ts'), ...(products === undefined ? [] : ['--products', String(products)])],
      // Demo accounts are refused in production.
      env: { ...env, NODE_ENV: 'development' },
      onLine: (line) => report(`  ${line}`),
      signal,
    });
    report('Starting API and worker in production mode');
    const api = await node('api', 'apps/api/src/main.ts', [], env);
    const worker = await node('worker', 'apps/worker/src/main.ts', [], env);
    const other = unchecked
      ? await node('unchecked API', 'tools/bench/src/unchecked-api.fixture.ts', [], { ...env, PORT: '0' })
      : undefined;
    const limit = await node('limit', 'tools/bench/src/limit-server.ts', []);
    const processes = new Map([
      ['api', api.pid],
      ['worker', worker.pid],
      ...(embedded ? [['mongo', embedded.pid] as const] : []),
      ['redis', redis.pid],
    ]);
    return {
      apiUrl: urlIn(api),
      limitUrl: urlIn(limit),
      uncheckedUrl: other ? urlIn(other) : '',
      env,
      processes,
      limitProcess: new Map([['express', limit.pid]]),
      uncheckedProcesses: new Map([...processes, ...(other ? [['api', other.pid] as const] : [])]),
      log: () => [api, worker].flatMap(lastLines),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
