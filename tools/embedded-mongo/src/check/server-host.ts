import { createInterface } from 'node:readline';
import { createDisk } from '../journal/disk.ts';
import { runServer } from '../run.ts';
import { createLossyDisk } from './lossy-disk.ts';
import { createRandom } from './random.ts';

/**
 * A server that loads its code, then waits for one line that tells it where to run: starting again after a kill takes
 * milliseconds. Ends when its input does.
 */
export interface HostOrder {
  readonly port: number;
  readonly dataDir: string;
  readonly compactAfter: number;
  /** What happens at the disk: as the machine has it, or lost unless synced, by this seed. */
  readonly lossySeed: number | null;
}

async function main(): Promise<void> {
  process.stdout.on('error', () => process.exit(0));
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => process.exit(0));
  lines.once('line', (line) => {
    run(JSON.parse(line) as HostOrder).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    });
  });
  process.stdout.write('loaded\n');
}

async function run(order: HostOrder): Promise<void> {
  const { port, dataDir, compactAfter, lossySeed } = order;
  const running = await runServer({
    port,
    dataDir,
    compactAfter,
    disk: lossySeed === null ? createDisk() : createLossyDisk(createRandom(lossySeed)),
    onFailure(error) {
      process.stderr.write(`the data could not be written, stopping: ${error.message}\n`);
      process.exit(3);
    },
  });
  process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
  process.stdout.write('ready\n');
}

await main();
