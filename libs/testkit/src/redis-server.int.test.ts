import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { startRedisServer } from './redis-server.ts';

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe('a private Redis', () => {
  it('ends when it is stopped', async () => {
    const server = await startRedisServer();
    expect(await answers(server.port)).toBe(true);
    await server.stop();
    expect(await answers(server.port)).toBe(false);
  });

  it('has in a folder of its own what it acknowledged before it was killed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'cartwright-redis-'));
    for (const expected of [null, '1', '2']) {
      const server = await startRedisServer({ dataDir });
      const client = new Redis(server.url);
      expect(await client.get('count')).toBe(expected);
      await client.incr('count');
      server.pause();
      const held = client.get('count');
      await expect(Promise.race([held, new Promise((resolve) => setTimeout(resolve, 100, 'silent'))])).resolves.toBe(
        'silent',
      );
      server.resume();
      await held;
      client.disconnect();
      await server.stop();
    }
    await rm(dataDir, { recursive: true });
  });

  it('dies with its parent, however that ends', async () => {
    const source = new URL('./redis-server.ts', import.meta.url).href;
    const script = `const { startRedisServer } = await import('${source}');
      console.log('port', (await startRedisServer()).port); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<number>((resolve) => {
      parent.stdout.on('data', (chunk: Buffer) => resolve(Number(/port (\d+)/.exec(chunk.toString())?.[1])));
    });
    expect(await answers(port)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => answers(port), { timeout: 5_000 }).toBe(false);
  });
});
