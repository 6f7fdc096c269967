import { expect, it } from 'vitest';
import { createOrderClocks } from './order-clocks.ts';
import { createOrderHolds } from './order-holds.ts';
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
