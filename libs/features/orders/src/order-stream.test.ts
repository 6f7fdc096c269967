import type { RequestContext } from '@cartwright/api-core';
import type { StreamItem } from '@cartwright/platform-streams';
import { describe, expect, it } from 'vitest';
import { createOrderStream } from './order-stream.ts';
import { buildOrder } from './order-builders.fixture.ts';

const order = buildOrder();
const at = new Date('2026-05-01T12:00:00Z');
const ctx = {} as RequestContext;

function entry(id: string, facts: object, type = 'order.status'): StreamItem {
  const status = { status: 'paid', paymentStatus: 'paid', fulfillmentStatus: 'unfulfilled', version: 2 };
  // As it comes back from a stream: the date is text.
  const data = { orderId: order.id, number: 'CW-00000001', ...status, ...facts, at: at.toISOString() };
  return { kind: 'event', id, entryId: id, epoch: 'e', topic: '', type, data };
}

function streamOf(items: StreamItem[]) {
  const streams = {
    async *subscribe(_name: string, { accept }: { accept?: ((entry: never) => boolean) | undefined }) {
      yield* items.filter((item) => item.kind !== 'event' || accept?.(item as never));
    },
  };
  return createOrderStream({ orders: { byId: async () => order }, streams });
}

async function all<T>(source: AsyncIterable<readonly [string, T, ...unknown[]]>) {
  const got: [string, T][] = [];
  for await (const [id, data] of source) got.push([id, data]);
  return got;
}

describe('following orders', () => {
  it('yields statuses with dates, and passes on signs of the stream; other news of the user stays out', async () => {
    const items: StreamItem[] = [
      { kind: 'ready', id: 'e_1' },
      entry('e_2', {}),
      entry('e_3', {}, 'notification.created'),
      { kind: 'resync', id: 'f_1' },
    ];
    expect(await all(streamOf(items).statusFeed({ ctx, stream: 'user:1' }))).toEqual([
      ['e_1', { type: 'ready' }],
      ['e_2', expect.objectContaining({ type: 'order.status', orderId: order.id, status: 'paid', at })],
      ['f_1', { type: 'resync' }],
    ]);
  });

  it('tells admins what happened and the total, and buyers neither', async () => {
    const item = entry('e_2', { change: 'paid', total: order.total });
    const { activityFeed, statusFeed } = streamOf([item]);
    expect((await all(activityFeed({ ctx, stream: 'admin' })))[0]?.[1]).toMatchObject({
      change: 'paid',
      total: order.total,
    });
    expect(Object.keys((await all(statusFeed({ ctx, stream: 'user:1' })))[0]?.[1] ?? {})).not.toContain('total');
  });

  it('is refused for an order of somebody else', async () => {
    const stream = streamOf([]);
    await expect(stream.requireOwn({ userId: 'another' }, order.id)).rejects.toThrow('NOT_FOUND');
    await stream.requireOwn({ userId: order.userId }, order.id);
  });
});
