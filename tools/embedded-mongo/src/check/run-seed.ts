import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import { createBank } from './bank.ts';
import { isWell, type Clients } from './clients.ts';
import type { Anomaly, Outcome } from './history.ts';
import { createListAppend } from './list-append.ts';
import { createRandom, type Random } from './random.ts';
import { createRegisters } from './registers.ts';
import type { ServerPool, ServerProcess } from './server-pool.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

export const WORKLOADS: Readonly<Record<string, (options: WorkloadOptions) => Workload>> = {
  bank: createBank,
  'list-append': createListAppend,
  registers: createRegisters,
};

/** What one seed came to. */
export interface SeedResult {
  readonly seed: number;
  readonly workload: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly kills: number;
  readonly lossy: boolean;
  readonly anomalies: readonly Anomaly[];
  readonly ms: number;
}

const WORKERS = 6;

/** Longer than any seed takes on a busy machine. */
const STUCK_MS = 30_000;

/** Clients have waited too long for answers of a server that is well. */
export class LostClientsError extends Error {
  override readonly name = 'LostClientsError';
}

/** Runs one seed: a fresh folder, clients at work, kills and restarts, and in the end the check of what is there. */
export async function runSeed(options: {
  seed: number;
  workload: string;
  pool: ServerPool;
  clients: Clients;
  baseDir: string;
}): Promise<SeedResult> {
  const { seed, workload: name, pool, clients } = options;
  const started = performance.now();
  const random = createRandom(seed);
  const dataDir = mkdtempSync(join(options.baseDir, `seed-${seed}-`));
  const lossy = random.chance(0.7);
  const compactAfter = random.pick([3000, 10_000, 30_000, 1e9]);
  let starts = 0;
  const start = (): Promise<ServerProcess> =>
    pool.start({ dataDir, compactAfter, lossySeed: lossy ? seed * 100 + starts++ : null });

  let tick = 0;
  const ticks = (): number => ++tick;
  const db = `s${seed}`;
  const create = WORKLOADS[name];
  if (create === undefined) throw new Error(`there is no workload '${name}'`);
  const workload = create({ client: clients.all[0] as MongoClient, db, random, ticks });
  let server = await start();
  try {
    await workload.setUp();
    const plan = planOf(random);
    let done = 0;
    let kills = 0;
    let killing = Promise.resolve();
    const killNow = async (kill: Kill): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, kill.delayMs));
      kills += 1;
      await server.end(kill.signal);
      server = await start();
    };
    const work = async (id: number): Promise<void> => {
      const draw = random.fork(id);
      const client = clients.all[id % clients.all.length] as MongoClient;
      for (let i = 0; i < plan.stepsPerWorker; i++) {
        await workload.step(client, draw, id);
        done += 1;
        const due = plan.kills.find((kill) => kill.afterSteps === done);
        if (due !== undefined) killing = killing.then(() => killNow(due));
      }
    };
    const working = Promise.all(Array.from({ length: WORKERS }, (_, id) => work(id)));
    if (!(await endsInTime(working))) {
      if (await isWell(pool.port))
        throw new LostClientsError(`the clients of seed ${seed} wait for a server that is well`);
      throw new Error(`seed ${seed}: the server does not answer`);
    }
    await killing;
    await killNow({ afterSteps: done, delayMs: 0, signal: 'SIGKILL' });
    const anomalies = await workload.check();
    await server.end('SIGKILL');
    // What led to an anomaly stays for a look at it.
    if (anomalies.length === 0) rmSync(dataDir, { recursive: true });
    return {
      seed,
      workload: name,
      counts: workload.counts,
      kills,
      lossy,
      anomalies,
      ms: performance.now() - started,
    };
  } finally {
    await server.end('SIGKILL');
  }
}

async function endsInTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), STUCK_MS);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

interface Kill {
  readonly afterSteps: number;
  readonly delayMs: number;
  readonly signal: 'SIGKILL' | 'SIGTERM';
}

function planOf(random: Random): { stepsPerWorker: number; kills: Kill[] } {
  const stepsPerWorker = 12 + random.below(16);
  const total = stepsPerWorker * WORKERS;
  const kills = Array.from({ length: 1 + random.below(3) }, (): Kill => ({
    afterSteps: 1 + random.below(total - 1),
    delayMs: random.below(4),
    signal: random.chance(0.1) ? 'SIGTERM' : 'SIGKILL',
  }));
  return { stepsPerWorker, kills };
}
