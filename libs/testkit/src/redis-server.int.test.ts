import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
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
