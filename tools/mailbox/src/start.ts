import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StoredMessage } from './message-store.ts';

export interface MailboxOptions {
  /** Free ports when absent. */
  smtpPort?: number;
  httpPort?: number;
  host?: string;
  /** In memory when absent. */
  dataDir?: string;
}

export interface RunningMailbox {
  smtpUrl: string;
  url: string;
  pid: number;
  /** Newest first; with `to`, those sent to an address that contains it. */
  messages(to?: string): Promise<StoredMessage[]>;
  clear(): Promise<void>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the mailbox as a process of its own that ends with this one. Rejects when it doesn't come up. */
export async function startMailbox(options: MailboxOptions = {}): Promise<RunningMailbox> {
  const args = [
    fileURLToPath(new URL('./cli.ts', import.meta.url)),
    '--exit-with-parent',
    `--smtp-port=${options.smtpPort ?? 0}`,
    `--http-port=${options.httpPort ?? 0}`,
    ...(options.host === undefined ? [] : [`--host=${options.host}`]),
    ...(options.dataDir === undefined ? ['--memory'] : [`--data=${options.dataDir}`]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-4000);
  });
  // A pipe to a process that has just died is no reason to fail.
  child.stdin.on('error', () => undefined);

  const [smtpUrl = '', url = ''] = await new Promise<string[]>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length).split(' '));
    });
    child.once('error', reject);
    void exited.then(() => reject(new Error(`The mailbox did not start. ${complaints}`)));
  });
  return {
    smtpUrl,
    url,
    pid: child.pid ?? 0,
    async messages(to = ''): Promise<StoredMessage[]> {
      const response = await fetch(`${url}/api/messages?to=${encodeURIComponent(to)}`);
      return ((await response.json()) as { messages: StoredMessage[] }).messages;
    },
    async clear(): Promise<void> {
      await fetch(`${url}/api/messages`, { method: 'DELETE' });
    },
    async stop(signal = 'SIGTERM'): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
