import { readFile } from 'node:fs/promises';

/** Clock ticks per second of /proc/<pid>/stat on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** User and system time since the process began. */
  readonly cpuSeconds: number;
  readonly rssMegabytes: number;
}

/** Reads what the kernel counts for a process. The name in the second field may hold spaces and brackets. */
export function parseStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime are fields 14 and 15 of the whole line, the state being field 3.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function parseRss(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
}

/** CPU time and resident memory of a process; undefined when it has ended. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    return { cpuSeconds: parseStat(stat), rssMegabytes: parseRss(status) };
  } catch {
    return undefined;
  }
}

export type UsageByProcess = ReadonlyMap<string, Usage>;

/** The usage of named processes. */
export async function usageOfAll(processes: ReadonlyMap<string, number>): Promise<UsageByProcess> {
  const entries = await Promise.all([...processes].map(async ([name, pid]) => [name, await usageOf(pid)] as const));
  return new Map(entries.flatMap(([name, usage]) => (usage ? [[name, usage] as const] : [])));
}
