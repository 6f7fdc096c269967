import { describe, expect, it } from 'vitest';
import { createOrderStream } from './order-stream.ts';
import type { FollowedItem } from './orders.ports.ts';
import { buildOrder } from './orders.fixture.ts';

const order = buildOrder();
const at = new Date('2026-05-01T12:00:00Z');

function entry(id: string, orderId: string, type = 'order.status'): FollowedItem {
  const status = { status: 'paid', paymentStatus: 'paid', fulfillmentStatus: 'unfulfilled', version: 2 };
  // As it comes back from a stream: the date is text.
  return { kind: 'event', id, type, data: { orderId, number: 'CW-00000001', ...status, at: at.toISOString() } };
}

async function follow(items: FollowedItem[], orderId?: string) {
  const asked: unknown[] = [];
  const streams = {
    append: async () => null,
    async *subscribe(stream: string, { lastEventId }: { lastEventId?: string | undefined }) {
      asked.push({ stream, lastEventId });
      yield* items;
    },
  };
  const { follow: start } = createOrderStream({ orders: { byId: async () => order }, streams });
  const signal = new AbortController().signal;
  const got: unknown[] = [];
  for await (const item of start({ userId: order.userId, orderId, lastEventId: 'e_1', signal })) got.push(item);
  return { got, asked };
}

describe('following orders', () => {
  it('yields statuses with dates, and passes on signs of the stream', async () => {
    const { got, asked } = await follow([
      { kind: 'ready', id: 'e_1' },
      entry('e_2', order.id),
      { kind: 'resync', id: 'f_1' },
    ]);
    expect(asked).toEqual([{ stream: `user:${order.userId}`, lastEventId: 'e_1' }]);
    expect(got).toEqual([
      { id: 'e_1', data: { type: 'ready' } },
      { id: 'e_2', data: expect.objectContaining({ type: 'order.status', orderId: order.id, status: 'paid', at }) },
      { id: 'f_1', data: { type: 'resync' } },
    ]);
  });

  it('leaves other orders and other news of the user out', async () => {
    const items = [entry('e_2', 'another'), entry('e_3', order.id), entry('e_4', order.id, 'notification')];
    expect((await follow(items, order.id)).got).toMatchObject([{ id: 'e_3' }]);
    expect((await follow(items)).got).toMatchObject([{ id: 'e_2' }, { id: 'e_3' }]);
  });
});
