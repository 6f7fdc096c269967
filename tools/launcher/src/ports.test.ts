import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPortPicker, isPortFree } from './ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const always = () => Promise.resolve(true);

describe('createPortPicker', () => {
  it('takes the preferred port or the next free one, and tells which', async () => {
    const picker = createPortPicker({ folder, isFree: (port) => Promise.resolve(port > 3001) });
    expect(await picker.pick({ name: 'api', preferred: 3000 })).toEqual({
      name: 'api',
      port: 3002,
      preferred: 3000,
      moved: true,
    });
    expect(await picker.pick({ name: 'web', preferred: 4200 })).toMatchObject({ port: 4200, moved: false });
  });

  it('never gives a port twice, not to another launcher either, until it is released', async () => {
    const first = createPortPicker({ folder, isFree: always });
    const second = createPortPicker({ folder, isFree: always });
    expect((await first.pick({ name: 'api', preferred: 3000 })).port).toBe(3000);
    expect((await first.pick({ name: 'web', preferred: 3000 })).port).toBe(3001);
    expect((await second.pick({ name: 'api', preferred: 3000 })).port).toBe(3002);
    first.release();
    expect((await second.pick({ name: 'web', preferred: 3000 })).port).toBe(3000);
  });

  it('leaves nothing behind once the last is released', async () => {
    const pickers = [createPortPicker({ folder, isFree: always }), createPortPicker({ folder, isFree: always })];
    for (const picker of pickers) await picker.pick({ name: 'api', preferred: 3000 });
    pickers[0]?.release();
    expect(existsSync(folder)).toBe(true);
    pickers[1]?.release();
    expect(existsSync(folder)).toBe(false);
    pickers[1]?.release();
    expect((await pickers[0]?.pick({ name: 'api', preferred: 3000 }))?.port).toBe(3000);
  });

  it('takes over what a killed launcher had noted', async () => {
    writeFileSync(path.join(folder, '3000'), '999999999');
    const picker = createPortPicker({ folder, isFree: always });
    expect((await picker.pick({ name: 'api', preferred: 3000 })).port).toBe(3000);
  });
});

describe('isPortFree', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::'])('sees a server that listens on %s', async (host) => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
