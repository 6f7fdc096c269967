import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The data folder belongs to another running server. */
export class DataFolderLockedError extends Error {
  override readonly name = 'DataFolderLockedError';
}

/**
 * Takes the data folder for this process. A lock whose process is gone is taken over.
 * @throws DataFolderLockedError when another server is using the folder.
 */
export function lockFolder(dir: string): { release(): void } {
  const path = join(dir, 'lock');
  const own = join(dir, `lock.${process.pid}.tmp`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        // Linking fails when the lock exists, so of several processes one wins.
        linkSync(own, path);
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const holder = readHolder(path);
      if (holder !== null && isRunning(holder)) {
        throw new DataFolderLockedError(`the data folder ${dir} is in use by the process ${holder.pid}`);
      }
      setAside(path, holder);
    }
    throw new DataFolderLockedError(`the lock of the data folder ${dir} could not be taken`);
  } finally {
    unlinkSync(own);
  }
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

function readHolder(path: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null;
    const started = 'started' in value && typeof value.started === 'string' ? value.started : null;
    return { pid: value.pid, started };
  } catch {
    return null;
  }
}

function isRunning({ pid, started }: Holder): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  // A number that has gone to another process since then does not count.
  return started === null || startOf(pid) === null || startOf(pid) === started;
}

/** When a process started, where the system tells it. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Removes a stale lock. A lock that another process has put in its place meanwhile is put back. */
function setAside(path: string, stale: Holder | null): void {
  const aside = `${path}.${process.pid}.stale.tmp`;
  try {
    renameSync(path, aside);
    const moved = readHolder(aside);
    if (moved !== null && moved.pid !== stale?.pid && isRunning(moved)) linkSync(aside, path);
    unlinkSync(aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
