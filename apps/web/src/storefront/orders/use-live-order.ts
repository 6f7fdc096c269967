import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '../../app/live.tsx';
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
  const queryKey = trpc.orders.byId.queryKey({ orderId });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey });

  const live = useSubscription({
    procedure: shop.api.orders.onStatus,
    input: { orderId },
    onEvent: ({ status, paymentStatus, fulfillmentStatus, version }) => {
      queryClient.setQueryData(queryKey, (shown) =>
        shown && shown.version < version ? { ...shown, status, paymentStatus, fulfillmentStatus, version } : shown,
      );
      readAgain();
      void queryClient.invalidateQueries(trpc.orders.list.pathFilter());
    },
    onStale: readAgain,
  });

  const order = useQuery(
    trpc.orders.byId.queryOptions(
      { orderId },
      {
        staleTime: 0,
        refetchInterval: (query) => (!live && query.state.data?.status === 'pending' ? FALLBACK_MS : false),
      },
    ),
  );
  return { order, live };
}
