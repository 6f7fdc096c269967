import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useShop } from './shop-context.tsx';

interface LiveContextValue {
  /** How many parts of the page follow the shop by subscription. */
  followers: number;
  follow: () => () => void;
}

const LiveContext = createContext<LiveContextValue>({ followers: 0, follow: () => () => undefined });

/** Counts who needs the live connection, so that its loss is only worth a word when somebody does. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [followers, setFollowers] = useState(0);
  const value = useMemo(
    () => ({
      followers,
      follow: () => {
        setFollowers((count) => count + 1);
        return () => setFollowers((count) => count - 1);
      },
    }),
    [followers],
  );
  return <LiveContext value={value}>{children}</LiveContext>;
}

/** Registers this part of the page as a follower while `active`. */
export function useFollowing(active: boolean): void {
  const { follow } = useContext(LiveContext);
  const [register] = useState(() => follow);
  useEffect(() => (active ? register() : undefined), [active, register]);
}

export function useConnectionState() {
  const { connection } = useShop();
  return useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.state(),
  );
}

/** True once a needed live connection has been away for `graceMs`; false again as soon as it is back. */
export function useConnectionLost(graceMs = 2_500): boolean {
  const { followers } = useContext(LiveContext);
  const state = useConnectionState();
  const away = followers > 0 && state !== 'open';
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!away) {
      setLost(false);
      return undefined;
    }
    const timer = setTimeout(() => setLost(true), graceMs);
    return () => clearTimeout(timer);
  }, [away, graceMs]);
  return lost;
}
