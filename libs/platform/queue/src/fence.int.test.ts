import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createSilentLogger } from '@cartwright/platform-logger';
import { sessionOption } from '@cartwright/platform-mongo';
import { testMongo, testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createFences } from './fence.ts';
import { createQueues } from './queues.ts';
import { paymentJob } from './testing/payment-job.ts';

const LOCK_MS = 1_000;

/** A worker as a process of its own, so that it can be stopped in the middle of a job. */
const startWorker = (...args: string[]) => {
  const main = fileURLToPath(new URL('./testing/fenced-worker.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    lines,
    says: (line: string, times = 1) =>
      expect.poll(() => lines.filter((said) => said === line).length, { timeout: 30_000 }).toBe(times),
    goOn: () => void child.stdin.write('\n'),
    stop: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    end: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const setUp = async () => {
  const db = await testMongo();
  const cache = await testRedis();
  const fences = createFences(db);
  await fences.ensureIndexes();
  await db.mongo.connection.createCollection('effects');
  const jobs = [paymentJob] as const;
  const queues = createQueues({ redisUrl: cache.url, prefix: cache.prefix, jobs, logger: createSilentLogger() });
  const started: ReturnType<typeof startWorker>[] = [];
  return {
    db,
    fences,
    queues,
    start: async () => {
      const worker = startWorker(db.uri, cache.url, cache.prefix, String(LOCK_MS));
      started.push(worker);
      await worker.says('ready');
      return worker;
    },
    effects: () => db.mongo.connection.collection('effects').countDocuments(),
    wipe: async () => cache.redis.client.unlink(...(await cache.redis.client.keys(`${cache.prefix}:*`))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((worker) => worker.end()));
      await queues.close();
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
};

/** Worker A has the job, is stopped for longer than its lock lasts, and B takes the job over. */
const losing = async (app: Awaited<ReturnType<typeof setUp>>) => {
  const a = await app.start();
  await app.queues.enqueue(paymentJob, { amount: 5 });
  await a.says('has it');
  a.stop();
  const b = await app.start();
  await b.says('has it');
  return { a, b };
};

describe('a job resumed after its lock was lost', () => {
  it('has no second effect when the other worker has finished it', async () => {
    await using app = await setUp();
    const { a, b } = await losing(app);
    b.goOn();
    await b.says('booked');
    a.resume();
    // It learns that it has lost the job, and has done nothing with it yet.
    await a.says('called off');
    a.goOn();
    await a.says('booked already');
    await a.says('LockLostError');
    expect(await app.effects()).toBe(1);
    await expect.poll(async () => (await app.queues.counts()).payments).toMatchObject({ active: 0, failed: 0 });
  });

  it('has the only effect when it comes before the other worker', async () => {
    await using app = await setUp();
    const { a, b } = await losing(app);
    a.resume();
    a.goOn();
    await a.says('booked');
    await a.says('LockLostError');
    b.goOn();
    await b.says('booked already');
    await b.says('still mine');
    expect(await app.effects()).toBe(1);
    await expect.poll(async () => (await app.queues.counts()).payments).toMatchObject({ active: 0, failed: 0 });
  });
});

describe('a job after a wiped Redis', () => {
  it('is not taken for the earlier one whose id it has', async () => {
    await using app = await setUp();
    const worker = await app.start();
    for (const times of [1, 2]) {
      await app.queues.enqueue(paymentJob, { amount: 5 });
      await worker.says('has it', times);
      worker.goOn();
      await worker.says('still mine', times);
      await expect.poll(async () => (await app.queues.counts()).payments).toMatchObject({ active: 0 });
      await app.wipe();
    }
    expect(await app.effects()).toBe(2);
  });
});

describe('a fence', () => {
  const run = { identity: 'payments/1/5', lockKey: 'x', token: 'a', redis: { get: async () => null } };

  it('lets one of many through at the same moment', async () => {
    await using app = await setUp();
    const effects = app.db.mongo.connection.collection('effects');
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () =>
        app.fences.of(run).once('book', async (tx) => void (await effects.insertOne({}, sessionOption(tx)))),
      ),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await app.effects()).toBe(1);
  });

  it('keeps no record of an effect that failed, and tells steps apart', async () => {
    await using app = await setUp();
    const fence = app.fences.of(run);
    await expect(fence.once('book', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await fence.once('book', async () => undefined)).toBe(true);
    expect(await fence.once('tell', async () => undefined)).toBe(true);
    expect(await fence.once('tell', async () => undefined)).toBe(false);
  });
});
