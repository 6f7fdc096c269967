import { VisuallyHidden } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSubscription } from '../app/live.tsx';
import { useSession, useShop, useTrpc } from '../app/shop-context.tsx';
import { withCreated, withRead } from '../lib/notification-list.ts';
import { useChangeLists, useSetUnreadCount } from './use-notifications.ts';

/** Keeps a signed-in person's notifications up to date, wherever on the site they are, and reads new ones out. */
export function NotificationFeed() {
  const session = useSession();
  return session && <Feed key={session.user.id} />;
}

function Feed() {
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const changeLists = useChangeLists();
  const setUnreadCount = useSetUnreadCount();
  const [news, setNews] = useState('');
  useQuery(trpc.notifications.unreadCount.queryOptions());

  useSubscription({
    procedure: shop.api.notifications.onNew,
    input: {},
    onEvent: (event) => {
      setUnreadCount(event.unreadCount);
      if (event.type === 'notification.created') {
        changeLists((list) => withCreated(list, event.notification));
        setNews(event.notification.title);
      } else if (event.type === 'notifications.read') {
        changeLists((list) => withRead(list, event));
      }
    },
    onStale: () => {
      void queryClient.invalidateQueries(trpc.notifications.list.pathFilter());
      void queryClient.invalidateQueries(trpc.notifications.unreadCount.pathFilter());
    },
  });

  return <VisuallyHidden role="status">{news}</VisuallyHidden>;
}
