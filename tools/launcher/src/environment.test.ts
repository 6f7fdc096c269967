import { describe, expect, it } from 'vitest';
import { fileOrigins, portWishes, shopEnvironment } from './environment.ts';
import { generateSecrets } from './secrets.ts';
import { decideSources } from './sources.ts';

const secrets = generateSecrets();
const paths = { data: (...parts: string[]) => ['/data', ...parts].join('/') };
const nothing = () => undefined;
const options = { port: undefined, webPort: undefined };

function environment(env: NodeJS.ProcessEnv, ports = {}, port?: string) {
  const sources = decideSources(env, nothing);
  return shopEnvironment({ env, options: { port }, sources, ports, secrets, paths });
}

describe('shopEnvironment', () => {
  it('provides every service that no variable points to', () => {
    const env = environment({}, { api: 3001, web: 4201, stripe: 4243, files: 9001, smtp: 1026, redis: 6480 });
    expect(env).toMatchObject({
      PORT: '3001',
      PUBLIC_URL: 'http://127.0.0.1:3001',
      WEB_URL: 'http://127.0.0.1:4201',
      REDIS_URL: 'redis://127.0.0.1:6480',
      STRIPE_API_BASE: 'http://127.0.0.1:4243',
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      S3_BUCKET: 'cartwright',
      S3_ENDPOINT: 'http://127.0.0.1:9001',
      S3_SECRET_ACCESS_KEY: secrets.s3SecretAccessKey,
      SMTP_URL: 'smtp://127.0.0.1:1026',
    });
    expect(env['ALLOWED_ORIGINS']).toBe('http://127.0.0.1:4201,http://localhost:4201');
  });

  it('never replaces a service or a secret of the caller', () => {
    const own = {
      MONGODB_URI: 'mongodb://db/shop',
      REDIS_URL: 'redis://cache',
      STRIPE_SECRET_KEY: 'sk_test_mine',
      S3_BUCKET: 'mine',
      SMTP_URL: 'smtp://mail',
      SESSION_SECRET: 'mine',
      WEB_URL: 'https://shop.test',
    };
    const env = environment(own);
    expect(env).toMatchObject(own);
    expect(env['STRIPE_API_BASE']).toBeUndefined();
    expect(env['S3_ENDPOINT']).toBeUndefined();
    expect(env['STRIPE_WEBHOOK_SECRET']).toBeUndefined();
    expect(env['ALLOWED_ORIGINS']?.split(',')[0]).toBe('https://shop.test');
  });

  it('lets a wrong port through for the configuration check to name, and the command line win over the variable', () => {
    expect(environment({ PORT: 'abc' })['PORT']).toBe('abc');
    expect(environment({ PORT: 'abc' }, { api: 5000 }, '5000')['PORT']).toBe('5000');
    expect(environment({ PORT: '5000' }, { api: 5001 })['PORT']).toBe('5001');
  });

  it('treats an empty variable as unset', () => {
    expect(environment({ REDIS_URL: '' }, { redis: 7000 })['REDIS_URL']).toBe('redis://127.0.0.1:7000');
  });
});

describe('fileOrigins', () => {
  it('tells where pages put files and read them from, each once', () => {
    const S3_ENDPOINT = 'http://127.0.0.1:9000';
    expect(fileOrigins({ S3_BUCKET: 'b', S3_ENDPOINT })).toEqual([S3_ENDPOINT]);
    expect(fileOrigins({ S3_BUCKET: 'b', S3_REGION: 'eu-west-1', S3_PUBLIC_URL: 'https://cdn.test/x' })).toEqual([
      'https://b.s3.eu-west-1.amazonaws.com',
      'https://cdn.test',
    ]);
    expect(fileOrigins({})).toEqual([]);
  });
});

describe('portWishes', () => {
  it('asks for the port of the command line, then the variable, then the last start, then the default', () => {
    const sources = decideSources({ MONGODB_URI: 'mongodb://db' }, nothing);
    const wish = (extra: object) =>
      Object.fromEntries(
        portWishes({ options, env: {}, sources, last: {}, ...extra }).map(({ name, preferred }) => [name, preferred]),
      );
    expect(wish({})).toMatchObject({
      api: 3000,
      web: 4200,
      redis: 6479,
      stripe: 4242,
      files: 9000,
      mailbox: 8025,
      smtp: 1025,
    });
    expect(wish({})).not.toHaveProperty('mongo');
    expect(wish({ last: { api: 3002 } })).toMatchObject({ api: 3002 });
    expect(wish({ last: { api: 3002 }, env: { PORT: '3003' } })).toMatchObject({ api: 3003 });
    expect(wish({ env: { PORT: '3003' }, options: { port: '3004', webPort: '81' } })).toMatchObject({
      api: 3004,
      web: 81,
    });
  });
});

describe('decideSources', () => {
  it('prefers the variable, then a program on the PATH, then the built-in service', () => {
    const find = (name: string) => (name === 'mongod' || name === 'valkey-server' ? `/usr/bin/${name}` : undefined);
    expect(decideSources({ MONGODB_URI: 'mongodb://db' }, find).mongo).toMatchObject({ kind: 'variable' });
    expect(decideSources({}, find).mongo).toEqual({ kind: 'path', binary: '/usr/bin/mongod' });
    expect(decideSources({}, find).redis).toEqual({ kind: 'path', binary: '/usr/bin/valkey-server' });
    expect(decideSources({}, nothing)).toEqual({
      mongo: { kind: 'embedded' },
      redis: { kind: 'missing' },
      stripe: { kind: 'embedded' },
      files: { kind: 'embedded' },
      mail: { kind: 'embedded' },
    });
  });
});
