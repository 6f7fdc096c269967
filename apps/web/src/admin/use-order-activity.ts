import { useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useSubscription } from '../app/live.tsx';
import { useShop, useTrpc } from '../app/shop-context.tsx';
import { withActivity } from '../lib/order-activity.ts';
import type { OrderActivity } from '../lib/order-activity.ts';

/**
 * Follows all orders of the shop: their states change in place on every page that shows them. `onActivity` hears of each
 * change, `onGap` when some were missed for good. Returns whether it is live.
 */
export function useOrderActivity(handlers: {
  onActivity: (activity: OrderActivity) => void;
  onGap: () => void;
}): boolean {
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return useSubscription({
    procedure: shop.api.admin.orders.onActivity,
    input: {},
    onEvent: (event) => {
      if (event.type !== 'order.status') return;
      queryClient.setQueriesData<RouterOutputs['admin']['orders']['list']>(
        trpc.admin.orders.list.pathFilter(),
        (page) => page && withActivity(page, event),
      );
      handlers.onActivity(event);
    },
    onStale: (reason) => {
      // After a lost connection all that was missed is told, in order.
      if (reason !== 'resumed') handlers.onGap();
    },
  });
}
