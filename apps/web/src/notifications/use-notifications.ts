import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { notifyError } from '../app/hooks.ts';
import { pagesOptions } from '../app/pages.ts';
import { useShop, useTrpc } from '../app/shop-context.tsx';
import { withRead } from '../lib/notification-list.ts';
import type { NotificationPages } from '../lib/notification-list.ts';

const PAGE = 10;

/** One's own notifications, newest first, page by page. */
export function useNotificationList({ unreadOnly = false, enabled = true } = {}) {
  const shop = useShop();
  const trpc = useTrpc();
  const input = { limit: PAGE, ...(unreadOnly && { unreadOnly }) };
  return useInfiniteQuery({
    ...pagesOptions(trpc.notifications.list.infiniteQueryKey(input), (page, options) =>
      shop.api.notifications.list.query({ ...input, ...page }, options),
    ),
    enabled,
  });
}

/** How many are unread; kept up to date by `NotificationFeed`. */
export function useUnreadCount(): number {
  const { data } = useQuery(useTrpc().notifications.unreadCount.queryOptions(undefined, { enabled: false }));
  return data?.unreadCount ?? 0;
}

/** Changes every list of notifications on screen or kept for later. */
export function useChangeLists() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return (change: (list: NotificationPages<unknown>) => NotificationPages<unknown>): void => {
    const filter = trpc.notifications.list.pathFilter();
    queryClient.setQueriesData<NotificationPages<unknown>>(filter, (list) => list && change(list));
    // An answer under way may not know of it yet.
    void queryClient.invalidateQueries({ ...filter, predicate: ({ state }) => state.fetchStatus === 'fetching' });
  };
}

/** Takes over a count that is newer than whatever is asked right now. */
export function useSetUnreadCount() {
  const queryKey = useTrpc().notifications.unreadCount.queryKey();
  const queryClient = useQueryClient();
  return (unreadCount: number): void => {
    void queryClient.cancelQueries({ queryKey });
    queryClient.setQueryData(queryKey, { unreadCount });
  };
}

/**
 * Marks some or all as read: at once on this page, then at the shop, which tells all pages of the person, this one too. The
 * answer's own count is left alone: a later event may have come before it.
 */
export function useMarkRead() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const changeLists = useChangeLists();
  return useMutation(
    trpc.notifications.markRead.mutationOptions({
      onMutate: (input: RouterInputs['notifications']['markRead']) => {
        const ids = 'ids' in input ? input.ids : undefined;
        changeLists((list) => withRead(list, { ids, readAt: new Date() }));
        queryClient.setQueryData(
          trpc.notifications.unreadCount.queryKey(),
          (known) => known && { unreadCount: ids ? Math.max(0, known.unreadCount - ids.length) : 0 },
        );
      },
      onError: (error) => {
        notifyError(error);
        void queryClient.invalidateQueries(trpc.notifications.pathFilter());
      },
    }),
  );
}
