import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAutocannon } from './autocannon-loop.ts';
import { createAddresses, createClient, mutation, queryPath, resultOf } from './client.ts';
import { load } from './measure.ts';
import { percentile, type Measurement } from './measurement.ts';
import { parseOptions } from './options.ts';
import { runOwnLoop } from './own-loop.ts';
import { parseRss, parseStat, usageOf } from './process-usage.ts';
import { formatTable } from './report.ts';

describe('options', () => {
  it('measure everything at 1, 16 and 64 connections by default', () => {
    const options = parseOptions([]);
    expect(options.connections).toEqual([1, 16, 64]);
    expect(options.only).toContain('checkout');
    expect(options.products).toBeUndefined();
  });

  it('are refused by name when wrong', () => {
    expect(() => parseOptions(['--only', 'detail,everything'])).toThrow('everything');
    expect(() => parseOptions(['--duration', '0'])).toThrow('--duration');
    expect(() => parseOptions(['--connections', '64', '--customers', '10'])).toThrow('--customers');
  });
});

describe('what the kernel counts', () => {
  it('is read also for processes with brackets and spaces in their name', () => {
    const stat = '42 (node (api) x) S 1 42 42 0 -1 4194304 900 0 0 0 1234 66 0 0 20 0 11 0 5 0 0';
    expect(parseStat(stat)).toBe(13);
    expect(parseRss('Name:\tnode\nVmRSS:\t  204800 kB\n')).toBe(200);
  });

  it('is there for this process and not for one that has ended', async () => {
    expect((await usageOf(process.pid))?.rssMegabytes).toBeGreaterThan(10);
    expect(await usageOf(999_999_999)).toBeUndefined();
  });
});

describe('percentiles', () => {
  it('are values that occurred', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('loads', () => {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    request.once('end', () => {
      response.statusCode = request.headers['x-fail'] === undefined ? 200 : 429;
      response.end('{"result":{"data":{"json":{"path":"' + request.method + '"}}}}');
    });
  });
  let origin = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('count refusals as errors and keep what the first one said', { timeout: 20_000 }, async () => {
    let made = 0;
    const found = await runAutocannon({
      origin,
      connections: 2,
      seconds: 1,
      next: () => {
        made += 1;
        return { ...mutation('a.b', { made }), headers: made % 2 === 0 ? { 'x-fail': '1' } : {} };
      },
    });
    expect(found.requests).toBeGreaterThan(0);
    expect(found.errors).toBeGreaterThan(0);
    expect(found.firstError).toContain('429');
    expect(found.p99).toBeGreaterThanOrEqual(found.p50);
    expect(calls).toBeGreaterThanOrEqual(found.requests);
  });

  it('fail with what goes on meanwhile', { timeout: 20_000 }, async () => {
    const next = () => ({ path: queryPath('a.b', {}) });
    const plan = (unit: () => Promise<void>) => ({ kind: 'requests', next, meanwhile: { workers: 3, unit } }) as const;
    const good = await load(
      plan(() => new Promise((resolve) => setImmediate(resolve))),
      origin,
      1,
      1,
    );
    expect(good).toMatchObject({ errors: 0, meanwhile: expect.toSatisfy((count: number) => count > 0) });
    const bad = await load(
      plan(() => Promise.reject(new Error('no login'))),
      origin,
      1,
      1,
    );
    expect(bad).toMatchObject({ meanwhile: 0, firstError: 'no login' });
    expect(bad.errors).toBeGreaterThan(0);
  });

  it('of our own run their units in as many workers as connections', async () => {
    const workers = new Set<number>();
    const found = await runOwnLoop(
      async (worker) => {
        workers.add(worker);
        await new Promise((resolve) => setImmediate(resolve));
        if (worker === 2) throw new Error('refused');
      },
      3,
      0.1,
    );
    expect([...workers].sort()).toEqual([0, 1, 2]);
    expect(found.errors).toBeGreaterThan(0);
    expect(found.firstError).toBe('refused');
  });

  it('speak tRPC through a client that keeps its connections', async () => {
    const client = createClient(origin, 1);
    expect(resultOf(await client.call({ path: queryPath('a.b', { x: 1 }) }))).toEqual({ path: 'GET' });
    expect(resultOf(await client.call(mutation('a.b', {})))).toEqual({ path: 'POST' });
    expect(() => resultOf({ status: 500, body: 'broken' })).toThrow('HTTP 500: broken');
    client.close();
  });

  it('come from an address of its own each', () => {
    const next = createAddresses();
    const addresses = Array.from({ length: 70_000 }, next);
    expect(new Set(addresses).size).toBe(70_000);
    expect(addresses.at(-1)).toMatch(/^10\.1\.\d+\.\d+$/);
  });
});

describe('the table', () => {
  const measurement: Measurement = {
    scenario: 'detail',
    target: 'shop',
    connections: 16,
    requests: 7_000,
    seconds: 10,
    perSecond: 700,
    p50: 20,
    p99: 41.5,
    errors: 0,
    processes: { api: { cpuSecondsPerThousand: 1.2, rssMegabytes: 120 } },
    cpuSecondsPerThousand: 1.2,
  };

  it('shows the share of the limit', () => {
    const table = formatTable([measurement, { ...measurement, target: 'limit', perSecond: 1_000 }]);
    expect(table).toContain('1000 (70 %)');
    expect(table).not.toContain('errors;');
  });

  it('says when a run has errors', () => {
    const table = formatTable([{ ...measurement, errors: 3, firstError: 'HTTP 429' }]);
    expect(table).toContain('not to be trusted');
    expect(table).toContain('detail (shop) at 16: 3 calls failed, the first with HTTP 429');
  });
});
