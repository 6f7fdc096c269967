import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface EmbeddedMongoOptions {
  /** Port on 127.0.0.1; 0 or none takes a free one. */
  readonly port?: number;
  /** Folder that keeps the data; without one nothing is kept. */
  readonly dataDir?: string;
  /** Keep nothing on disk; the default when no folder is given. */
  readonly memory?: boolean;
  /** Size in bytes from which the journal is replaced by a snapshot (default 64 MB). */
  readonly compactAfter?: number;
  /** How much is kept for change streams, in bytes of documents before and after changes (default 32 MB). */
  readonly historyBytes?: number;
  /** Milliseconds to wait until the server is ready (default 30 s; a large journal takes time to read). */
  readonly startTimeoutMs?: number;
}

export interface EmbeddedMongo {
  /** Connection string for drivers. */
  readonly uri: string;
  readonly pid: number;
  readonly port: number;
  /** Asks the server to finish what it does, close its data and end; settles when it has. */
  stop(): Promise<void>;
  /** Kills the process at once, as a crash would; settles when it is gone. */
  kill(): Promise<void>;
}

/** A small young generation keeps the process small; what the server makes for a command dies with it. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

/**
 * Starts an embedded MongoDB server in a process of its own, which ends together with this one.
 * @throws Error with the server's own words when it does not come up.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions = {}): Promise<EmbeddedMongo> {
  if (options.memory === true && options.dataDir !== undefined) throw new Error('give either dataDir or memory');
  const place = options.dataDir === undefined ? ['--memory'] : ['--data', options.dataDir];
  const args = [CLI, '--port', String(options.port ?? 0), ...place, '--exit-with-parent'];
  if (options.compactAfter !== undefined) args.push('--compact-after', String(options.compactAfter));
  if (options.historyBytes !== undefined) args.push('--history-bytes', String(options.historyBytes));
  const child = spawn(process.execPath, [...NODE_FLAGS, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const uri = await untilReady(child, exited, options.startTimeoutMs ?? 30_000);
  // From here on the server only speaks up about what should not happen.
  child.stderr
    ?.removeAllListeners('data')
    .on('data', (text: string) => process.stderr.write(`embedded MongoDB: ${text}`));
  child.stdout?.resume();

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
  }

  return {
    uri,
    pid: child.pid as number,
    port: Number(new URL(uri.replace(/^mongodb:/, 'http:')).port),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function untilReady(child: ChildProcess, exited: Promise<unknown>, timeoutMs: number): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the embedded MongoDB server ${why}\n${errors}`.trim()));
      timer = setTimeout(() => fail(`was not ready after ${timeoutMs} ms`), timeoutMs);
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      exited.then(() => fail('ended before it was ready'), reject);
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const ready = /^(mongodb:\S+)\nready$/m.exec(output);
        if (ready?.[1] !== undefined) resolve(ready[1]);
      });
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
