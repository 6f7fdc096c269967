import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { AppRouter } from '../app-router.ts';
import type { Cartwright } from '../client.ts';

/**
 * Options for TanStack Query 5, typed by procedure:
 * `useQuery(trpc.catalog.products.bySlug.queryOptions({ slug }))`.
 */
export function createReactBindings(shop: Cartwright, queryClient: QueryClient): TRPCOptionsProxy<AppRouter> {
  return createTRPCOptionsProxy<AppRouter>({ client: shop.api, queryClient });
}

/** Follows a subscription while a component is shown: `useSubscription(trpc.orders.onStatus.subscriptionOptions({}, { onData }))`. */
export { useSubscription } from '@trpc/tanstack-react-query';
