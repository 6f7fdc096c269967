import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Ports } from './environment.ts';
import { isSameProcess, processBirth } from './processes.ts';

/** What a running shop tells scripts and `npm run doctor` about itself. */
export type ShopState = {
  launcher: { pid: number; birth: string | undefined };
  startedAt: string;
  readyAt: string | null;
  dataDir: string;
  ports: Ports;
  services: ServiceState[];
  urls: {
    api: string;
    web: string;
    stripe?: string | undefined;
    files?: string | undefined;
    mailbox?: string | undefined;
  };
  env: { MONGODB_URI: string; REDIS_URL: string; SMTP_URL?: string | undefined };
};

export type ServiceState = {
  name: string;
  title: string;
  source: string;
  address: string;
  pid?: number | undefined;
  birth?: string | undefined;
  status: string;
  restarts: number;
};

/** Writes the state in one step, so that no reader ever sees half of it; only the owner can read it. */
export function writeState(file: string, state: ShopState): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

/** The state of the shop that runs on a data folder; undefined when none does. */
export function readRunningState(file: string): ShopState | undefined {
  const state = readJsonFile<ShopState>(file);
  if (state === undefined) return undefined;
  return isSameProcess(state.launcher.pid, state.launcher.birth) ? state : undefined;
}

/** How a process is named for good in a state file. */
export function ownIdentity(): ShopState['launcher'] {
  return { pid: process.pid, birth: processBirth(process.pid) };
}

export function removeState(file: string): void {
  rmSync(file, { force: true });
}

/** Reads a JSON file; undefined when it is missing or broken. */
export function readJsonFile<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
