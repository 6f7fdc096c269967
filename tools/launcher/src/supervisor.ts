import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Guard } from './guard.ts';
import { signalGroup } from './processes.ts';

/** One process to start, watch, start again and stop. */
export type ServiceSpec = {
  name: string;
  title: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  logFile: string;
  /** Up when it has printed such a line, or when the probe says so. */
  ready: { line: RegExp } | { probe: () => Promise<boolean> };
  readyTimeoutMs?: number | undefined;
  graceMs?: number | undefined;
};

export type ServiceStatus = 'starting' | 'running' | 'restarting' | 'stopping' | 'stopped';

/** A service as state file and tests see it. */
export type ServiceView = { name: string; pid: number | undefined; status: ServiceStatus; restarts: number };

/** A service ended, or never came up, while it was being started for the first time. */
export class StartError extends Error {
  override name = 'StartError';
}

const LAST_LINES = 15;
const LOG_LIMIT = 5 * 1024 * 1024;
const STEADY_MS = 30_000;
const MAX_BACKOFF_MS = 10_000;

type Running = { spec: ServiceSpec; child: ChildProcess; lines: string[]; ended: Promise<string>; upSince?: number };

/**
 * Starts services in groups of their own and keeps them up. What dies is started again after a pause that doubles up to
 * ten seconds; what stayed up for half a minute starts again at once the next time.
 * @param report one line for the person at the terminal
 * @param onChange called whenever a service changes its state
 * @param onLine gets every line that a service prints
 */
export function createSupervisor({
  guard,
  report,
  onChange = () => {},
  onLine = () => {},
  firstBackoffMs = 250,
}: {
  guard: Pick<Guard, 'add' | 'remove'>;
  report: (line: string) => void;
  onChange?: () => void;
  onLine?: (title: string, line: string) => void;
  firstBackoffMs?: number;
}) {
  const views = new Map<string, ServiceView>();
  const running = new Map<string, Running>();
  const order: string[] = [];
  const loops: Promise<void>[] = [];
  let stopping = false;
  let wakeSleepers = () => {};
  const stopped = new Promise<void>((resolve) => {
    wakeSleepers = resolve;
  });

  const change = (name: string, patch: Partial<ServiceView>) => {
    const view = views.get(name);
    if (!view) return;
    Object.assign(view, patch);
    onChange();
  };

  const launch = (spec: ServiceSpec): Running => {
    const log = openLog(spec.logFile);
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid !== undefined) guard.add(pid);
    const lines: string[] = [];
    const ended = new Promise<string>((resolve) => {
      const finish = (how: string) => {
        if (pid !== undefined) {
          signalGroup(pid, 'SIGKILL'); // what it started itself, should it have left something
          guard.remove(pid);
        }
        log.end();
        running.delete(spec.name);
        resolve(how);
      };
      child.once('error', (error) => finish(error.message));
      child.once('exit', (code, signal) => finish(signal ? `signal ${signal}` : `code ${code ?? '?'}`));
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        lines.push(line);
        if (lines.length > 400) lines.splice(0, 200);
        child.emit('cartwright-line', line);
        onLine(spec.title, line);
      });
    }
    const entry = { spec, child, lines, ended };
    running.set(spec.name, entry);
    change(spec.name, { pid });
    return entry;
  };

  /** Resolves to the lines printed so far once the service is up; throws when it ends or takes too long. */
  const untilReady = async (entry: Running): Promise<string[]> => {
    const { spec, child } = entry;
    const limit = spec.readyTimeoutMs ?? 60_000;
    let timer: NodeJS.Timeout | undefined;
    let waiting = true;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new StartError(`was not ready after ${Math.round(limit / 1000)} s`)), limit);
    });
    const early = entry.ended.then((how): never => {
      throw new StartError(`ended (${how})`);
    });
    early.catch(() => {});
    const up = async () => {
      if ('line' in spec.ready) {
        const wanted = spec.ready.line;
        if (entry.lines.some((line) => wanted.test(line))) return;
        await new Promise<void>((resolve) => {
          child.on('cartwright-line', (line: string) => {
            if (wanted.test(line)) resolve();
          });
        });
        return;
      }
      while (waiting && !(await spec.ready.probe())) await pause(50);
    };
    try {
      await Promise.race([up(), late, early]);
      return entry.lines;
    } finally {
      waiting = false;
      clearTimeout(timer);
    }
  };

  const keepUp = async (first: Running): Promise<void> => {
    const { spec } = first;
    let entry = first;
    let failures = 0;
    for (;;) {
      const how = await entry.ended;
      if (stopping) return;
      const uptime = entry.upSince === undefined ? 0 : Date.now() - entry.upSince;
      failures = uptime > STEADY_MS ? 0 : failures + 1;
      const wait = failures === 0 ? 0 : Math.min(firstBackoffMs * 2 ** (failures - 1), MAX_BACKOFF_MS);
      report(`! ${spec.title} ended unexpectedly (${how}); starting it again. Log: ${spec.logFile}`);
      const hint = lastError(entry.lines);
      if (hint) report(`    ${hint}`);
      change(spec.name, { status: 'restarting', pid: undefined, restarts: (views.get(spec.name)?.restarts ?? 0) + 1 });
      await Promise.race([pause(wait), stopped]);
      if (stopping) return;
      entry = launch(spec);
      try {
        await untilReady(entry);
        entry.upSince = Date.now();
        change(spec.name, { status: 'running' });
        report(`+ ${spec.title} is back.`);
      } catch {
        if (stopping) return;
        if (entry.child.pid !== undefined) signalGroup(entry.child.pid, 'SIGKILL');
      }
    }
  };

  const stopOne = async (name: string): Promise<boolean> => {
    const entry = running.get(name);
    if (!entry || entry.child.pid === undefined) {
      change(name, { status: 'stopped', pid: undefined });
      return true;
    }
    change(name, { status: 'stopping' });
    entry.child.kill('SIGTERM');
    const inTime = await Promise.race([
      entry.ended.then(() => true),
      pause(entry.spec.graceMs ?? 10_000).then(() => false),
    ]);
    if (!inTime) {
      report(`! ${entry.spec.title} did not end in time and was killed.`);
      signalGroup(entry.child.pid, 'SIGKILL');
      await entry.ended;
    }
    change(name, { status: 'stopped', pid: undefined });
    return inTime;
  };

  return {
    views: (): ServiceView[] => [...views.values()].map((view) => ({ ...view })),

    /**
     * Starts a service and waits until it is up.
     * @returns the lines it printed until then
     * @throws StartError with the end of its output
     */
    async start(spec: ServiceSpec): Promise<string[]> {
      if (stopping) throw new StartError('the shop is stopping');
      views.set(spec.name, { name: spec.name, pid: undefined, status: 'starting', restarts: 0 });
      order.push(spec.name);
      const entry = launch(spec);
      try {
        const lines = await untilReady(entry);
        entry.upSince = Date.now();
        change(spec.name, { status: 'running' });
        loops.push(keepUp(entry));
        return lines;
      } catch (error) {
        const tail = tellingLines(entry.lines).map((line) => `    ${clip(line)}`);
        const message = [`${spec.title} ${(error as Error).message}. Log: ${spec.logFile}`, ...tail].join('\n');
        throw new StartError(message);
      }
    },

    /** Stops everything, the last started first, and kills what does not end in its time. */
    async stopAll(): Promise<void> {
      stopping = true;
      wakeSleepers();
      for (const name of [...order].reverse()) await stopOne(name);
      await Promise.all(loops);
    },

    /** Ends everything at once. */
    killAll(): void {
      stopping = true;
      wakeSleepers();
      for (const { child } of running.values()) if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    },
  };
}

export type Supervisor = ReturnType<typeof createSupervisor>;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function openLog(file: string): WriteStream {
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    if (statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`);
  } catch {
    // no log yet
  }
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  stream.on('error', () => {});
  return stream;
}

function clip(line: string): string {
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** What a failed process said about it: from its first error on, where there is one, else its last lines. */
export function tellingLines(lines: readonly string[]): string[] {
  const recent = lines.slice(-60);
  const error = recent.findIndex((line) => /^(\S*Error\b|fatal\b|The configuration is wrong)/i.test(line));
  return error === -1 ? recent.slice(-LAST_LINES) : recent.slice(error, error + LAST_LINES);
}

/** The last line that looks like the reason for an end. */
function lastError(lines: readonly string[]): string | undefined {
  const found = [...lines.slice(-LAST_LINES)].reverse().find((line) => /error|fatal|EADDR|out of memory/i.test(line));
  return found === undefined ? undefined : clip(found);
}
