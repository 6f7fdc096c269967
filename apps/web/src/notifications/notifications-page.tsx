import { Button, Center, Group, Paper, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconBellOff, IconChecks, IconSettings } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { ButtonLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState, InlineError, NothingHere } from '../ui/states.tsx';
import { NotificationRows } from './notification-rows.tsx';
import { useMarkRead, useNotificationList, useUnreadCount } from './use-notifications.ts';

const route = getRouteApi('/storefront/account/notifications');

/** Everything the shop told this customer, newest first. */
export function NotificationsPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const unreadOnly = show === 'unread';
  const unread = useUnreadCount();
  const list = useNotificationList({ unreadOnly });
  const markRead = useMarkRead();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title="Notifications"
      size={780}
      actions={
        <ButtonLink
          to="/account/notifications/preferences"
          variant="default"
          size="sm"
          leftSection={<IconSettings size={17} stroke={1.6} />}
        >
          Preferences
        </ButtonLink>
      }
    >
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label="Which to show"
            value={unreadOnly ? 'unread' : 'all'}
            data={[
              { value: 'all', label: 'All' },
              { value: 'unread', label: unread > 0 ? `Unread (${unread})` : 'Unread' },
            ]}
            onChange={(value) =>
              void navigate({ search: value === 'unread' ? { show: 'unread' } : {}, replace: true, resetScroll: false })
            }
          />
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconChecks size={17} />}
            disabled={unread === 0}
            {...(unread === 0 && { bg: 'transparent' })}
            onClick={() => markRead.mutate({ all: true })}
          >
            Mark all as read
          </Button>
        </Group>
        {list.isPending && (
          <Stack gap="xs" role="status" aria-label="Loading notifications">
            {[1, 2, 3, 4].map((key) => (
              <Skeleton key={key} h={76} />
            ))}
          </Stack>
        )}
        {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && items.length === 0 && (
          <NothingHere
            icon={<IconBellOff size={44} stroke={1.3} />}
            title={unreadOnly ? 'You’re up to date' : 'No notifications yet'}
            description={unreadOnly ? 'There is nothing unread.' : 'News of your orders will be here.'}
          />
        )}
        {items.length > 0 && (
          <Paper style={{ overflow: 'hidden' }}>
            <NotificationRows label="Notifications" items={items} />
          </Paper>
        )}
        {list.hasNextPage && (
          <Center>
            <Stack align="center" gap="xs">
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show older
              </Button>
              {list.isFetchNextPageError && <InlineError error={list.error} />}
            </Stack>
          </Center>
        )}
      </Stack>
    </Page>
  );
}
