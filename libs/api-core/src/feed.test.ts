import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { DomainError } from '@cartwright/domain-errors';
import type { StreamEntry, StreamItem, SubscribeOptions } from '@cartwright/platform-streams';
import type { RequestContext } from './context.sealed.ts';
import { createFeed, type FeedRequest } from './feed.ts';
import { createSubscriptionLimits } from './for-hosts.ts';

const schema = z.object({ type: z.literal('said'), text: z.string(), at: z.date() });
const at = '2026-05-01T12:00:00.000Z';

function entry(id: string, data: unknown, type = 'said'): StreamEntry {
  return { kind: 'event', id, entryId: id, epoch: 'e', topic: '', type, data };
}

/** A stream that the test writes. */
function setUp(options: Partial<Parameters<typeof createFeed<typeof schema>>[0]> = {}) {
  const queue: StreamItem[] = [];
  const logged: unknown[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  let asked: SubscribeOptions | undefined;
  const read = vi.fn(({ type, data }: StreamEntry) =>
    type === 'said' ? { ...(data as object), type, at: new Date(at) } : undefined,
  );
  const streams = {
    subscribe: (_name: string, request: SubscribeOptions) => {
      asked = request;
      const iterator: AsyncIterableIterator<StreamItem> = {
        next: async () => {
          for (;;) {
            const item = queue.shift();
            if (item && (item.kind !== 'event' || request.accept?.(item))) return { done: false, value: item };
            if (ended) return { done: true, value: undefined };
            if (!item) await new Promise<void>((resolve) => (wake = resolve));
          }
        },
        return: async () => {
          ended = true;
          wake?.();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    },
  };
  const feed = createFeed({ streams, schema, read, ...options });
  const ctx = { logger: { error: (facts: unknown) => void logged.push(facts) } } as unknown as RequestContext;
  const follow = (request: Partial<FeedRequest<z.output<typeof schema>>> = {}) =>
    feed({ ctx, stream: 's', ...request })[Symbol.asyncIterator]();
  const push = (...items: StreamItem[]) => {
    queue.push(...items);
    wake?.();
  };
  return { follow, push, ctx, logged, read, isOver: () => ended, asked: () => asked };
}

describe('a feed', () => {
  it('yields checked events and signs with a place to resume from, and leaves the rest out', async () => {
    const { follow, push, asked } = setUp();
    push({ kind: 'ready', id: 'e_1' }, entry('e_2', { text: 'a' }), entry('e_3', {}, 'other'));
    push(entry('e_4', { text: 'not mine' }), { kind: 'checkpoint', id: 'e_9' }, { kind: 'resync', id: 'f_1' });
    const subscription = follow({ lastEventId: 'x', topics: ['t'], accept: ({ text }) => text !== 'not mine' });
    const got: unknown[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { value } = await subscription.next();
      if (value) got.push([value[0], value[1]]);
    }
    expect(got).toEqual([
      ['e_1', { type: 'ready' }],
      ['e_2', { type: 'said', text: 'a', at: new Date(at) }],
      ['e_9', { type: 'checkpoint' }],
      ['f_1', { type: 'resync' }],
    ]);
    expect(asked()).toMatchObject({ lastEventId: 'x', topics: ['t'] });
  });

  it('reads and checks an entry once, however many follow', async () => {
    const first = setUp();
    const shared = entry('e_1', { text: 'a' });
    first.push(shared, shared, shared);
    const subscription = first.follow();
    for (let count = 0; count < 3; count += 1) await subscription.next();
    expect(first.read).toHaveBeenCalledTimes(1);
  });

  it('has clients load anew what an entry that does not fit would have told, and goes on', async () => {
    const { follow, push, logged } = setUp();
    push(entry('e_1', { text: 5 }), entry('e_2', { text: 'a' }));
    const subscription = follow();
    expect((await subscription.next()).value?.slice(0, 2)).toEqual(['e_1', { type: 'resync' }]);
    expect((await subscription.next()).value?.[1]).toMatchObject({ text: 'a' });
    expect(logged).toHaveLength(1);
  });

  it('adds what is known at delivery, to events alone', async () => {
    const { follow, push } = setUp();
    let count = 0;
    push(
      { kind: 'ready', id: 'e_1' },
      entry('e_2', { text: 'a' }),
      entry('e_3', { text: 5 }),
      entry('e_4', { text: 'b' }),
    );
    const subscription = follow({ tell: async (event) => ({ ...event, count: (count += 1) }) });
    const got: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1) got.push((await subscription.next()).value?.[1]);
    expect(got).toMatchObject([
      { type: 'ready' },
      { text: 'a', count: 1 },
      { type: 'resync' },
      { text: 'b', count: 2 },
    ]);
  });

  it('ends a waiting subscriber at once', async () => {
    const { follow, isOver, asked } = setUp();
    const subscription = follow();
    const waiting = subscription.next();
    await vi.waitFor(() => expect(asked()).toBeDefined(), 10_000);
    await subscription.return?.();
    expect((await waiting).done).toBe(true);
    expect(isOver()).toBe(true);
  });

  it('waits while the client has much left to read', async () => {
    const { follow, push, ctx } = setUp();
    let release: (() => void) | undefined;
    ctx.drained = () => new Promise((resolve) => (release = resolve));
    push({ kind: 'ready', id: 'e_1' });
    let came = false;
    const first = follow()
      .next()
      .then((result) => {
        came = true;
        return result;
      });
    await vi.waitFor(() => expect(release).toBeDefined(), 10_000);
    expect(came).toBe(false);
    release?.();
    expect((await first).value?.[0]).toBe('e_1');
  });
});

describe('the right to follow', () => {
  const refused = new DomainError('FORBIDDEN');

  it('is asked for at the beginning', async () => {
    const { follow } = setUp();
    await expect(follow({ authorise: () => Promise.reject(refused) }).next()).rejects.toBe(refused);
  });

  it('is looked at again before an event is delivered', async () => {
    const { follow, push, ctx, isOver } = setUp({ freshMs: -1 });
    let allowed = true;
    ctx.stillAllowed = async () => {
      if (!allowed) throw refused;
    };
    const subscription = follow();
    push({ kind: 'ready', id: 'e_1' });
    await subscription.next();
    allowed = false;
    push(entry('e_2', { text: 'secret' }));
    await expect(subscription.next()).rejects.toBe(refused);
    expect(isOver()).toBe(true);
  });

  it('is asked for anew when half a second has passed', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { follow, push, ctx } = setUp();
    const stillAllowed = vi.fn(() => Promise.resolve());
    ctx.stillAllowed = stillAllowed;
    const subscription = follow();
    const deliver = async (id: string, laterMs: number): Promise<void> => {
      vi.setSystemTime(Date.now() + laterMs);
      push(entry(id, { text: id }));
      await subscription.next();
    };
    await deliver('e_1', 0);
    await deliver('e_2', 400);
    expect(stillAllowed).not.toHaveBeenCalled();
    await deliver('e_3', 200);
    expect(stillAllowed).toHaveBeenCalledTimes(1);
  });

  it('ends a subscription that waits, too; a store that is away ends none', async () => {
    const { follow, push, ctx } = setUp({ recheckMs: 20 });
    let answer: Error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    let asked = 0;
    ctx.stillAllowed = async () => {
      asked += 1;
      throw answer;
    };
    const subscription = follow();
    push({ kind: 'ready', id: 'e_1' });
    await subscription.next();
    const waiting = subscription.next();
    waiting.catch(() => undefined);
    await expect.poll(() => asked).toBeGreaterThan(2);
    answer = refused;
    await expect(waiting).rejects.toBe(refused);
  });
});

describe('a look at the right that never ends', () => {
  const never = () => new Promise<void>(() => undefined);
  const away = { reason: 'SERVICE_UNAVAILABLE' };

  it('lets nothing begin and nothing through', async () => {
    const { follow, push, ctx, isOver } = setUp({ freshMs: -1, checkLimitMs: 20 });
    await expect(follow({ authorise: never }).next()).rejects.toMatchObject(away);
    let answer = () => Promise.resolve();
    ctx.stillAllowed = () => answer();
    const subscription = follow();
    push({ kind: 'ready', id: 'e_1' });
    await subscription.next();
    answer = never;
    push(entry('e_2', { text: 'secret' }));
    await expect(subscription.next()).rejects.toMatchObject(away);
    expect(isOver()).toBe(true);
  });

  it('holds up none of the others', async () => {
    const { follow, push, ctx } = setUp({ recheckMs: 20, checkLimitMs: 20 });
    ctx.stillAllowed = vi.fn(never);
    const stuck = follow();
    push({ kind: 'ready', id: 'e_1' });
    await stuck.next();
    await vi.waitFor(() => expect(ctx.stillAllowed).toHaveBeenCalled(), 10_000);
    const refused = new DomainError('FORBIDDEN');
    ctx.stillAllowed = () => Promise.reject(refused);
    const other = follow();
    push({ kind: 'ready', id: 'e_1' });
    await other.next();
    await expect(other.next()).rejects.toBe(refused);
  });
});

describe('limits of subscriptions', () => {
  it('hold by socket, and by owner over all sockets', () => {
    const limits = createSubscriptionLimits();
    const socket = (owner: string) => limits.ofSocket({ owner, perSocket: 2, perOwner: 3 });
    const [first, second, other] = [socket('ada'), socket('ada'), socket('bob')];
    const leave = first();
    first();
    expect(first).toThrow('RATE_LIMITED');
    second();
    expect(second).toThrow('RATE_LIMITED');
    other();
    leave();
    second();
    expect(first).toThrow('RATE_LIMITED');
  });
});
