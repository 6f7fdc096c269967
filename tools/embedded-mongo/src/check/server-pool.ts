import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleHost } from './bundle-host.ts';
import type { HostOrder } from './server-host.ts';

/** A server process under check. */
export interface ServerProcess {
  /** Ends it and waits until it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Keeps the next server process loaded while the present one runs. */
export interface ServerPool {
  readonly port: number;
  start(order: Omit<HostOrder, 'port'>): Promise<ServerProcess>;
  close(): Promise<void>;
}

interface Loaded {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  readonly lines: AsyncIterator<string>;
}

export async function createServerPool(): Promise<ServerPool> {
  const port = await freePort();
  const bundle = await bundleHost();
  let next = load(bundle);

  return {
    port,
    async start(order) {
      const { child, exited, lines } = await next;
      next = load(bundle);
      child.stdin?.write(`${JSON.stringify({ ...order, port })}\n`);
      const answer = await lines.next();
      if (answer.value !== 'ready') {
        await exited;
        throw new Error(`the server did not start on ${order.dataDir}: exit code ${child.exitCode}`);
      }
      return {
        async end(signal) {
          child.kill(signal);
          await exited;
        },
      };
    },
    async close() {
      const { child, exited } = await next;
      child.kill('SIGKILL');
      await exited;
      rmSync(bundle, { recursive: true });
    },
  };
}

async function load(bundle: string): Promise<Loaded> {
  const child = spawn(process.execPath, [join(bundle, 'server-host.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Compiled code is kept between the many processes.
    env: { ...process.env, NODE_COMPILE_CACHE: join(bundle, 'compiled') },
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.value !== 'loaded') throw new Error('the server process did not load');
  return { child, exited, lines };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
