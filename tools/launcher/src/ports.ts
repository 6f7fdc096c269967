import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './processes.ts';

/** One port the shop needs, with the number it would like. */
export type PortWish = { name: string; preferred: number };

/** A wish fulfilled; `moved` when the preferred one was taken. */
export type PortChoice = { name: string; port: number; preferred: number; moved: boolean };

const RANGE = 400;

/**
 * Can a server listen here? Tries to connect first: some systems let two servers share a port when one of them listens
 * on every address, and a browser that asks for `localhost` may try IPv6 before IPv4.
 */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  if (await connects(port, '127.0.0.1')) return false;
  if (await connects(port, '::1')) return false;
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function connects(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/**
 * Picks ports, the preferred ones where they are free. Two launchers that start in the same moment would both find a
 * port free before either listens, so a choice is noted in a folder they share until `release`.
 */
export function createPortPicker({
  folder = path.join(os.tmpdir(), `cartwright-ports-${process.getuid?.() ?? 0}`),
  isFree = isPortFree,
}: { folder?: string; isFree?: (port: number) => Promise<boolean> } = {}) {
  const held: string[] = [];

  const reserve = (port: number): boolean => {
    const file = path.join(folder, String(port));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, String(process.pid), { flag: 'wx' });
        held.push(file);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Another launcher that was the last to go took the folder along.
        if (code === 'ENOENT') continue;
        if (code !== 'EEXIST') throw error;
      }
      if (isHeld(file)) return false;
      rmSync(file, { force: true });
    }
    return false;
  };

  return {
    async pick(wish: PortWish): Promise<PortChoice> {
      for (let port = wish.preferred; port < wish.preferred + RANGE && port <= 65535; port += 1) {
        if (!(await isFree(port)) || !reserve(port)) continue;
        return { name: wish.name, port, preferred: wish.preferred, moved: port !== wish.preferred };
      }
      throw new Error(`No free port for ${wish.name} from ${wish.preferred} on.`);
    },
    release(): void {
      for (const file of held.splice(0)) rmSync(file, { force: true });
      try {
        rmdirSync(folder);
      } catch {
        // others still have ports, or the folder was never made
      }
    },
  };
}

function isHeld(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Created a moment ago and not yet written.
    if (!pid) return Date.now() - statSync(file).mtimeMs < 2000;
    return isAlive(pid);
  } catch {
    return false;
  }
}

export type PortPicker = ReturnType<typeof createPortPicker>;
