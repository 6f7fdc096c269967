import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Beside its sockets a process has files, pipes and connections to its services open. */
const BESIDES = 500;

/**
 * Sees to it that this process, and those it starts from now on, may have so many sockets open at once. Node takes what
 * the hard limit allows by itself; that one is raised when this process may.
 * @throws Error that says what to type when it may not
 */
export function allowSockets(count: number): void {
  if (process.platform !== 'linux') return;
  const needed = count + BESIDES;
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '0';
  if (hard === 'unlimited' || Number(hard) >= needed) return;
  try {
    execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${needed}:${needed}`], { stdio: 'ignore' });
  } catch {
    throw new Error(
      `${count} sockets need more open files than the ${hard} allowed: run "ulimit -Hn ${needed}" as root`,
    );
  }
}
