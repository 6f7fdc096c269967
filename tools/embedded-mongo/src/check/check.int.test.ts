import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { connectClients, type Clients } from './clients.ts';
import { runSeed } from './run-seed.ts';
import { createServerPool, type ServerPool } from './server-pool.ts';

describe('random transactions under kill -9', () => {
  let pool: ServerPool;
  let clients: Clients;
  beforeAll(async () => {
    pool = await createServerPool();
    clients = connectClients(pool.port);
  });
  afterAll(async () => {
    await clients[Symbol.asyncDispose]();
    await pool.close();
  });

  for (const workload of ['bank', 'list-append', 'registers']) {
    for (const seed of [1, 3, 6]) {
      it(`leave no anomaly: ${workload}, seed ${seed}`, async () => {
        using dir = temporaryFolder();
        const result = await runSeed({ seed, workload, pool, clients, baseDir: dir.path });
        expect(result.anomalies).toEqual([]);
        expect(result.counts.ok).toBeGreaterThan(10);
        expect(result.kills).toBeGreaterThan(1);
      }, 60_000);
    }
  }
});
