import type { RequestContext } from '@cartwright/api-core';
import type { StreamItem } from '@cartwright/platform-streams';
import { collectingQueues, fixedClock } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createCounters } from './counters.ts';

function setUp(items: StreamItem[] = []) {
  const clock = fixedClock('2026-06-15T12:00:00.250Z');
  const queues = collectingQueues();
  const appended: { id: string; data: unknown }[] = [];
  const asked: Date[] = [];
  const counters = createCounters({
    orders: {
      liveCounts: async (since) => {
        asked.push(since);
        return { placed: 3, paid: 2, revenue: [{ currency: 'USD', amount: 500 }], pending: 7 };
      },
    },
    streams: {
      async append(_stream, event) {
        appended.push(event);
        return event.id;
      },
      async *subscribe() {
        yield* items;
      },
    },
    queues,
    timezone: 'Europe/Berlin',
    clock,
  });
  return { clock, queues, appended, asked, counters };
}

describe('live counters', () => {
  it('are published when the second of an event is over, once for all events in it', async () => {
    const { counters, queues, appended, asked } = setUp();
    for (const handler of counters.handlers) await handler.handle({} as never, {} as never);
    expect(new Set(queues.jobs.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
    const [job] = queues.jobs;
    expect(job).toMatchObject({ name: 'analytics.publish-counters', delayMs: 750 });
    await counters.publish();
    expect(asked[0]).toEqual(new Date('2026-06-14T22:00:00Z'));
    expect(appended).toMatchObject([{ data: { day: '2026-06-15', ordersToday: 3, pendingOrders: 7 } }]);
  });

  it('are never dropped as a repetition, as when a host whose clock is ahead has told the same second', async () => {
    const { counters, appended } = setUp();
    await counters.publish();
    await counters.publish();
    expect(new Set(appended.map(({ id }) => id)).size).toBe(2);
  });

  it('begin with those of now, and after a loss', async () => {
    const { counters } = setUp([
      { kind: 'ready', id: 'e_1' },
      { kind: 'resync', id: 'f_1' },
    ]);
    const got: unknown[] = [];
    for await (const [id, { type }] of counters.feed({ ctx: {} as RequestContext, stream: 'counters' })) {
      got.push([id, type]);
    }
    expect(got).toEqual([
      ['e_1', 'ready'],
      ['e_1', 'counters'],
      ['f_1', 'resync'],
      ['f_1', 'counters'],
    ]);
  });
});
