import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const READY_MS = 60_000;
const STOP_MS = 10_000;
const LINES_KEPT = 40;

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** The line by which it said that it is ready. */
  readonly readyLine: string;
  /** The end of what it printed. */
  output(): string;
  /** Asks it to end, and ends it when it doesn't. */
  stop(): Promise<void>;
}

/** Starts a program and waits until it prints a line that matches `ready`. Rejects with its output when it doesn't. */
export function startChild({
  name,
  command,
  args,
  env,
  ready,
  signal,
}: {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  ready: RegExp;
  /** Ends it, also while it starts. */
  signal: AbortSignal;
}): Promise<Child> {
  const child = spawn(command, [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const lines: string[] = [];
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => process.off('exit', endWithUs));

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(endWithUs, STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      endWithUs();
      reject(new Error(`${name} ${why}\n${lines.join('\n')}`));
    };
    const timer = setTimeout(() => fail('was not ready in time'), READY_MS);
    const onExit = (): void => fail('ended before it was ready');
    child.once('close', onExit);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > LINES_KEPT) lines.shift();
        if (!ready.test(line)) return;
        clearTimeout(timer);
        child.off('close', onExit);
        resolve({ name, pid: child.pid ?? 0, readyLine: line, output: () => lines.join('\n'), stop });
      });
    }
  });
}

/** Runs a program to its end; rejects with the end of its output when it fails. */
export async function runChild({
  name,
  args,
  env,
  onLine,
  signal,
}: {
  name: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const child = spawn(process.execPath, [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      onLine(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}\n${lines.join('\n')}`);
}
