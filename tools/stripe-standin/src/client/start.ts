import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createControl, type StripeStandInControl } from './control.ts';

export interface StartOptions {
  secretKey: string;
  /** A free port when absent. */
  port?: number;
  host?: string;
  /** In memory when absent. */
  dataDir?: string;
  webhookUrl?: string;
  webhookSecret?: string | readonly string[];
  shopName?: string;
  publicUrl?: string;
}

export interface RunningStripeStandIn {
  url: string;
  pid: number;
  control: StripeStandInControl;
  /** Ends the process; with `SIGKILL`, without giving it a chance to tidy up. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the stand-in as a process of its own that ends with this one. Rejects when it doesn't come up. */
export async function startStripeStandIn(options: StartOptions): Promise<RunningStripeStandIn> {
  const secrets = typeof options.webhookSecret === 'string' ? [options.webhookSecret] : (options.webhookSecret ?? []);
  const args = [
    fileURLToPath(new URL('../cli.ts', import.meta.url)),
    '--exit-with-parent',
    `--port=${options.port ?? 0}`,
    `--secret-key=${options.secretKey}`,
    ...(options.dataDir === undefined ? ['--memory'] : [`--data=${options.dataDir}`]),
    ...(options.host === undefined ? [] : [`--host=${options.host}`]),
    ...(options.webhookUrl === undefined ? [] : [`--webhook-url=${options.webhookUrl}`]),
    ...(options.shopName === undefined ? [] : [`--shop-name=${options.shopName}`]),
    ...(options.publicUrl === undefined ? [] : [`--public-url=${options.publicUrl}`]),
    ...secrets.map((secret) => `--webhook-secret=${secret}`),
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-4000);
  });
  // A pipe to a process that has just died is no reason to fail.
  child.stdin.on('error', () => undefined);

  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    child.once('error', reject);
    void exited.then(() => reject(new Error(`The Stripe stand-in did not start. ${complaints}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    control: createControl(url),
    async stop(signal = 'SIGTERM'): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
