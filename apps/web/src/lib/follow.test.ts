import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow } from './follow.ts';
import type { FollowHandlers } from './follow.ts';

type Item = { type: 'ready' } | { type: 'resync' } | { type: 'tick'; count: number };

function setUp({ isFinal = () => false }: { isFinal?: (error: unknown) => boolean } = {}) {
  const subscriptions: (FollowHandlers<Item> & { unsubscribe: ReturnType<typeof vi.fn> })[] = [];
  const onEvent = vi.fn();
  const onStale = vi.fn();
  const onLive = vi.fn();
  const onRefused = vi.fn();
  const stop = follow<Item>({
    start: (handlers) => {
      const subscription = { ...handlers, unsubscribe: vi.fn() };
      subscriptions.push(subscription);
      return subscription;
    },
    onEvent,
    onStale,
    onLive,
    isFinal,
    onRefused,
  });
  const latest = () => {
    const subscription = subscriptions.at(-1);
    if (!subscription) throw new Error('Nothing was subscribed to');
    return subscription;
  };
  return { subscriptions, latest, onEvent, onStale, onLive, onRefused, stop };
}

describe('follow', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands events on, and asks to read again once when it is ready', () => {
    const { latest, onEvent, onStale, onLive } = setUp();
    latest().onStarted();
    latest().onData({ data: { type: 'ready' } });
    latest().onData({ data: { type: 'tick', count: 1 } });
    vi.advanceTimersByTime(1_000);
    expect(onEvent.mock.calls).toEqual([[{ type: 'tick', count: 1 }]]);
    expect(onStale.mock.calls).toEqual([['ready']]);
    expect(onLive.mock.calls).toEqual([[true]]);
  });

  it('takes a connection that came back and its resync for one loss', () => {
    const { latest, onStale, subscriptions } = setUp();
    latest().onStarted();
    vi.advanceTimersByTime(1_000);
    expect(onStale).not.toHaveBeenCalled();
    latest().onStarted();
    vi.advanceTimersByTime(50);
    latest().onData({ data: { type: 'resync' } });
    vi.advanceTimersByTime(1_000);
    expect(onStale.mock.calls).toEqual([['resync']]);
    latest().onStarted();
    vi.advanceTimersByTime(1_000);
    expect(onStale.mock.calls).toEqual([['resync'], ['resumed']]);
    expect(subscriptions).toHaveLength(1);
  });

  it('starts anew after errors and ends, ever less often, until something comes', () => {
    const { latest, subscriptions, onLive } = setUp();
    latest().onError(new Error('away'));
    latest().onComplete();
    vi.advanceTimersByTime(1_000);
    expect(subscriptions).toHaveLength(2);
    for (let failure = 0; failure < 10; failure += 1) {
      latest().onComplete();
      vi.advanceTimersByTime(30_000);
    }
    expect(subscriptions).toHaveLength(12);
    latest().onError(new Error('away'));
    vi.advanceTimersByTime(14_000);
    expect(subscriptions).toHaveLength(12);
    vi.advanceTimersByTime(16_000);
    latest().onStarted();
    latest().onData({ data: { type: 'ready' } });
    latest().onComplete();
    vi.advanceTimersByTime(1_000);
    expect(subscriptions).toHaveLength(14);
    expect(onLive).toHaveBeenLastCalledWith(false);
  });

  it('leaves it at a refusal that would only repeat itself', () => {
    const { latest, subscriptions, onLive, onRefused } = setUp({ isFinal: () => true });
    latest().onError(new Error('forbidden'));
    vi.advanceTimersByTime(60_000);
    expect(subscriptions).toHaveLength(1);
    expect(onLive).toHaveBeenLastCalledWith(false);
    expect(onRefused).toHaveBeenCalledOnce();
  });

  it('is silent once stopped', () => {
    const { latest, subscriptions, stop, onEvent, onStale, onLive } = setUp();
    const subscription = latest();
    subscription.onStarted();
    subscription.onData({ data: { type: 'resync' } });
    stop();
    subscription.onData({ data: { type: 'tick', count: 1 } });
    subscription.onComplete();
    vi.advanceTimersByTime(60_000);
    expect(subscription.unsubscribe).toHaveBeenCalledOnce();
    expect(subscriptions).toHaveLength(1);
    expect(onEvent).not.toHaveBeenCalled();
    expect(onStale).not.toHaveBeenCalled();
    expect(onLive.mock.calls).toEqual([[true]]);
  });
});
