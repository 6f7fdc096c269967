import { ActionIcon, Button, Center, Popover, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell, IconBellOff, IconRefresh, IconSettings } from '@tabler/icons-react';
import { useSession } from '../app/shop-context.tsx';
import { wordsFor } from '../lib/reasons.ts';
import { CountBadge } from '../ui/count-badge.tsx';
import { ButtonLink, IconLink } from '../ui/links.tsx';
import { NotificationRows } from './notification-rows.tsx';
import { useMarkRead, useNotificationList, useUnreadCount } from './use-notifications.ts';
import classes from './notifications.module.css';

/** How many are unread, and the newest of them on a click. Nothing for guests. */
export function NotificationBell() {
  const session = useSession();
  return session && <Bell />;
}

function Bell() {
  const unread = useUnreadCount();
  const [opened, { toggle, close, open }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(next) => (next ? open() : close())}
      position="bottom-end"
      width="min(390px, calc(100vw - 24px))"
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <CountBadge count={unread} data-testid="bell-badge">
          <ActionIcon
            variant="subtle"
            color="gray"
            c="gray.9"
            size={42}
            onClick={toggle}
            aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
          >
            <IconBell size={23} stroke={1.6} />
          </ActionIcon>
        </CountBadge>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Notifications">
        {opened && <Newest unread={unread} onLeave={close} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Newest({ unread, onLeave }: { unread: number; onLeave: () => void }) {
  const list = useNotificationList();
  const markRead = useMarkRead();
  const items = list.data?.pages[0]?.items;
  return (
    <>
      <div className={classes['menuHead']}>
        <Text fw={650}>Notifications</Text>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={unread === 0}
          {...(unread === 0 && { bg: 'transparent' })}
          onClick={() => markRead.mutate({ all: true })}
        >
          Mark all as read
        </Button>
      </div>
      <div className={classes['menuBody']}>
        {list.isPending && (
          <Stack p="md" gap="sm" role="status" aria-label="Loading notifications">
            {[1, 2, 3].map((key) => (
              <Skeleton key={key} h={54} />
            ))}
          </Stack>
        )}
        {list.isError && !items && (
          <Stack align="center" gap="xs" p="lg" role="alert">
            <Text size="sm" c="dimmed" ta="center">
              {wordsFor(list.error)}
            </Text>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconRefresh size={15} />}
              onClick={() => void list.refetch()}
            >
              Try again
            </Button>
          </Stack>
        )}
        {items?.length === 0 && (
          <Center p="xl">
            <Stack align="center" gap={6} c="dimmed">
              <IconBellOff size={34} stroke={1.3} aria-hidden />
              <Text size="sm">Nothing yet. News of your orders will be here.</Text>
            </Stack>
          </Center>
        )}
        {items && items.length > 0 && <NotificationRows label="The newest" items={items} onFollow={onLeave} />}
      </div>
      <div className={classes['menuFoot']}>
        <ButtonLink to="/account/notifications" variant="subtle" size="compact-sm" onClick={onLeave}>
          See all
        </ButtonLink>
        <IconLink
          to="/account/notifications/preferences"
          variant="subtle"
          color="gray"
          aria-label="Notification preferences"
          onClick={onLeave}
        >
          <IconSettings size={18} stroke={1.6} />
        </IconLink>
      </div>
    </>
  );
}
