import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as pricing from '../src/pricing.ts';
import { priceCarts } from './carts.ts';
import { cartsInBrowser, cartsInNode } from './same-bytes.fixture.ts';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('..', import.meta.url));
const bin = (path: string): string => fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));
const typescript = bin('typescript/bin/tsc');
/** Of one format; the other has the same again. */
const DECLARATIONS_MAX_BYTES = 360_000;
const CODE_MAX_BYTES = 60_000;
/** All 100,000: `CARTWRIGHT_CARTS=100000 npm test -- libs/sdk/test`. */
const CARTS = { from: 1, count: Number(process.env['CARTWRIGHT_CARTS'] ?? 3_000) };

const consumer = `
import { asyncTokenStorage, createCartwright, isCartwrightError, formatMoney, newIdempotencyKey } from '@cartwright/sdk';
import { hasStatus, nextStatuses } from '@cartwright/sdk/order-states';
import { calculatePricing, type PricingInput } from '@cartwright/sdk/pricing';
import type { AsyncStore, Cartwright, CartwrightError, Money, RouterOutputs, TokenStorage } from '@cartwright/sdk';

const shop: Cartwright = createCartwright({ url: 'http://127.0.0.1:9', fetch: async () => { throw new Error('offline'); } });
type Order = RouterOutputs['orders']['byId'];
export const total = (order: Order): Money => order.total;
export const isPaid = (order: Order): boolean => order.status === 'paid';
// @ts-expect-error: there is no such status
export const never = (order: Order): boolean => order.status === 'lost';
// @ts-expect-error: a quantity is a number
export const wrong = () => shop.api.cart.addItem.mutate({ variantId: 'v', quantity: 'many' });
export const left = (error: unknown): number =>
  isCartwrightError(error, 'OUT_OF_STOCK') ? (error.details.lines[0]?.available ?? 0) : 0;
export function explain(error: CartwrightError): string {
  switch (error.reason) {
    case 'OUT_OF_STOCK':
      return String(error.details.lines.length);
    case 'COUPON_MINIMUM_NOT_MET':
      return formatMoney(error.details.minimum, 'en-US');
    case 'IDEMPOTENCY_IN_PROGRESS':
      return String(error.details?.retryAfterSeconds ?? 1);
    case 'CART_EMPTY':
      // @ts-expect-error: this reason has no details
      return error.details.lines;
    default:
      return error.requestId;
  }
}
export function next(order: Order): 'paid' | 'canceled' | undefined {
  // @ts-expect-error: nothing of a canceled order is on its way
  if (hasStatus(order, 'canceled') && order.fulfillmentStatus === 'shipped') return undefined;
  // @ts-expect-error: a paid order does not become pending
  if (hasStatus(order, 'paid') && nextStatuses(order.status).includes('pending')) return undefined;
  return nextStatuses(order.status)[0];
}
export const pricedTotal = (input: PricingInput): Money => calculatePricing(input).total;
export const storageOf = (store: AsyncStore): TokenStorage => asyncTokenStorage(store);
export const price: string = formatMoney({ amount: 1999, currency: 'USD' }, 'en-US');
export const key: string = newIdempotencyKey();
`;

let project: string;
let tarball: string;
beforeAll(async () => {
  await run(process.execPath, [join(sdk, 'build/build.ts')]);
  project = await mkdtemp(join(tmpdir(), 'cartwright-sdk-'));
  const { stdout } = await run('npm', ['pack', join(sdk, 'dist/package'), '--json', '--pack-destination', project]);
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  tarball = join(project, packed?.filename ?? '');
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], {
    cwd: project,
  });
}, 180_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const published = () => join(project, 'node_modules/@cartwright/sdk/dist');

async function filesEnding(...endings: string[]): Promise<string> {
  const names = (await readdir(published())).filter((name) => endings.some((ending) => name.endsWith(ending)));
  const texts = await Promise.all(names.map((name) => readFile(join(published(), name), 'utf8')));
  return texts.join('\n');
}

describe('the packed SDK in an empty project', () => {
  it('runs as ESM and as CommonJS', async () => {
    const script = `const { formatMoney } = MODULE; console.log(formatMoney({ amount: 1999, currency: 'USD' }, 'en-US'))`;
    const esm = script.replace('MODULE', "await import('@cartwright/sdk')");
    const cjs = script.replace('MODULE', "require('@cartwright/sdk')");
    const options = { cwd: project };
    expect((await run(process.execPath, ['--input-type=module', '-e', esm], options)).stdout).toBe('$19.99\n');
    expect((await run(process.execPath, ['--input-type=commonjs', '-e', cjs], options)).stdout).toBe('$19.99\n');
  });

  it.each([
    ['ESM of Node', 'index.mts', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['CommonJS of Node', 'index.cts', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['a bundler', 'index.ts', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('type checks strictly, libraries included, for %s', async (_what, file, resolution) => {
    await writeFile(join(project, file), consumer);
    const compilerOptions = {
      ...resolution,
      target: 'es2022',
      lib: ['es2022', 'dom', 'esnext.disposable', 'esnext.asynciterable'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const config = join(project, `tsconfig.${file}.json`);
    await writeFile(config, JSON.stringify({ compilerOptions, files: [file] }));
    const { stdout } = await run(process.execPath, [typescript, '-p', config], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('publishes no server type, no `any` and no import but tRPC and superjson', async () => {
    const declarations = await filesEnding('.d.ts', '.d.cts');
    const withoutComments = declarations.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(withoutComments.match(/\bany\b/g)).toBeNull();
    // Not of values that end so, such as a purpose "catalog_import".
    const modules = [...withoutComments.matchAll(/(?<!["'\w])(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(
      ([, name]) => name,
    );
    const foreign = modules.filter((name) => !/^(\.\/|@trpc\/|superjson$|@tanstack\/react-query$)/.test(name ?? ''));
    expect(foreign).toEqual([]);
    expect(withoutComments).not.toMatch(/mongoose|ioredis|express|Repository|RequestContext/);
    expect((await filesEnding('.d.ts')).length).toBeLessThan(DECLARATIONS_MAX_BYTES);
  });

  it('is a package as resolvers of all kinds expect it', async () => {
    await run(process.execPath, [bin('publint/src/cli.js'), 'run', join(sdk, 'dist/package'), '--strict']);
    await run(process.execPath, [bin('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'node16']);
  });

  it('carries no server code and stays small', async () => {
    expect(await filesEnding('.js')).not.toMatch(/mongoose|ioredis|node:/);
    const names = (await readdir(published())).filter((name) => name.endsWith('.js'));
    const client = names.filter((name) => !['order-states.js', 'pricing.js'].includes(name));
    const texts = await Promise.all(client.map((name) => readFile(join(published(), name), 'utf8')));
    expect(texts.join('').length).toBeLessThan(CODE_MAX_BYTES);
  });

  it('prices generated carts to the same bytes as the shop, in Node and in a page, and they add up', async () => {
    const expected = { ...priceCarts(pricing, CARTS), problems: [] };
    expect(await cartsInNode('esm', CARTS), 'ESM').toEqual(expected);
    expect(await cartsInNode('cjs', CARTS), 'CommonJS').toEqual(expected);
    expect(await cartsInBrowser(CARTS), 'Chromium').toEqual(expected);
  }, 600_000);
});
