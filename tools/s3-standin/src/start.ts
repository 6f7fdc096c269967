import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface S3StandInOptions {
  /** A free one when absent. */
  port?: number;
  /** In memory when absent. */
  dataDir?: string;
}

export interface RunningS3StandIn {
  url: string;
  pid: number;
  /** The variables with which the shop finds it. */
  env: Record<'S3_BUCKET' | 'S3_REGION' | 'S3_ENDPOINT' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY', string>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const BUCKET = 'cartwright-test';
const REGION = 'us-east-1';

/**
 * Starts the stand-in as a process of its own that ends with this one, with a bucket that pages of any origin may use.
 * Rejects when it doesn't come up.
 */
export async function startS3StandIn({ port = 0, dataDir }: S3StandInOptions = {}): Promise<RunningS3StandIn> {
  const accessKeyId = 'test';
  const secretAccessKey = randomBytes(18).toString('base64url');
  const args = [
    fileURLToPath(new URL('./cli.ts', import.meta.url)),
    ...['--exit-with-parent', `--port=${port}`, `--bucket=${BUCKET}`, `--region=${REGION}`, '--cors-origin=*'],
    ...[`--access-key-id=${accessKeyId}`, `--secret-access-key=${secretAccessKey}`],
    dataDir === undefined ? '--memory' : `--data=${dataDir}`,
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
    void exited.then(() => reject(new Error(`The S3 stand-in did not start. ${complaints}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    env: {
      S3_BUCKET: BUCKET,
      S3_REGION: REGION,
      S3_ENDPOINT: url,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
    async stop(signal = 'SIGTERM'): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
