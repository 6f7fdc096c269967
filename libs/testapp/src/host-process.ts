import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const READY_MS = 120_000;
/** Longer than any host may take to end: one that does not is ended. */
const STOP_MS = 40_000;
const LOG_LINES_KEPT = 200;

/** A host of the shop (API or worker) as a real process. */
export interface HostProcess {
  readonly pid: number;
  /** Where it answers. */
  readonly url: string;
  /** The last lines it logged, for a failing test to show. */
  log(): string;
  /** SIGTERM, and waits for the end. Resolves with the exit code; null when it had to be killed. */
  stop(): Promise<number | null>;
  /** Ends it without a chance to tidy up. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it stands still, its connections stay open, and its locks run out. */
  pause(): void;
  resume(): void;
}

/** Starts `apps/<app>/src/main.ts` and waits until it says that it is ready. */
export async function startHost(app: 'api' | 'worker', env: Record<string, string>): Promise<HostProcess> {
  const main = fileURLToPath(new URL(`../../../apps/${app}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...compileCache(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => process.off('exit', endWithUs));

  const url = await readyUrl(app, child, lines);
  return {
    pid: child.pid ?? 0,
    url,
    log: () => lines.join('\n'),
    stop: async () => {
      child.kill('SIGTERM');
      // One that was paused would never hear of it.
      child.kill('SIGCONT');
      const late = setTimeout(endWithUs, STOP_MS);
      const code = await exited;
      clearTimeout(late);
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

/** Where this run keeps compiled code, if it does: hosts start again and again, and compiling is most of it. */
function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder ? { NODE_COMPILE_CACHE: folder } : {};
}

function readyUrl(app: string, child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The ${app} ${why}:\n${lines.join('\n')}`));
    };
    const timer = setTimeout(() => fail('did not become ready in time'), READY_MS);
    const onExit = (code: number | null): void => fail(`ended with ${code}`);
    child.once('exit', onExit);
    const onLine = (line: string): void => {
      lines.push(line);
      if (lines.length > LOG_LINES_KEPT) lines.shift();
      const ready = /^ready (\S+)/.exec(line)?.[1];
      if (ready === undefined) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve(ready);
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', onLine);
  });
}
