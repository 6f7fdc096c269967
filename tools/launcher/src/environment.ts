import { isPort, type StartOptions } from './options.ts';
import type { Paths } from './paths.ts';
import type { PortWish } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { Sources } from './sources.ts';

/** The local ports of a shop; those of services that come from a variable are absent. */
export type Ports = Partial<Record<PortName, number>>;
export type PortName = 'api' | 'worker' | 'web' | 'stripe' | 'files' | 'mailbox' | 'smtp' | 'mongo' | 'redis';

export const DEFAULT_PORTS: Record<PortName, number> = {
  api: 3000,
  worker: 3010,
  web: 4200,
  stripe: 4242,
  files: 9000,
  mailbox: 8025,
  smtp: 1025,
  mongo: 27117,
  redis: 6479,
};

/** Name of the database in MongoDB servers that the launcher starts. */
export const DATABASE = 'cartwright';

/** The bucket of the local store for files, and the name that its key goes by. */
export const BUCKET = 'cartwright';

/**
 * Which ports to ask for. A port from the command line or a variable comes first, then the one of the last start, so
 * that bookmarks and signed-in browsers go on working.
 */
export function portWishes({
  options,
  env,
  sources,
  last,
}: {
  options: Pick<StartOptions, 'port' | 'webPort'>;
  env: NodeJS.ProcessEnv;
  sources: Sources;
  last: Ports;
}): (PortWish & { name: PortName })[] {
  const names: PortName[] = ['api', 'worker', 'web'];
  if (sources.mongo.kind !== 'variable') names.push('mongo');
  if (sources.redis.kind !== 'variable') names.push('redis');
  if (sources.stripe.kind === 'embedded') names.push('stripe');
  if (sources.files.kind === 'embedded') names.push('files');
  if (sources.mail.kind === 'embedded') names.push('mailbox', 'smtp');
  const asked: Partial<Record<PortName, string | undefined>> = {
    api: options.port ?? env['PORT'],
    worker: env['WORKER_PORT'],
    web: options.webPort,
  };
  return names.map((name) => {
    const text = asked[name];
    const preferred = text !== undefined && isPort(text) ? Number(text) : (last[name] ?? DEFAULT_PORTS[name]);
    return { name, preferred };
  });
}

/**
 * The variables of API, worker and seed: what the caller set, completed by what the launcher provides. A value of the
 * caller is never replaced, but for the ports, which may have had to move.
 * @param mongoUri address of the started MongoDB; until it is known its future address stands in
 */
export function shopEnvironment({
  env,
  options,
  sources,
  ports,
  secrets,
  paths,
  mongoUri,
}: {
  env: NodeJS.ProcessEnv;
  options: Pick<StartOptions, 'port'>;
  sources: Sources;
  ports: Ports;
  secrets: Secrets;
  paths: Pick<Paths, 'data'>;
  mongoUri?: string | undefined;
}): Record<string, string> {
  const own = definedEntries(env);
  const port = (name: PortName) => ports[name] ?? DEFAULT_PORTS[name];
  const local = (name: PortName) => `127.0.0.1:${port(name)}`;
  const webUrl = own['WEB_URL'] ?? `http://${local('web')}`;
  const webOrigins = [...new Set([webUrl, `http://${local('web')}`, `http://localhost:${port('web')}`])].join(',');

  const provided: Record<string, string> = {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://${local('api')}`,
    WEB_URL: webUrl,
    ALLOWED_ORIGINS: webOrigins,
    ALLOWED_RETURN_URLS: webOrigins,
    MEDIA_DIR: paths.data('media'),
    JWT_KEYS: secrets.jwtKeys,
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    SESSION_SECRET: secrets.sessionSecret,
    REDIS_URL: `redis://${local('redis')}`,
    MONGODB_URI: mongoUri ?? `mongodb://${local('mongo')}/${DATABASE}`,
  };
  if (sources.mail.kind === 'embedded') provided['SMTP_URL'] = `smtp://${local('smtp')}`;
  if (sources.stripe.kind === 'embedded') {
    provided['STRIPE_SECRET_KEY'] = secrets.stripeSecretKey;
    provided['STRIPE_WEBHOOK_SECRET'] = secrets.stripeWebhookSecret;
    provided['STRIPE_API_BASE'] = `http://${local('stripe')}`;
  }
  if (sources.files.kind === 'embedded') {
    provided['S3_BUCKET'] = BUCKET;
    provided['S3_ENDPOINT'] = `http://${local('files')}`;
    provided['S3_ACCESS_KEY_ID'] = BUCKET;
    provided['S3_SECRET_ACCESS_KEY'] = secrets.s3SecretAccessKey;
  }
  // A wrong port goes through as it is, so that the configuration check can name it.
  const moved: Record<string, string> = {};
  const wishedPort = options.port === undefined ? own['PORT'] : undefined;
  moved['PORT'] = wishedPort === undefined || isPort(wishedPort) ? String(port('api')) : wishedPort;
  const wishedWorker = own['WORKER_PORT'];
  moved['WORKER_PORT'] = wishedWorker === undefined || isPort(wishedWorker) ? String(port('worker')) : wishedWorker;
  return { ...provided, ...own, ...moved };
}

/** The origins that pages put files to and read pictures from, for the storefront's content security policy. */
export function fileOrigins(env: Readonly<Record<string, string | undefined>>): string[] {
  const { S3_BUCKET: bucket, S3_REGION: region = 'us-east-1', S3_ENDPOINT: endpoint, S3_PUBLIC_URL: publicUrl } = env;
  if (bucket === undefined) return [];
  const urls = [endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`, ...(publicUrl ? [publicUrl] : [])];
  return [...new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))];
}

/** What programs that are not the shop's hosts get: the system's variables and a cache for compiled code. */
export function systemEnvironment(env: NodeJS.ProcessEnv, paths: Pick<Paths, 'cache'>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of [
    'PATH',
    'HOME',
    'USER',
    'LANG',
    'LC_ALL',
    'TZ',
    'TMPDIR',
    'SHELL',
    'LD_LIBRARY_PATH',
    'NODE_OPTIONS',
  ]) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, NODE_COMPILE_CACHE: `${paths.cache}/compiled` };
}

/** Variables that are set to something; an empty one counts as unset. */
function definedEntries(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && value !== '') entries[name] = value;
  return entries;
}
