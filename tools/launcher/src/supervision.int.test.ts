import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeCheckout } from './fake-checkout.ts';
import { isAlive } from './processes.ts';
import { readJsonFile, type ShopState } from './state.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const WAIT = { timeout: 20_000, interval: 50 };
const launched: ChildProcess[] = [];

/** Variables that would point the launcher at services of the test run or of the person who runs the tests. */
const NEUTRAL = [
  'MONGODB_URI',
  'REDIS_URL',
  'STRIPE_SECRET_KEY',
  'S3_BUCKET',
  'SMTP_URL',
  'PORT',
  'CARTWRIGHT_STARTED_AT',
  'NODE_ENV',
];

function launch(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const clean = { ...process.env };
  for (const name of NEUTRAL) delete clean[name];
  const child = spawn(process.execPath, [MAIN, ...args, '--root', root], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  launched.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return { child, ended, output: () => output };
}

const stateOf = (root: string, folder = '.cartwright') =>
  readJsonFile<ShopState>(path.join(root, folder, 'state.json'));

async function startShop(
  root: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  folder = '.cartwright',
) {
  const run = launch(root, ['start', ...args], env);
  await vi.waitFor(() => expect(run.output()).toContain('Cartwright is ready'), WAIT);
  const state = stateOf(root, folder);
  if (!state) throw new Error('no state file');
  const pids = state.services.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  return { ...run, state, pids };
}

afterEach(() => {
  for (const child of launched.splice(0)) child.kill('SIGKILL');
});

describe('npm start', () => {
  it('starts everything, seeds once, and on Ctrl-C stops all of it in order', async () => {
    using checkout = createFakeCheckout();
    const seedLog = path.join(checkout.root, 'seed.log');
    const first = await startShop(checkout.root, ['--products', '12'], { SEED_LOG: seedLog });

    expect(first.state.services.map(({ name }) => name).sort()).toEqual([
      'api',
      'files',
      'mailbox',
      'mongo',
      'redis',
      'stripe',
      'web',
      'worker',
    ]);
    expect(first.pids).toHaveLength(8);
    expect(first.pids.every((pid) => isAlive(pid))).toBe(true);
    expect(readFileSync(seedLog, 'utf8')).toMatch(/^--products 12\|mongodb:\/\/127\.0\.0\.1:\d+\/cartwright\n$/);
    expect(first.output()).toContain('customer@cartwright.test');

    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.pids.filter((pid) => isAlive(pid))).toEqual([]);
    expect(stateOf(checkout.root)).toBeUndefined();
    expect(readFileSync(path.join(checkout.root, '.cartwright', 'logs', 'api.log'), 'utf8')).toContain('bye');

    const second = await startShop(checkout.root, [], { SEED_LOG: seedLog });
    expect(second.output()).not.toContain('Loading the demo catalog');
    expect(second.output()).not.toContain('Building');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(readFileSync(seedLog, 'utf8').split('\n')).toHaveLength(2);
  });

  it('leaves no process when the launcher is killed', async () => {
    using checkout = createFakeCheckout();
    const shop = await startShop(checkout.root);
    shop.child.kill('SIGKILL');
    await shop.ended;
    await vi.waitFor(() => expect(shop.pids.filter((pid) => isAlive(pid))).toEqual([]), WAIT);

    // The lock and state it left are no obstacle.
    const again = await startShop(checkout.root);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('starts again what dies, and says so', async () => {
    using checkout = createFakeCheckout();
    const shop = await startShop(checkout.root);
    for (const name of ['api', 'mongo']) {
      const before = shop.state.services.find((service) => service.name === name)?.pid ?? 0;
      process.kill(before, 'SIGKILL');
      await vi.waitFor(() => {
        const now = stateOf(checkout.root)?.services.find((service) => service.name === name);
        expect(now).toMatchObject({ status: 'running', restarts: 1 });
        expect(now?.pid).not.toBe(before);
      }, WAIT);
    }
    expect(shop.output()).toContain('API ended unexpectedly (signal SIGKILL)');
    expect(shop.output()).toContain('API is back.');
    shop.child.kill('SIGTERM');
    expect(await shop.ended).toBe(0);
  });

  it('runs twice side by side, but not twice on one data folder', async () => {
    using checkout = createFakeCheckout();
    const [first, second] = await Promise.all([
      startShop(checkout.root),
      startShop(checkout.root, ['--data-dir', 'other'], {}, 'other'),
    ]);
    const numbers = [...Object.values(first.state.ports), ...Object.values(second.state.ports)];
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(first.output() + second.output()).toMatch(/Port 3000 \(api\) is taken; using \d+/);

    const third = launch(checkout.root, ['start', '--fresh']);
    expect(await third.ended).toBe(1);
    expect(third.output()).toContain('already runs on');
    expect(existsSync(path.join(checkout.root, '.cartwright', 'secrets.json'))).toBe(true);

    for (const shop of [first, second]) shop.child.kill('SIGTERM');
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  });

  it('names everything that is wrong at once and starts nothing', async () => {
    using checkout = createFakeCheckout();
    const run = launch(checkout.root, ['start', '--port', 'abc', '--colour'], {
      TAX_MODE: 'sometimes',
      SESSION_SECRET: 'short',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(await run.ended).toBe(1);
    for (const name of ['--port', '--colour', 'TAX_MODE', 'SESSION_SECRET', 'REDIS_URL']) {
      expect(run.output()).toContain(name);
    }
    expect(existsSync(path.join(checkout.root, '.cartwright'))).toBe(false);
  });

  it('says what to install when Redis is missing and cannot be installed', async () => {
    using checkout = createFakeCheckout();
    const run = launch(checkout.root, ['start'], { PATH: path.join(checkout.root, 'empty') });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('Redis is needed and was not found');
    expect(existsSync(path.join(checkout.root, '.cartwright'))).toBe(false);
  });

  it('stops what it started when one service cannot start, and shows why', async () => {
    using checkout = createFakeCheckout();
    checkout.write('apps/api/src/main.ts', "console.error('Error: the printer is on fire'); process.exit(1);");
    const run = launch(checkout.root, ['start']);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('the printer is on fire');
    expect(run.output()).toContain('Everything is stopped');
    expect(stateOf(checkout.root)).toBeUndefined();
  });

  it('refuses a folder with other people’s files, with --fresh too', async () => {
    using checkout = createFakeCheckout();
    checkout.write('precious/diary.txt', 'dear diary');
    const run = launch(checkout.root, ['start', '--fresh', '--data-dir', 'precious']);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('files that are not the shop');
    expect(existsSync(path.join(checkout.root, 'precious', 'diary.txt'))).toBe(true);
  });

  it('empties its own folder with --fresh and seeds again', async () => {
    using checkout = createFakeCheckout();
    const first = await startShop(checkout.root);
    first.child.kill('SIGTERM');
    await first.ended;
    checkout.write('.cartwright/mongo/old.txt', 'old');
    const second = await startShop(checkout.root, ['--fresh']);
    expect(second.output()).toContain('Loading the demo catalog');
    expect(existsSync(path.join(checkout.root, '.cartwright', 'mongo', 'old.txt'))).toBe(false);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });
});

describe('npm run stop', () => {
  it('stops the shop of a data folder', async () => {
    using checkout = createFakeCheckout();
    const shop = await startShop(checkout.root);
    const stop = launch(checkout.root, ['stop']);
    expect(await stop.ended).toBe(0);
    expect(await shop.ended).toBe(0);
    const again = launch(checkout.root, ['stop']);
    expect(await again.ended).toBe(0);
    expect(again.output()).toContain('Nothing runs');
  });
});

describe('npm run doctor', () => {
  it('tells what would be started, and that nothing is wrong', async () => {
    using checkout = createFakeCheckout();
    const run = launch(checkout.root, ['doctor']);
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain('the shop is not running');
    for (const part of [/MongoDB +built in/, /Redis +\/.*redis-server/, /Payments +built in/, /Mail +built in/]) {
      expect(run.output()).toMatch(part);
    }
  });

  it('names every wrong variable and a service that cannot be reached', async () => {
    using checkout = createFakeCheckout();
    const run = launch(checkout.root, ['doctor'], { MONGODB_URI: 'mongodb://127.0.0.1:1/x', SESSION_SECRET: 'x' });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('SESSION_SECRET');
    expect(run.output()).toContain('MONGODB_URI: the server it points to is not usable');
  });

  it('checks a running shop service by service', async () => {
    using checkout = createFakeCheckout();
    const shop = await startShop(checkout.root);
    const redis = shop.state.services.find(({ name }) => name === 'redis');
    const run = launch(checkout.root, ['doctor']);
    // The MongoDB of this checkout is a fake that answers nothing.
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/MongoDB +built in +mongodb:\S+ +WRONG/);
    expect(run.output()).toMatch(/Redis +\S+redis-server +\S+ +healthy \(Redis [\d.]+, append-only file on\)/);
    for (const title of ['Payments', 'Mailbox', 'API', 'Worker', 'Storefront']) {
      expect(run.output()).toMatch(new RegExp(`${title} .* healthy`));
    }
    expect(run.output()).toContain('logs/mongo.log');
    expect(redis?.source).toMatch(/redis-server$/);
    shop.child.kill('SIGTERM');
    expect(await shop.ended).toBe(0);
  });
});

describe('npm run seed', () => {
  it('starts the databases for as long as it takes, and uses those of a running shop', async () => {
    using checkout = createFakeCheckout();
    const seedLog = path.join(checkout.root, 'seed.log');
    const alone = launch(checkout.root, ['seed', '--products', '7'], { SEED_LOG: seedLog });
    expect(await alone.ended, alone.output()).toBe(0);
    expect(stateOf(checkout.root)).toBeUndefined();

    const shop = await startShop(checkout.root, ['--no-seed']);
    const beside = launch(checkout.root, ['seed', '--products', '8'], { SEED_LOG: seedLog });
    expect(await beside.ended, beside.output()).toBe(0);
    const uri = shop.state.env.MONGODB_URI;
    expect(readFileSync(seedLog, 'utf8')).toMatch(/^--products 7\|/);
    expect(readFileSync(seedLog, 'utf8')).toContain(`--products 8|${uri}\n`);

    const stopped = launch(checkout.root, ['seed'], { SEED_HANGS: '1' });
    await vi.waitFor(() => expect(stopped.output()).toMatch(/40 products \d+/), WAIT);
    stopped.child.kill('SIGINT');
    expect(await stopped.ended, stopped.output()).toBe(1);
    const seedPid = Number(/40 products (\d+)/.exec(stopped.output())?.[1]);
    await vi.waitFor(() => expect(isAlive(seedPid)).toBe(false), WAIT);
    shop.child.kill('SIGTERM');
    expect(await shop.ended).toBe(0);
  });
});
