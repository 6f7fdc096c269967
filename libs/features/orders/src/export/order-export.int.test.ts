import { newId } from '@cartwright/platform-mongo';
import type { JobContext } from '@cartwright/platform-queue';
import { collectingQueues } from '@cartwright/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildOrder } from '../order-builders.fixture.ts';
import { createTestShop, reasonOf } from '../orders.fixture.ts';
import { createOrderExport } from './create-order-export.ts';

const COUNT = 205;
let shop: Awaited<ReturnType<typeof createTestShop>>;
let exporting: ReturnType<typeof createOrderExport>;
const written = new Map<string, string>();

beforeAll(async () => {
  shop = await createTestShop();
  exporting = createOrderExport({
    orders: shop.orderRepository,
    mongo: shop.mongo,
    outbox: { append: async () => undefined },
    queues: collectingQueues(),
    files: {
      async write({ key }, pieces) {
        const texts: string[] = [];
        for await (const piece of pieces) texts.push(Buffer.from(piece).toString());
        written.set(key, texts.join(''));
      },
      presignGet: async ({ key }) => `https://files.test/${key}`,
      remove: async (key) => void written.delete(key),
    },
    clock: shop.clock,
  });
  const docs = Array.from({ length: COUNT }, (_, place) => {
    const number = `CW-${String(place).padStart(8, '0')}`;
    const { id: _id, ...order } = buildOrder({
      id: newId(),
      number,
      email: `${place % 2 ? 'odd' : 'even'}@cartwright.test`,
    });
    return { _id, ...order };
  });
  await shop.mongo.connection.collection<(typeof docs)[number]>('orders').insertMany(docs);
});
afterAll(() => shop?.[Symbol.asyncDispose]());

async function exported(wish: Parameters<typeof exporting.orderExport.ask>[1]) {
  const { id } = await exporting.orderExport.ask('clerk', wish);
  await exporting.orderExportProcessors['orders.export-csv']({ exportId: id }, {
    signal: new AbortController().signal,
  } as JobContext);
  const status = await exporting.orderExport.status('clerk', id);
  const lines = (written.get(new URL(status.url ?? '').pathname.slice(1)) ?? '').trim().split('\r\n').slice(1);
  return { id, status, numbers: lines.map((line) => line.split(',')[0]) };
}

it('holds every order once, the newest first, over all pages', async () => {
  const { status, numbers } = await exported({});
  expect(status).toMatchObject({ state: 'done', orders: COUNT, total: COUNT });
  expect(numbers.length).toBe(COUNT);
  expect(new Set(numbers).size).toBe(COUNT);
  expect([numbers[0], numbers.at(-1)]).toEqual(['CW-00000204', 'CW-00000000']);
});

it('holds what the filters of the list find, and no more', async () => {
  expect((await exported({ query: 'odd@' })).numbers.length).toBe(102);
  const { numbers } = await exported({ query: '' });
  const placeOf = (number = '') => Number(number.slice(3));
  // Address by address, the newest of each first.
  const even = Array.from({ length: 103 }, (_, index) => 204 - 2 * index);
  expect(numbers.map(placeOf)).toEqual([...even, ...even.slice(0, -1).map((place) => place - 1)]);
  expect((await exported({ query: 'CW-00000007' })).numbers).toEqual(['CW-00000007']);
  expect((await exported({ status: 'paid' })).status).toMatchObject({ state: 'done', orders: 0, total: 0 });
});

it('is one for each wish under way, and for nobody else', async () => {
  const { ask, status } = exporting.orderExport;
  const first = await ask('dora', { status: 'pending' });
  expect((await ask('dora', { status: 'pending' })).id).toBe(first.id);
  expect((await ask('dora', { status: 'paid' })).id).not.toBe(first.id);
  expect((await ask('emil', { status: 'pending' })).id).not.toBe(first.id);
  expect(await reasonOf(status('emil', first.id))).toBe('NOT_FOUND');
});

it('is gone after a day', async () => {
  const { id } = await exported({ query: 'even@' });
  expect(written.size).toBeGreaterThan(0);
  shop.clock.advance(24 * 3_600_000);
  await exporting.orderExportProcessors['orders.sweep-exports']({}, {
    signal: new AbortController().signal,
  } as JobContext);
  expect(written.size).toBe(0);
  expect(await reasonOf(exporting.orderExport.status('clerk', id))).toBe('NOT_FOUND');
});
