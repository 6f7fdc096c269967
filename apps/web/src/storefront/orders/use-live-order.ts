import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isCartwrightError } from '@cartwright/sdk';
import { useConnectionState, useFollowing } from '../../app/live.tsx';
import { useShop, useTrpc } from '../../app/shop-context.tsx';

/** How often an order is read again while the live connection is away and it may still change. */
const FALLBACK_MS = 4_000;

/**
 * An order that follows the shop: status events arrive over the live connection and are shown at once, then the whole
 * order is read again for its timeline. Without the connection it is read every few seconds instead.
 */
export function useLiveOrder(orderId: string) {
  const trpc = useTrpc();
  const shop = useShop();
  const queryClient = useQueryClient();
  const connection = useConnectionState();
  const [started, setStarted] = useState(false);
  const [failures, setFailures] = useState(0);
  const live = started && connection === 'open';

  const order = useQuery(
    trpc.orders.byId.queryOptions(
      { orderId },
      {
        staleTime: 0,
        refetchInterval: (query) => (!live && query.state.data?.status === 'pending' ? FALLBACK_MS : false),
      },
    ),
  );
  const known = order.data !== undefined;
  useFollowing(known);

  useEffect(() => {
    if (!known) return undefined;
    const queryKey = trpc.orders.byId.queryKey({ orderId });
    const readAgain = () => void queryClient.invalidateQueries({ queryKey });
    let retry: ReturnType<typeof setTimeout> | undefined;
    const subscription = shop.api.orders.onStatus.subscribe(
      { orderId },
      {
        onStarted: () => {
          setStarted(true);
          // What happened between reading the order and listening to it is in no event.
          readAgain();
        },
        onData: ({ data: event }) => {
          if (event.type === 'order.status' && event.orderId === orderId) {
            const { status, paymentStatus, fulfillmentStatus, version } = event;
            queryClient.setQueryData(queryKey, (shown) =>
              shown && shown.version < version
                ? { ...shown, status, paymentStatus, fulfillmentStatus, version }
                : shown,
            );
          }
          readAgain();
          void queryClient.invalidateQueries(trpc.orders.list.pathFilter());
        },
        onError: (error: unknown) => {
          setStarted(false);
          // A refusal would only repeat itself; anything else is worth another subscription.
          if (!isCartwrightError(error, 'UNAUTHENTICATED') && !isCartwrightError(error, 'NOT_FOUND')) {
            retry = setTimeout(() => setFailures((count) => count + 1), 2_000);
          }
        },
        onComplete: () => setStarted(false),
      },
    );
    return () => {
      clearTimeout(retry);
      setStarted(false);
      subscription.unsubscribe();
    };
  }, [known, orderId, failures, shop, trpc, queryClient]);

  return { order, live };
}
