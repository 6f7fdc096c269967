import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkTcp } from './health.ts';
import { findOnPath } from './sources.ts';

/** Addresses such as `127.0.0.1:3001`. */
export type NginxOptions = {
  root: string;
  port: number;
  api: readonly string[];
  web: readonly string[];
  /** Directives of the realip module, for tests with another proxy in front. */
  realIp?: string;
};

/**
 * Fills in the template of docker/nginx as the image's start script does: every name in braces with its value.
 * @throws Error naming a placeholder without a value
 */
export function renderNginxTemplate(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\$\{(CARTWRIGHT_[A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`docker/nginx: no value for ${name}`);
    return value;
  });
}

/**
 * Runs the nginx of this machine with the configuration of docker/nginx in front of the given servers.
 * @returns its URL, and how to stop it and see what it logged
 * @throws Error with nginx's own words when it does not take the configuration
 */
export async function startNginx({ root, port, api, web, realIp = '' }: NginxOptions) {
  const binary = findOnPath('nginx', { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` });
  if (binary === undefined) throw new Error('nginx is not installed.');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nginx-'));
  const source = path.join(root, 'docker', 'nginx');
  mkdirSync(path.join(folder, 'conf.d'));
  // Temporary files lie in this run's own folder, which goes with it.
  const main = readFileSync(path.join(source, 'nginx.conf'), 'utf8');
  writeFileSync(path.join(folder, 'nginx.conf'), main.replaceAll(' /tmp/', ` ${folder}/`));
  const servers = (addresses: readonly string[]) =>
    addresses.map((address) => `server ${address} max_fails=0;`).join(' ');
  const site = renderNginxTemplate(readFileSync(path.join(source, 'cartwright.conf.template'), 'utf8'), {
    CARTWRIGHT_LISTEN: `127.0.0.1:${port}`,
    CARTWRIGHT_API_SERVERS: servers(api),
    CARTWRIGHT_WEB_SERVERS: servers(web),
    CARTWRIGHT_RESOLVER: '127.0.0.1',
    CARTWRIGHT_REAL_IP: realIp,
    CARTWRIGHT_ACCESS_LOG: path.join(folder, 'access.log'),
  });
  writeFileSync(path.join(folder, 'conf.d', 'cartwright.conf'), site);

  const globals = `daemon off; master_process off; pid ${folder}/nginx.pid;`;
  const errorLog = path.join(folder, 'error.log');
  const child = spawn(binary, ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', errorLog, '-g', globals], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      words += error.message;
      resolve();
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let over = false;
  void ended.then(() => (over = true));
  while (!(await checkTcp('127.0.0.1', port)).ok) {
    if (over) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`nginx did not start:\n${words}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    accessLog: () => readFileSync(path.join(folder, 'access.log'), 'utf8'),
    [Symbol.asyncDispose]: stop,
  };
}
