import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export type RedisServer = AsyncDisposable & {
  url: string;
  port: number;
  pid: number;
  /** Ends the server as a crash would, and removes its files unless they lie in a folder that was given. */
  stop(): Promise<void>;
  /** SIGSTOP and SIGCONT: connections stay, and nobody answers. */
  pause(): void;
  resume(): void;
};

export type RedisServerOptions = {
  /** A free one when absent. */
  port?: number;
  /** Folder with an append-only file that outlives the server; nothing is kept when absent. */
  dataDir?: string;
};

const ATTEMPTS = 3;
const READY_MS = 10_000;

/**
 * The shell outlives neither the server nor us: it waits on its standard input, which ends when this process does, in
 * whatever way, and takes the server along.
 */
const GUARDED = 'redis-server "$@" & server=$!; echo "pid $server"; cat >/dev/null; kill -9 $server; wait';

/** `always`: what Redis has acknowledged is in the file when the server dies. */
const KEPT = ['--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'yes'];
const NOT_KEPT = ['--appendonly', 'no'];

const startOnce = async (given: { dir: string; kept: boolean; port: number }): Promise<RedisServer | undefined> => {
  const { dir, kept, port } = given;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', ...(kept ? KEPT : NOT_KEPT)];
  const child = spawn('sh', ['-c', GUARDED, 'sh', ...args, '--maxmemory-policy', 'noeviction'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const ready = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), READY_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const up = output.includes('Ready to accept connections');
      if (!up && !output.includes('Address already in use')) return;
      clearTimeout(timer);
      resolve(up);
    });
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
  });

  const stop = async (): Promise<void> => {
    child.stdin.destroy();
    await exited;
    if (!kept) await rm(dir, { recursive: true, force: true });
  };
  if (!(await ready)) {
    child.stdin.destroy();
    return undefined;
  }
  child.unref();
  const pid = Number(/pid (\d+)/.exec(output)?.[1]);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid,
    stop,
    pause: () => void process.kill(pid, 'SIGSTOP'),
    resume: () => void process.kill(pid, 'SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
};

/** Starts a private redis-server; on a free port unless one is given. Ends with this process. */
export const startRedisServer = async (options: RedisServerOptions = {}): Promise<RedisServer> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const dir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'cartwright-redis-')));
    const kept = options.dataDir !== undefined;
    const server = await startOnce({ dir, kept, port: options.port ?? (await freePort()) });
    if (server) return server;
    if (!kept) await rm(dir, { recursive: true, force: true });
  }
  throw new Error('redis-server could not be started; is it installed?');
};
