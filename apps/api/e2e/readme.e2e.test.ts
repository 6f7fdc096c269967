import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { afterAll, beforeAll, expect, it } from 'vitest';

const README = new URL('../../../README.md', import.meta.url);
/** Inside of the checkout, so that the example finds the SDK as a reader's copy does. */
const FOLDER = fileURLToPath(new URL('../dist/readme/', import.meta.url));
const LINES_MAX = 40;
const LOGIN = /email: '(.+?)', password: '(.+?)'/;

let shop: TestShop;
let example: string;
let buying: ChildProcess | undefined;
beforeAll(async () => {
  example = /^```ts\n(.*?)^```$/ms.exec(await readFile(README, 'utf8'))?.[1] ?? '';
  const [, email = '', password = ''] = LOGIN.exec(example) ?? [];
  shop = await createTestShop({ products: [{ slug: 'lamp', price: 4_999, stock: 3 }] });
  await shop.inside.services.accounts.createCustomer({ email, password, name: 'Ada' });
});
afterAll(async () => {
  buying?.kill();
  await shop[Symbol.asyncDispose]();
  await rm(FOLDER, { recursive: true, force: true });
});

it('buys with the example of the README, as it is printed', async () => {
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}buy.ts`, example);

  const child = spawn(process.execPath, [`${FOLDER}buy.ts`, shop.apis[0]?.url ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  buying = child;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const [, payHere] = /Pay here: (\S+)/.exec(line) ?? [];
    if (payHere !== undefined) expect(await shop.pay(payHere)).toMatchObject({ outcome: 'paid' });
  }
  expect(await ended).toBe(0);
  expect(lines[0]).toBe('In the cart: The lamp, $49.99');
  expect(lines.at(-1)).toMatch(/^Order CW-\w+ is paid \(paid\)$/);
});
