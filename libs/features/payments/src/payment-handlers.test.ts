import { orderCanceled } from '@cartwright/feature-orders';
import { fixedClock } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { createPaymentHandlers } from './payment-handlers.ts';

it('the page of a canceled order is over before anybody is sent to close it: that may come to nothing', async () => {
  const clock = fixedClock();
  const ended: unknown[] = [];
  const handlers = createPaymentHandlers({
    webhooks: { apply: async () => 'applied' },
    attempts: { endPage: async (...page) => void ended.push(page) },
    queues: { enqueue: () => Promise.reject(new Error('Redis is away')) },
    clock,
  });
  const closing = handlers.find(({ event }) => event.type === orderCanceled.type);
  const event = { payload: { orderId: 'one', paymentMethod: 'stripe_checkout' } };
  await expect(closing?.handle(event as never, {} as never)).rejects.toThrow('Redis is away');
  expect(ended).toEqual([['one', clock()]]);
});
