import type { StuckEvent } from '@cartwright/platform-outbox';
import type { DeadLetter } from '@cartwright/platform-queue';
import { describe, expect, it } from 'vitest';
import { createDeadLetters } from './dead-letters.ts';

const at = new Date('2026-06-15T12:00:00Z');
const eventId = (number: number): string => String(number).padStart(24, 'e');

/** Pages of a list, with the number of what comes next as cursor. */
function pageOf<T>(all: readonly T[], { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const from = Number(cursor ?? 0);
  const items = all.slice(from, from + limit);
  return { items, ...(from + limit < all.length && { nextCursor: String(from + limit) }) };
}

function setUp({ events, jobs }: { events: number; jobs: number }) {
  const calls: unknown[] = [];
  const stuck = Array.from({ length: events }, (_, number): StuckEvent => ({
    ...{ id: eventId(number), type: 'order.paid', missing: ['orders.publish-paid'], relays: 6 },
    ...{ reason: 'orders.publish-paid: no room for ada@example.test', writtenAt: at, stuckAt: at },
  }));
  const failed = Array.from({ length: jobs }, (_, number): DeadLetter => ({
    ...{ id: String(number), name: 'events.deliver', payload: { eventId: 7 }, attempts: 1, reason: 'wrong' },
    ...{ enqueuedAt: at, failedAt: at },
  }));
  const note =
    (what: string, count: number) =>
    async (...given: unknown[]): Promise<number> => {
      calls.push([what, ...given]);
      return count;
    };
  const letters = createDeadLetters({
    queues: {
      deadLetters: async (_queue, page) => pageOf(failed, page),
      retry: note('retry jobs', 2),
      discard: note('discard jobs', 2),
    },
    stuck: {
      count: async () => events,
      list: async (page) => pageOf(stuck, page),
      retry: note('retry events', 1),
      giveUp: note('give up events', 1),
    },
  });
  const read = async (queue: string, limit: number): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await letters.list(queue, { limit, cursor });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    return pages;
  };
  return { letters, calls, read };
}

describe('dead letters of events', () => {
  it('are the events that do not get done, and then the jobs that nobody makes again', async () => {
    const { letters, read } = setUp({ events: 3, jobs: 3 });
    expect(await read('events', 2)).toEqual([
      [eventId(0), eventId(1)],
      [eventId(2), '0'],
      ['1', '2'],
    ]);
    expect(await read('mail', 2)).toEqual([['0', '1'], ['2']]);
    expect(await letters.uncounted('events')).toBe(3);
    expect(await letters.uncounted('mail')).toBe(0);
  });

  it('end with a page of either kind, whatever fits', async () => {
    expect(await setUp({ events: 2, jobs: 1 }).read('events', 2)).toEqual([[eventId(0), eventId(1)], ['0']]);
    expect(await setUp({ events: 2, jobs: 0 }).read('events', 2)).toEqual([[eventId(0), eventId(1)]]);
    expect(await setUp({ events: 0, jobs: 2 }).read('events', 5)).toEqual([['0', '1']]);
    expect(await setUp({ events: 0, jobs: 0 }).read('events', 5)).toEqual([[]]);
  });

  it('say what went wrong, and nobody’s address', async () => {
    const { items } = await setUp({ events: 1, jobs: 0 }).letters.list('events', { limit: 1 });
    expect(items).toMatchObject([{ name: 'events.deliver', attempts: 30, payload: { event: 'order.paid' } }]);
    expect(items[0]?.reason).toContain('no room for');
    expect(items[0]?.reason).not.toContain('ada@example.test');
  });

  it('are tried again and thrown away where they are kept', async () => {
    const { letters, calls } = setUp({ events: 1, jobs: 1 });
    expect(await letters.retry('events', [eventId(0), '0'])).toBe(3);
    expect(await letters.discard('events', 'all')).toBe(3);
    expect(await letters.retry('mail', ['0'])).toBe(2);
    expect(calls).toEqual([
      ['retry events', [eventId(0)]],
      ['retry jobs', 'events', ['0']],
      ['give up events', 'all'],
      ['discard jobs', 'events', 'all'],
      ['retry jobs', 'mail', ['0']],
    ]);
  });
});
