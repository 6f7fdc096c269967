import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useSubscription } from '../app/live.tsx';
import { useShop, useTrpc } from '../app/shop-context.tsx';
import { withActivity } from '../lib/order-activity.ts';
import type { OrderActivity } from '../lib/order-activity.ts';
import { useReadAgain } from './use-read-again.ts';

interface Listener {
  onActivity: (activity: OrderActivity) => void;
  onGap: () => void;
}

const ActivityContext = createContext<{ live: boolean; listeners: Set<Listener> } | null>(null);

/**
 * Follows all orders of the shop, once for everything on the dashboard that wants to hear of them: their states change in
 * place on every page that shows them.
 */
export function OrderActivityProvider({ children }: { children: ReactNode }) {
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  const lists = trpc.admin.orders.list.pathFilter();
  const isReading = useIsFetching(lists) > 0;
  const readAgain = useReadAgain(lists);
  /** What is being read while news come may be older than these. */
  const mayBeOld = useRef(false);
  useEffect(() => {
    if (isReading || !mayBeOld.current) return;
    mayBeOld.current = false;
    readAgain();
  }, [isReading, readAgain]);
  const live = useSubscription({
    procedure: shop.api.admin.orders.onActivity,
    input: {},
    onEvent: (event) => {
      if (event.type !== 'order.status') return;
      queryClient.setQueriesData<RouterOutputs['admin']['orders']['list']>(
        lists,
        (page) => page && withActivity(page, event),
      );
      mayBeOld.current ||= queryClient.isFetching(lists) > 0;
      for (const { onActivity } of listeners) onActivity(event);
    },
    onStale: (reason) => {
      // After a lost connection all that was missed is told, in order.
      if (reason === 'resumed') return;
      for (const { onGap } of listeners) onGap();
    },
  });
  const value = useMemo(() => ({ live, listeners }), [live, listeners]);
  return <ActivityContext value={value}>{children}</ActivityContext>;
}

/**
 * `onActivity` hears of each change of an order, `onGap` when some were missed for good, or before the subscription stood.
 * News may come while a page still reads: then it reads again. Returns whether it is live.
 */
export function useOrderActivity(handlers: Listener): boolean {
  const activity = useContext(ActivityContext);
  if (!activity) throw new Error('Orders are followed below an OrderActivityProvider');
  const { live, listeners } = activity;
  const onActivity = useEffectEvent(handlers.onActivity);
  const onGap = useEffectEvent(handlers.onGap);
  useEffect(() => {
    const listener: Listener = { onActivity: (event) => onActivity(event), onGap: () => onGap() };
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listeners]);
  return live;
}
