import { createContext, useContext, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { isCartwrightError } from '@cartwright/sdk';
import { follow } from '../lib/follow.ts';
import type { FollowHandlers, LiveEvent, StaleReason } from '../lib/follow.ts';
import { useShop } from './shop-context.tsx';

/** Counts who needs the live connection, so that its loss is only worth a word when somebody does. */
function createFollowers() {
  let count = 0;
  const listeners = new Set<() => void>();
  const change = (by: number): void => {
    count += by;
    for (const listener of listeners) listener();
  };
  return {
    count: () => count,
    /** Returns how to leave; leaving twice is leaving once. */
    join: () => {
      let isIn = true;
      change(1);
      return () => {
        if (isIn) change(-1);
        isIn = false;
      };
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const LiveContext = createContext<ReturnType<typeof createFollowers> | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [followers] = useState(createFollowers);
  return <LiveContext value={followers}>{children}</LiveContext>;
}

function useFollowers() {
  const followers = useContext(LiveContext);
  if (!followers) throw new Error('Live updates need a LiveProvider above');
  return followers;
}

export function useConnectionState() {
  const { connection } = useShop();
  return useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.state(),
  );
}

interface SubscriptionOptions<Input, Item extends { type: string }> {
  /** What is followed, such as `shop.api.orders.onStatus`. */
  procedure: { subscribe: (input: Input, handlers: FollowHandlers<Item>) => { unsubscribe: () => void } };
  /** Another input is another subscription, null is none. */
  input: Input | null;
  onEvent: (event: LiveEvent<Item>) => void;
  /** Called when the subscription stands, and after each loss: what was read before may be old. */
  onStale: (reason: StaleReason) => void;
}

/**
 * Follows something of the shop as long as the component stands. Returns whether its events come by themselves at the
 * moment.
 */
export function useSubscription<Input, Item extends { type: string }>(
  options: SubscriptionOptions<Input, Item>,
): boolean {
  const key = options.input === null ? null : JSON.stringify(options.input);
  const followers = useFollowers();
  const connected = useConnectionState() === 'open';
  const [started, setStarted] = useState(false);
  const onEvent = useEffectEvent(options.onEvent);
  const onStale = useEffectEvent(options.onStale);
  const start = useEffectEvent((handlers: FollowHandlers<Item>) => {
    const { procedure, input } = options;
    return input === null ? { unsubscribe: () => undefined } : procedure.subscribe(input, handlers);
  });

  useEffect(() => {
    if (key === null) return undefined;
    const leave = followers.join();
    const stop = follow<Item>({
      start: (handlers) => start(handlers),
      onEvent: (event) => onEvent(event),
      onStale: (reason) => onStale(reason),
      onLive: setStarted,
      isFinal,
      // Without it the connection is not needed, and its end no loss.
      onRefused: leave,
    });
    return () => {
      stop();
      leave();
      setStarted(false);
    };
  }, [key, followers]);

  return started && connected;
}

/** A missing or ended session is not among them: the SDK refreshes it, or the page learns that nobody is signed in. */
const isFinal = (error: unknown): boolean =>
  isCartwrightError(error, 'FORBIDDEN') ||
  isCartwrightError(error, 'NOT_FOUND') ||
  isCartwrightError(error, 'INVALID_INPUT');

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}

/**
 * What is wrong with the connection, if anything: the device has none, or the live one has been away for `graceMs` while
 * something on the page needs it. Short breaks, as when an access token ends, are nobody's concern.
 */
export function useConnectionTrouble(graceMs = 2_500): 'offline' | 'lost' | null {
  const followers = useFollowers();
  const isNeeded = useSyncExternalStore(followers.subscribe, () => followers.count() > 0);
  const away = useConnectionState() !== 'open' && isNeeded;
  const online = useOnline();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!away) return undefined;
    const timer = setTimeout(() => setLost(true), graceMs);
    return () => {
      clearTimeout(timer);
      setLost(false);
    };
  }, [away, graceMs]);
  if (!online) return 'offline';
  return lost ? 'lost' : null;
}
