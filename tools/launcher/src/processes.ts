import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Is a process there? One that has ended but was not collected by its parent does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || processBirth(pid) !== undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process was started, in the system's own notation. Together with the process id it names one process for
 * good: ids are used again, most of all after a reboot. Undefined when there is no such process.
 */
export function processBirth(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 22 counted from the start; the name in field 2 may hold spaces, so count from its closing bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie has ended; only its parent has not asked yet.
      return fields[0] === 'Z' ? undefined : `${bootId()}:${fields[19] ?? ''}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Does the process that was recorded with this birth still run? */
export function isSameProcess(pid: number, birth: string | undefined): boolean {
  return birth !== undefined && processBirth(pid) === birth;
}

/** Sends a signal to a process group; false when nobody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
