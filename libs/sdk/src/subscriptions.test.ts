import { createTRPCClient, type Operation, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppRouter } from './app-router.ts';
import { refusal, user } from './session.fixture.ts';
import { createSessionStore } from './session.ts';
import { memoryTokenStorage } from './storage.ts';
import { createSubscriptionLink } from './subscriptions.ts';

const tokenOf = (name: string) => `${name}.${btoa(JSON.stringify({ exp: Date.now() / 1000 + 600 }))}.s`;

/** A subscription as it reached the transport. */
interface Sent {
  lastEventId: unknown;
  item(id: string, type: string): void;
  refuse(reason: string): void;
}

type SetUp = {
  signedIn?: boolean;
  /** What the shop does when it is asked for fresh tokens. */
  exchange?: () => Promise<void>;
};

function setUp({ signedIn = true, exchange = () => Promise.resolve() }: SetUp = {}) {
  const first = tokenOf('first');
  let refreshes = 0;
  const session = createSessionStore({
    storage: memoryTokenStorage(signedIn ? { accessToken: first, refreshToken: 'r', sessionId: 's1', user } : {}),
    exchange: async () => {
      refreshes += 1;
      await exchange();
      return { accessToken: tokenOf(`again${refreshes}`), refreshToken: 'r2', sessionId: 's1' };
    },
    refusalOf: () => null,
  });
  const state = { openedWith: signedIn ? first : undefined, closed: false, reopened: 0, followers: 0 };
  const sent: Sent[] = [];
  const transport: TRPCLink<AppRouter> =
    () =>
    ({ op }: { op: Operation }) =>
      observable((observer) => {
        sent.push({
          lastEventId: (op.input as { lastEventId?: string }).lastEventId,
          item: (id, type) => observer.next({ result: { type: 'data', id, data: { id, data: { type } } } }),
          refuse: (reason) => observer.error(refusal(reason)),
        });
      });
  const link = createSubscriptionLink({
    session,
    socket: {
      openedWith: () => state.openedWith,
      carry: () => {},
      reopen: () => {
        state.reopened += 1;
        state.openedWith = session.token();
      },
      isClosed: () => state.closed,
      follow: () => {
        state.followers += 1;
        return () => void (state.followers -= 1);
      },
    },
  });
  const api = createTRPCClient<AppRouter>({ links: [link, transport] });
  const seen: string[] = [];
  const subscription = api.orders.onStatus.subscribe(
    {},
    {
      onData: ({ id, data }) => seen.push(`${id} ${data.type}`),
      onError: (error) => seen.push(`error ${error.message}`),
      onComplete: () => seen.push('complete'),
    },
  );
  const attempts = (count: number) => vi.waitFor(() => expect(sent).toHaveLength(count), 10_000);
  return { state, sent, seen, subscription, attempts, refreshes: () => refreshes };
}

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

describe('a subscription', () => {
  it('keeps checkpoints to itself and goes on from them', async () => {
    const { sent, seen, attempts } = setUp();
    await attempts(1);
    sent[0]?.item('e_1', 'ready');
    sent[0]?.item('e_9', 'checkpoint');
    sent[0]?.refuse('SERVICE_UNAVAILABLE');
    await vi.advanceTimersByTimeAsync(1_000);
    await attempts(2);
    expect(sent.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e_9']);
    sent[1]?.item('e_10', 'order.status');
    expect(seen).toEqual(['e_1 ready', 'e_10 order.status']);
  });

  it('waits longer after each refusal, and anew after an event', async () => {
    const { sent, attempts } = setUp();
    for (let count = 1; count <= 4; count += 1) {
      await attempts(count);
      sent[count - 1]?.refuse('RATE_LIMITED');
      await vi.advanceTimersByTimeAsync(500 * 2 ** (count - 1) * 0.4);
      expect(sent).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(500 * 2 ** (count - 1) * 1.2);
    }
    await attempts(5);
    sent[4]?.item('e_1', 'ready');
    sent[4]?.refuse('RATE_LIMITED');
    await vi.advanceTimersByTimeAsync(800);
    await attempts(6);
  });

  it('goes on with fresh tokens over a new connection when those of the old one have ended', async () => {
    const { sent, seen, state, attempts, refreshes } = setUp();
    await attempts(1);
    sent[0]?.item('e_1', 'ready');
    sent[0]?.refuse('UNAUTHENTICATED');
    await attempts(2);
    expect([refreshes(), state.reopened, sent[1]?.lastEventId]).toEqual([1, 1, 'e_1']);
    // The connection was opened with an older token than there is now: no need for another one.
    sent[1]?.item('e_2', 'order.status');
    state.openedWith = 'older';
    sent[1]?.refuse('UNAUTHENTICATED');
    await attempts(3);
    expect([refreshes(), state.reopened, sent[2]?.lastEventId]).toEqual([1, 2, 'e_2']);
    sent[2]?.refuse('UNAUTHENTICATED');
    await vi.waitFor(() => expect(seen.at(-1)).toBe('error UNAUTHENTICATED'), 10_000);
  });

  it.each([
    ['FORBIDDEN', true],
    ['NOT_FOUND', true],
    ['UNAUTHENTICATED', false],
  ])('that is refused for good (%s) tells its subscriber', async (reason, signedIn) => {
    const { sent, seen, attempts } = setUp({ signedIn });
    await attempts(1);
    sent[0]?.refuse(reason);
    await vi.waitFor(() => expect(seen).toEqual([`error ${reason}`]), 10_000);
  });

  it('waits and goes on when fresh tokens can not be had right now', async () => {
    let isAway = true;
    const exchange = () => (isAway ? Promise.reject(new Error('fetch failed')) : Promise.resolve());
    const { sent, seen, state, attempts } = setUp({ exchange });
    await attempts(1);
    sent[0]?.item('e_1', 'ready');
    sent[0]?.refuse('UNAUTHENTICATED');
    await vi.advanceTimersByTimeAsync(1_000);
    await attempts(2);
    isAway = false;
    sent[1]?.refuse('UNAUTHENTICATED');
    await attempts(3);
    expect([state.reopened, sent[2]?.lastEventId, seen]).toEqual([1, 'e_1', ['e_1 ready']]);
  });

  it('that ends while tokens are refreshed opens nothing anew', async () => {
    let answer: (() => void) | undefined;
    const { sent, state, subscription, attempts, refreshes } = setUp({
      exchange: () => new Promise((resolve) => (answer = resolve)),
    });
    await attempts(1);
    sent[0]?.refuse('UNAUTHENTICATED');
    await vi.waitFor(() => expect(refreshes()).toBe(1), 10_000);
    subscription.unsubscribe();
    answer?.();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([sent.length, state.reopened, state.followers]).toEqual([1, 0, 0]);
  });

  it('leaves a connection alone that was opened anew meanwhile', async () => {
    let answer: (() => void) | undefined;
    const { sent, state, attempts } = setUp({ exchange: () => new Promise((resolve) => (answer = resolve)) });
    await attempts(1);
    sent[0]?.refuse('UNAUTHENTICATED');
    await vi.waitFor(() => expect(answer).toBeDefined(), 10_000);
    state.openedWith = 'that of another subscription';
    answer?.();
    await attempts(2);
    expect(state.reopened).toBe(0);
  });

  it('is not tried again after its end, nor when the client was closed meanwhile', async () => {
    const ended = setUp();
    const closed = setUp();
    for (const { attempts, sent } of [ended, closed]) {
      await attempts(1);
      sent[0]?.refuse('SERVICE_UNAVAILABLE');
      await vi.advanceTimersByTimeAsync(1);
    }
    ended.subscription.unsubscribe();
    closed.state.closed = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect([ended.sent.length, closed.sent.length]).toEqual([1, 1]);
    expect(closed.seen).toEqual(['complete']);
  });
});
