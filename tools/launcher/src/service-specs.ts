import { BUCKET, fileOrigins, type Ports } from './environment.ts';
import { checkHttp, checkRedis, checkTcp } from './health.ts';
import type { Paths } from './paths.ts';
import type { ServiceSpec } from './supervisor.ts';

type Env = Record<string, string>;

/** What every specification is made from. `port` knows the ports that were picked. */
export type SpecContext = { paths: Paths; node: string; ports: Ports; baseEnv: Env };

const READY_LINE = { line: /^ready\b/ };

/** The built-in MongoDB server, its data in the data folder. */
export function embeddedMongoSpec({ paths, node, ports, baseEnv }: SpecContext): ServiceSpec {
  return {
    name: 'mongo',
    title: 'MongoDB (built in)',
    command: node,
    args: [paths.entry.embeddedMongo, '--port', String(ports.mongo), '--data', paths.data('mongo')],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('mongo'),
    ready: READY_LINE,
    graceMs: 20_000,
  };
}

/** A mongod of this machine as a replica set of one; initiate it once it listens. */
export function mongodSpec({ paths, ports, baseEnv }: SpecContext, binary: string): ServiceSpec {
  return {
    name: 'mongo',
    title: 'MongoDB (mongod)',
    command: binary,
    args: [
      ...['--port', String(ports.mongo), '--bind_ip', '127.0.0.1', '--replSet', 'cartwright'],
      ...['--dbpath', paths.data('mongod'), '--quiet', '--nounixsocket'],
      // A killed process must not hold its locks for the usual minute; fault tests use failpoints.
      ...['--setParameter', 'transactionLifetimeLimitSeconds=20', '--setParameter', 'enableTestCommands=1'],
    ],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('mongo'),
    ready: { probe: async () => (await checkTcp('127.0.0.1', ports.mongo ?? 0)).ok },
    graceMs: 20_000,
  };
}

/** A private Redis that keeps what it is told: append-only file, nothing evicted. */
export function redisSpec({ paths, ports, baseEnv }: SpecContext, binary: string): ServiceSpec {
  return {
    name: 'redis',
    title: 'Redis',
    command: binary,
    args: [
      ...['--port', String(ports.redis), '--bind', '127.0.0.1', '--dir', paths.data('redis')],
      ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
      ...['--save', '', '--daemonize', 'no', '--logfile', ''],
    ],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('redis'),
    ready: { probe: async () => (await checkRedis(`redis://127.0.0.1:${ports.redis}`, 1000)).ok },
  };
}

/** The local stand-in for Stripe; it sends its webhooks to the API. */
export function stripeSpec(
  { paths, node, ports, baseEnv }: SpecContext,
  { secretKey, webhookSecret }: { secretKey: string; webhookSecret: string },
): ServiceSpec {
  return {
    name: 'stripe',
    title: 'Payments (stand-in for Stripe)',
    command: node,
    args: [
      paths.entry.stripe,
      ...['--port', String(ports.stripe), '--data', paths.data('stripe'), '--secret-key', secretKey],
      ...['--webhook-url', `http://127.0.0.1:${ports.api}/webhooks/stripe`, '--webhook-secret', webhookSecret],
    ],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('stripe'),
    ready: READY_LINE,
  };
}

/** The local stand-in for S3; pages of the storefront may put files into it. */
export function filesSpec({ paths, node, ports, baseEnv }: SpecContext, env: Env): ServiceSpec {
  const origins = (env['ALLOWED_ORIGINS'] ?? '').split(',').filter((origin) => origin !== '');
  return {
    name: 'files',
    title: 'Files (stand-in for S3)',
    command: node,
    args: [
      paths.entry.s3,
      ...['--port', String(ports.files), '--data', paths.data('files'), '--bucket', BUCKET],
      ...['--region', env['S3_REGION'] ?? 'us-east-1'],
      ...[`--access-key-id=${env['S3_ACCESS_KEY_ID']}`, `--secret-access-key=${env['S3_SECRET_ACCESS_KEY']}`],
      ...origins.map((origin) => `--cors-origin=${origin}`),
    ],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('files'),
    ready: READY_LINE,
  };
}

/** The local mailbox. */
export function mailboxSpec({ paths, node, ports, baseEnv }: SpecContext): ServiceSpec {
  return {
    name: 'mailbox',
    title: 'Mailbox',
    command: node,
    args: [
      paths.entry.mailbox,
      ...['--smtp-port', String(ports.smtp), '--http-port', String(ports.mailbox), '--data', paths.data('mailbox')],
    ],
    cwd: paths.root,
    env: baseEnv,
    logFile: paths.log('mailbox'),
    ready: READY_LINE,
  };
}

/** The API, up when its own readiness check says so. */
export function apiSpec({ paths, node, ports }: SpecContext, env: Env): ServiceSpec {
  return {
    name: 'api',
    title: 'API',
    command: node,
    args: [paths.entry.api],
    cwd: paths.root,
    env,
    logFile: paths.log('api'),
    ready: { probe: async () => (await checkHttp(`http://127.0.0.1:${ports.api}/health/ready`, 1000)).ok },
    graceMs: 15_000,
  };
}

/** The worker that runs jobs and relays events. */
export function workerSpec({ paths, node, ports }: SpecContext, env: Env): ServiceSpec {
  return {
    name: 'worker',
    title: 'Worker',
    command: node,
    args: [paths.entry.worker],
    cwd: paths.root,
    env,
    logFile: paths.log('worker'),
    ready: { probe: async () => (await checkHttp(`http://127.0.0.1:${ports.worker}/health/ready`, 1000)).ok },
    graceMs: 15_000,
  };
}

/** The server of the built storefront. */
export function webSpec(
  { paths, node, ports, baseEnv }: SpecContext,
  { env, demoAccounts }: { env: Env; demoAccounts: boolean },
): ServiceSpec {
  return {
    name: 'web',
    title: 'Storefront',
    command: node,
    args: [paths.entry.web],
    cwd: paths.root,
    env: {
      ...baseEnv,
      NODE_ENV: 'production',
      HOST: env['HOST'] ?? '127.0.0.1',
      PORT: String(ports.web),
      API_URL: env['PUBLIC_URL'] ?? `http://127.0.0.1:${ports.api}`,
      FILES_ORIGINS: fileOrigins(env).join(','),
      DEMO_ACCOUNTS: demoAccounts ? '1' : '0',
    },
    logFile: paths.log('web'),
    ready: { probe: async () => (await checkHttp(`http://127.0.0.1:${ports.web}/config.json`, 1000)).ok },
  };
}
