import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('answers another port each time, none that is taken, and none that the system hands out by itself', async () => {
  const port = await freePort();
  // The next in turn is taken.
  const server = createServer();
  await new Promise<void>((resolve) => {
    // By somebody else already: as good.
    server.once('error', () => resolve());
    server.listen(port + 1, '127.0.0.1', resolve);
  });
  const others = [await freePort(), await freePort()];
  await new Promise((resolve) => server.close(resolve));
  expect(others).not.toContain(port + 1);
  expect(new Set([port, ...others]).size).toBe(3);
  expect(Math.max(port, ...others)).toBeLessThan(32_768);
});
