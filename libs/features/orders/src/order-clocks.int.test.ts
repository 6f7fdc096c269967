import { expect, it } from 'vitest';
import { createOrderClocks } from './order-clocks.ts';
import { createOrderHolds } from './order-holds.ts';
import { buildOrder } from './order-builders.fixture.ts';
import { createTestShop } from './orders.fixture.ts';

const HOUR = 3_600_000;

it('the end of a hold leaves a page alone that was opened rightly since, its goods taken again', async () => {
  await using shop = await createTestShop();
  await shop.stockUp('a', 10);
  const { buyer, place } = await shop.readyToPlace({ a: 2 });
  const { order } = await place();
  const log: string[] = [];
  const { stock, coupons, mongo, clock } = shop;
  const settings = { current: async () => shop.settings };
  const clocks = createOrderClocks({
    mongo: {
      // The buyer comes back right after the goods were let go.
      transaction: async (work) => {
        const answer = await mongo.transaction(work);
        log.push('let go');
        await shop.orders.pay(buyer, { orderId: order.id });
        log.push('opened');
        return answer;
      },
    },
    orders: shop.orderRepository,
    holds: createOrderHolds({ stock, coupons, settings }),
    payments: {
      expireOpenSession: async () => {
        log.push('closed');
        return 'closed';
      },
    },
    outbox: { append: async () => undefined },
    clock,
  });
  clock.advance(HOUR);
  expect(await clocks.releaseHold(order.id)).toBe(true);
  expect(log).toEqual(['closed', 'let go', 'opened']);
  expect(await shop.orders.isPayable(order.id)).toBe(true);
  expect(await shop.stockOf('a')).toMatchObject({ onHand: 10, reserved: 2 });
});

it('a sweep gets past orders that can not be settled now, however many', async () => {
  await using shop = await createTestShop();
  const now = shop.clock();
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
  const stuck = Array.from({ length: 201 }, (_, index) =>
    buildOrder({ number: `CW-${String(index).padStart(8, '0')}`, hold: 'released', expiresAt: ago(1_000 - index) }),
  );
  const last = buildOrder({ number: 'CW-LAST0000', hold: 'released', expiresAt: ago(1) });
  await shop.mongo.transaction(async (tx) => {
    for (const order of [...stuck, last]) await shop.orderRepository.insert(order, tx);
  });
  const clocks = createOrderClocks({
    mongo: shop.mongo,
    orders: shop.orderRepository,
    holds: { release: async (order) => ({ order, events: [] }) },
    payments: { expireOpenSession: async (orderId) => (orderId === last.id ? 'closed' : 'completed') },
    outbox: { append: async () => undefined },
    clock: shop.clock,
  });
  expect(await clocks.sweep(() => undefined)).toBe(1);
  expect(await shop.orders.load(last.id)).toMatchObject({ status: 'canceled', cancelReason: 'expired' });
});

it('a sweep whose provider is away ends the turn of one clock, and lets goods go that no page is open for', async () => {
  await using shop = await createTestShop();
  const now = shop.clock();
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
  const open = Array.from({ length: 25 }, (_, index) =>
    buildOrder({ number: `CW-${String(index).padStart(8, '0')}`, hold: 'released', expiresAt: ago(1_000 - index) }),
  );
  const expiresAt = new Date(now.getTime() + HOUR);
  const holding = buildOrder({ number: 'CW-LAST0000', hold: 'held', expiresAt, holdExpiresAt: ago(1) });
  await shop.mongo.transaction(async (tx) => {
    for (const order of [...open, holding]) await shop.orderRepository.insert(order, tx);
  });
  const clocks = createOrderClocks({
    mongo: shop.mongo,
    orders: shop.orderRepository,
    holds: { release: async (order) => ({ order: { ...order, hold: 'released' }, events: [] }) },
    payments: {
      expireOpenSession: async (orderId) => {
        if (orderId === holding.id) return 'closed';
        throw new Error('provider is away');
      },
    },
    outbox: { append: async () => undefined },
    clock: shop.clock,
  });
  const failed: string[] = [];
  expect(await clocks.sweep((orderId) => failed.push(orderId))).toBe(1);
  expect(failed).toEqual(open.slice(0, 20).map(({ id }) => id));
  expect(await shop.orders.load(holding.id)).toMatchObject({ status: 'pending', hold: 'released' });
});
