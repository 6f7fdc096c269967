import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from '../index.ts';
import { connectClients, type Clients } from './clients.ts';
import { fuzzFrames } from './fuzz.ts';
import { runSeed, LostClientsError, WORKLOADS, type SeedResult } from './run-seed.ts';
import { createServerPool } from './server-pool.ts';

const USAGE = `Usage: npm run mongo-check -- [--seeds N] [--from S] [--workload W] [--json FILE] [--dir DIR]

  --seeds N      how many seeds to run (default 100)
  --from S       the first seed (default 1)
  --workload W   ${Object.keys(WORKLOADS).join(', ')}, all (default: each seed one of them in turn),
                 or frames: broken messages instead of transactions
  --json FILE    write the totals and all anomalies into a file
  --dir DIR      where data folders are made (default: the folder for temporary files)
`;

interface Totals {
  seeds: number;
  transactions: number;
  ok: number;
  failed: number;
  unknown: number;
  kills: number;
  /** How often clients had to be made anew; see isWell. */
  lostClients: number;
  seconds: number;
  anomalies: { seed: number; workload: string; kind: string; message: string }[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    workload: { type: 'string', default: 'all' },
    json: { type: 'string' },
    dir: { type: 'string', default: join(tmpdir(), 'cartwright-mongo-check') },
    help: { type: 'boolean', default: false },
  },
});
const names = values.workload === 'all' ? Object.keys(WORKLOADS) : [values.workload];
const [count, first] = [Number(values.seeds), Number(values.from)];
if (
  values.help ||
  !names.every((name) => name === 'frames' || name in WORKLOADS) ||
  !(count > 0) ||
  !Number.isInteger(first)
) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const totals: Totals = {
  seeds: 0,
  transactions: 0,
  ok: 0,
  failed: 0,
  unknown: 0,
  kills: 0,
  lostClients: 0,
  seconds: 0,
  anomalies: [],
};
const started = performance.now();

function take({ seed, workload, counts, kills, anomalies }: SeedResult): void {
  const { ok, failed, unknown } = counts;
  totals.seeds += 1;
  totals.ok += ok;
  totals.failed += failed;
  totals.unknown += unknown;
  totals.transactions += ok + failed + unknown;
  totals.kills += kills;
  totals.seconds = Math.round((performance.now() - started) / 1000);
  for (const { kind, message } of anomalies) {
    totals.anomalies.push({ seed, workload, kind, message });
    process.stdout.write(`seed ${seed} ${workload}: ${kind}\n${message}\n`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(totals, null, 2)}\n`);
  if (totals.seeds % 50 === 0 || totals.seeds === count) process.stdout.write(`${summary()}\n`);
}

const summary = (): string =>
  `${totals.seeds} seeds in ${totals.seconds} s: ${totals.transactions} transactions (${totals.ok} ok, ` +
  `${totals.failed} failed, ${totals.unknown} unknown), ${totals.kills} kills, ${totals.anomalies.length} anomalies`;

async function runTransactions(): Promise<void> {
  mkdirSync(values.dir, { recursive: true });
  const pool = await createServerPool();
  let clients: Clients = connectClients(pool.port);

  /** Runs a seed; once more, with new clients, when the driver has lost its way to the server. */
  async function runOne(seed: number, workload: string): Promise<SeedResult> {
    try {
      return await runSeed({ seed, workload, pool, clients, baseDir: values.dir });
    } catch (error) {
      if (!(error instanceof LostClientsError)) throw error;
      totals.lostClients += 1;
      await clients[Symbol.asyncDispose]();
      clients = connectClients(pool.port);
      return runOne(seed, workload);
    }
  }

  for (let seed = first; seed < first + count; seed++) take(await runOne(seed, names[seed % names.length] as string));
  await clients[Symbol.asyncDispose]();
  await pool.close();
}

async function runFrames(): Promise<void> {
  const { pid, port, stop } = await startEmbeddedMongo();
  for (let seed = first; seed < first + count; seed++) {
    const begun = performance.now();
    const anomalies = await fuzzFrames({ seed, port, pid });
    const counts = { ok: 0, failed: 0, unknown: 0 };
    take({ seed, workload: 'frames', counts, kills: 0, lossy: false, anomalies, ms: performance.now() - begun });
  }
  await stop();
}

await (values.workload === 'frames' ? runFrames() : runTransactions());
process.exitCode = totals.anomalies.length > 0 ? 1 : 0;
