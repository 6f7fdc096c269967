/**
 * Decides whether the installed packages fit the lockfile. Runs before `npm ci`: Node built-ins only.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const STAMP = path.join('node_modules', '.cartwright-install.json');

/**
 * @param {string} root the checkout
 * @returns {string} fingerprint of the lockfile, also of the processor and system whose binaries were installed
 */
export function lockfileHash(root) {
  const hash = createHash('sha256');
  hash.update(readFileSync(path.join(root, 'package-lock.json')));
  hash.update(`${process.platform}-${process.arch}`);
  return hash.digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Compares npm's own record of what it installed with the lockfile, for checkouts where `npm ci` was run by hand.
 * @param {{ packages?: Record<string, any> } | undefined} wanted
 * @param {{ packages?: Record<string, any> } | undefined} installed
 */
export function installedMatchesLockfile(wanted, installed) {
  if (!wanted || !wanted.packages || !installed || !installed.packages) return false;
  for (const [place, entry] of Object.entries(wanted.packages)) {
    if (!place.includes('node_modules/') || entry.link) continue;
    const found = installed.packages[place];
    if (!found) {
      if (entry.optional || entry.devOptional || entry.peer) continue;
      return false;
    }
    if (found.version !== entry.version) return false;
  }
  return true;
}

/**
 * @param {string} root
 * @returns {{ upToDate: boolean, stamped: boolean, hash: string, reason: string }}
 */
export function installState(root) {
  const hash = lockfileHash(root);
  const modules = path.join(root, 'node_modules');
  if (!existsSync(modules)) return { upToDate: false, stamped: false, hash, reason: 'First run' };
  if (!existsSync(path.join(modules, '.bin', 'node'))) {
    return { upToDate: false, stamped: false, hash, reason: 'node_modules is incomplete' };
  }
  const stamp = readJson(path.join(root, STAMP));
  if (stamp) {
    return { upToDate: stamp.hash === hash, stamped: true, hash, reason: 'package-lock.json has changed' };
  }
  const wanted = readJson(path.join(root, 'package-lock.json'));
  const installed = readJson(path.join(modules, '.package-lock.json'));
  const upToDate = installedMatchesLockfile(wanted, installed);
  return { upToDate, stamped: false, hash, reason: 'node_modules does not fit package-lock.json' };
}

/**
 * Remembers that the packages of this lockfile are installed.
 * @param {string} root
 * @param {string} hash
 */
export function writeStamp(root, hash) {
  writeFileSync(path.join(root, STAMP), `${JSON.stringify({ hash })}\n`);
}

/** When a process began, as Linux counts it; process ids are used again. Empty elsewhere and for none. */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] || '';
  } catch {
    return '';
  }
}

function holderIsAlive(file) {
  try {
    const [pid, birth = ''] = readFileSync(file, 'utf8').split(' ');
    // A lock that was just created may still be empty; give its writer a moment.
    if (!Number(pid)) return Date.now() - statSync(file).mtimeMs < 2000;
    if (birthOf(pid) !== birth) return false;
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Keeps two starts of one checkout from installing at the same time. The lock lies outside node_modules, which
 * `npm ci` removes.
 * @param {string} root
 * @param {() => void} onWait called once when another process holds the lock
 * @returns {Promise<() => void>} releases the lock
 */
export async function acquireInstallLock(root, onWait) {
  const name = createHash('sha256').update(path.resolve(root)).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `cartwright-install-${name}.lock`);
  for (let waited = false; ;) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, `${process.pid} ${birthOf(process.pid)}`);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderIsAlive(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await delay(300);
  }
}
