import type { DeliveredEvent } from '@cartwright/platform-outbox';
import { describe, expect, it } from 'vitest';
import { createInvoiceHandlers } from './invoice-handlers.ts';

/** Which handlers ask to look at an order when this happens to it. */
async function askedBy(type: string, paymentMethod: string): Promise<string[]> {
  const asked: string[] = [];
  const issuing = { ask: async (orderId: string) => void asked.push(orderId) };
  const handlers = createInvoiceHandlers({ issuing }).filter(({ event }) => event.type === type);
  const event = { id: 'e', type, payload: { orderId: 'o', paymentMethod } } as unknown as DeliveredEvent;
  for (const handler of handlers) {
    if (handler.concerns?.(event.payload) ?? true) await handler.handle(event, { tx: {} as never });
  }
  return asked;
}

describe('what has an order looked at for documents', () => {
  it.each(['order.paid', 'order.refunded', 'order.refund_bounced'])('is %s', async (type) => {
    expect(await askedBy(type, 'stripe_checkout')).toEqual(['o']);
    expect(await askedBy(type, 'cash_on_delivery')).toEqual(['o']);
  });

  it.each(['order.shipped', 'order.canceled'])('is %s where cash is paid on delivery', async (type) => {
    expect(await askedBy(type, 'cash_on_delivery')).toEqual(['o']);
    expect(await askedBy(type, 'stripe_checkout')).toEqual([]);
  });

  it('is nothing else', async () => {
    for (const type of ['order.placed', 'order.updated', 'order.delivered']) {
      expect(await askedBy(type, 'cash_on_delivery')).toEqual([]);
    }
  });
});
