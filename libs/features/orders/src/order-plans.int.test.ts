import { testMongo, type TestMongo } from '@cartwright/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrderModel } from './order.model.ts';
import { createOrderRepository, type OrderRepository } from './order-repository.ts';
import { buildOrder } from './order-builders.fixture.ts';
import type { Order, ReturnRequest } from './order.ts';

const COUNT = 300;
const MINUTE_MS = 60_000;
const START = Date.now() - COUNT * MINUTE_MS;
/** Every so many of them wait for an answer, and as many have one. */
const EVERY = 30;

let db: TestMongo;
let orders: OrderRepository;
const asked: { filter: object; options: object }[] = [];

/** Two in a minute, and those with the later ids placed the earlier, as orders of another system may be. */
const placedAt = (index: number): Date => new Date(START + Math.floor((COUNT - index) / 2) * MINUTE_MS);

const wish = (status: ReturnRequest['status']): ReturnRequest[] => [
  { id: 'r', at: new Date(), lines: [{ lineId: 'line-a', quantity: 1 }], reason: 'Too small', status },
];

beforeAll(async () => {
  db = await testMongo();
  const model = createOrderModel(db.mongo.connection);
  orders = createOrderRepository({ orders: model });
  await db.mongo.ensureIndexes();
  await model.insertMany(
    Array.from({ length: COUNT }, (_, index) => {
      const number = `CW-${String(index).padStart(8, '0')}`;
      const answered = index % EVERY === 1 ? { returnRequests: wish('declined') } : {};
      const waiting = index % EVERY === 0 ? { returnRequests: wish('asked') } : answered;
      const email = `buyer-${index % EVERY}@cartwright.test`;
      const { id: _id, ...order } = buildOrder({ number, email, createdAt: placedAt(index), ...waiting });
      return { _id, ...order };
    }),
  );
  db.mongo.connection.set('debug', (_: string, method: string, filter: object, options: object) => {
    if (method === 'find') asked.push({ filter, options });
  });
});
afterAll(() => db[Symbol.asyncDispose]());

async function lastPlan(): Promise<{ plan: string; keys: number }> {
  const read = asked.at(-1);
  const explained = (await db.mongo.connection
    .collection('orders')
    .find(read?.filter ?? {}, read?.options)
    .explain('executionStats')) as unknown as {
    queryPlanner: { winningPlan: unknown };
    executionStats: { totalKeysExamined: number };
  };
  return { plan: JSON.stringify(explained.queryPlanner.winningPlan), keys: explained.executionStats.totalKeysExamined };
}

it('lists orders whose buyers wait for an answer in order, looking at no more than it shows', async () => {
  const first = await orders.page({ returnRequested: true }, 4);
  expect(first).toHaveLength(5);
  const { plan, keys } = await lastPlan();
  expect(plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
  expect(keys).toBeLessThanOrEqual(6);
  const rest = await orders.page({ returnRequested: true }, COUNT, first[3]);
  expect(rest).toHaveLength(COUNT / EVERY - 4);
  expect((await lastPlan()).plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
});

it('counts them without looking at others, and no further than asked', async () => {
  expect(await orders.countReturnsAsked(100)).toBe(COUNT / EVERY);
  const { plan, keys } = await lastPlan();
  expect(plan).not.toContain('COLLSCAN');
  expect(keys).toBeLessThanOrEqual(COUNT / EVERY + 1);
  expect(await orders.countReturnsAsked(3)).toBe(3);
});

it('lists those of addresses that begin in some way without sorting them, whatever else is asked', async () => {
  for (const filter of [{ emailPrefix: '' }, { emailPrefix: 'buyer-1', status: 'pending' }] as const) {
    const all = await orders.page(filter, COUNT);
    expect(all.length).toBeGreaterThan(50);
    const listed: Order[] = [];
    for (let last: Order | undefined; ;) {
      const found = await orders.pageByAddress(filter, 20, last);
      const { plan, keys } = await lastPlan();
      expect(plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
      // Of an address there are ten at most.
      expect(keys).toBeLessThanOrEqual(20 + 1 + 10 + 1);
      listed.push(...found.slice(0, 20));
      last = listed.at(-1);
      if (found.length <= 20) break;
    }
    const inOrder = all.toSorted((a, b) => (a.email === b.email ? (a.id < b.id ? 1 : -1) : a.email < b.email ? -1 : 1));
    expect(listed.map(({ id }) => id)).toEqual(inOrder.map(({ id }) => id));
  }
});

it('lists what was placed in a period by when it was, page by page, looking at no more than it shows', async () => {
  const filter = { from: new Date(START + 40 * MINUTE_MS), to: new Date(START + 50 * MINUTE_MS) };
  const listed: Order[] = [];
  for (let last: Order | undefined; ;) {
    const found = await orders.page(filter, 7, last);
    const { plan, keys } = await lastPlan();
    expect(plan).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
    // Beyond what is shown there is at most the other one of the mark's minute.
    expect(keys).toBeLessThanOrEqual(10);
    const page = found.slice(0, 7);
    listed.push(...page);
    last = page.at(-1);
    if (found.length <= 7) break;
  }
  const within = Array.from({ length: COUNT }, (_, index) => placedAt(index)).filter(
    (at) => at >= filter.from && at < filter.to,
  );
  expect(listed.map(({ createdAt }) => createdAt)).toEqual(within);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(20);
});
