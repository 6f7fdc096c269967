import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The data folder belongs to another running server. */
export class DataFolderLockedError extends Error {
  override readonly name = 'DataFolderLockedError';
}

/** How often a server looks again that started in the very moment in which another one did. */
const ATTEMPTS = 8;
const MAX_PAUSE_MS = 40;

/**
 * Takes the data folder for this process. Every server puts down a file that carries its process in the name, and only
 * then looks for those of others: of two that start together at least one sees the other. Files of processes that are
 * gone don't count and are removed; as no other process will ever have that name, nothing that is in use can be hit.
 * @throws DataFolderLockedError when another server is using the folder.
 */
export function lockFolder(dir: string): { release(): void } {
  const own = lockName(process.pid, startOf(process.pid));
  const path = join(dir, own);
  for (let attempt = 1; ; attempt++) {
    writeFileSync(path, '', { mode: 0o600 });
    const holder = otherHolder(dir, own);
    if (holder === null) return { release: () => rmSync(path, { force: true }) };
    rmSync(path, { force: true });
    if (attempt === ATTEMPTS) {
      throw new DataFolderLockedError(`the data folder ${dir} is in use by the process ${holder}`);
    }
    // Two that saw each other have both given way: they look again after different pauses.
    pause(Math.random() * MAX_PAUSE_MS);
  }
}

const lockName = (pid: number, started: string | null): string =>
  started === null ? `lock.${pid}` : `lock.${pid}.${started}`;

/** The process of another running server that has put its lock down. */
function otherHolder(dir: string, own: string): number | null {
  let found: number | null = null;
  for (const name of readdirSync(dir)) {
    const match = /^lock\.(\d+)(?:\.(\d+))?$/.exec(name);
    if (match === null || name === own) continue;
    const pid = Number(match[1]);
    if (isRunning(pid, match[2] ?? null)) found = pid;
    else rmSync(join(dir, name), { force: true });
  }
  return found;
}

function isRunning(pid: number, started: string | null): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const stat = statOf(pid);
  if (stat === null) return true;
  // Killed, though nobody has asked yet how it ended.
  if (stat[0] === 'Z') return false;
  // A number that has gone to another process since then does not count.
  return started === null || stat[START] === started;
}

/** When a process started, where the system tells it. */
const startOf = (pid: number): string | null => statOf(pid)?.[START] ?? null;

/** The place of the start time in what the system tells of a process, from its state on. */
const START = 19;

function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Waits without giving way to anything: nothing else happens in a server that has not started yet. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
