import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Paths } from './paths.ts';
import { isSameProcess, processBirth } from './processes.ts';

/** The data folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}

type LockContent = { pid: number; birth: string | undefined; root: string };

/** Holding it means being the only launcher on a data folder. */
export type DataFolderLock = { release(): void };

/** @returns true when the folder carries the launcher's own mark */
export function isOwnDataFolder(paths: Pick<Paths, 'marker'>): boolean {
  return existsSync(paths.marker);
}

/**
 * Creates or opens the data folder and takes its lock. A folder with somebody else's files is refused.
 * @throws DataFolderError when another launcher holds it or when it is not ours
 */
export function openDataFolder(paths: Paths): DataFolderLock {
  if (existsSync(paths.dataDir) && !isOwnDataFolder(paths) && !isFree(paths.dataDir)) {
    throw new DataFolderError(
      `${paths.dataDir} holds files that are not the shop's. Name an empty or new folder with --data-dir.`,
    );
  }
  // Databases, mails and logs of a shop are nobody else's business on a machine that people share.
  mkdirSync(paths.data('logs'), { recursive: true, mode: 0o700 });
  if (!isOwnDataFolder(paths)) {
    const note = { cartwright: 'data folder', note: 'Made by npm start; npm start -- --fresh empties it.' };
    writeFileSync(paths.marker, `${JSON.stringify(note, null, 2)}\n`);
  }
  return takeLock(paths);
}

/** Empty, but for the results of a benchmark that ran before the first start. */
const isFree = (folder: string): boolean => readdirSync(folder).every((name) => name === 'bench');

function takeLock(paths: Paths): DataFolderLock {
  const mine: LockContent = { pid: process.pid, birth: processBirth(process.pid), root: paths.root };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const handle = openSync(paths.lock, 'wx', 0o600);
      writeSync(handle, JSON.stringify(mine));
      closeSync(handle);
      return { release: () => rmSync(paths.lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readLock(paths);
    if (holder && isSameProcess(holder.pid, holder.birth)) {
      throw new DataFolderError(
        `The shop already runs on ${paths.dataDir} (process ${holder.pid}). ` +
          'Stop it with Ctrl-C there or `npm run stop`, or start a second one with --data-dir OTHER.',
      );
    }
    rmSync(paths.lock, { force: true });
  }
  throw new DataFolderError(`The lock ${paths.lock} cannot be taken; somebody else is starting right now.`);
}

/** Who holds the data folder, if anybody does. A lock left by a killed launcher counts as free. */
export function lockHolder(paths: Pick<Paths, 'lock'>): number | undefined {
  const holder = readLock(paths);
  return holder && isSameProcess(holder.pid, holder.birth) ? holder.pid : undefined;
}

function readLock(paths: Pick<Paths, 'lock'>): LockContent | undefined {
  try {
    return JSON.parse(readFileSync(paths.lock, 'utf8')) as LockContent;
  } catch {
    return undefined;
  }
}

/**
 * Empties the data folder, but for the marker and the lock of the running launcher.
 * @throws DataFolderError when the folder is not marked as the shop's
 */
export function emptyDataFolder(paths: Paths): void {
  if (!isOwnDataFolder(paths)) {
    throw new DataFolderError(`${paths.dataDir} was not made by npm start; --fresh will not touch it.`);
  }
  const kept = new Set([path.basename(paths.marker), path.basename(paths.lock)]);
  for (const name of readdirSync(paths.dataDir)) {
    if (!kept.has(name)) rmSync(path.join(paths.dataDir, name), { recursive: true, force: true });
  }
  mkdirSync(paths.data('logs'), { recursive: true });
}
