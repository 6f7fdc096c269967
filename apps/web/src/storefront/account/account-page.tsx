import { Badge, Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError, useSignOut } from '../../app/hooks.ts';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { formatDate, formatRelative } from '../../lib/dates.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';

type DeviceSession = RouterOutputs['account']['sessions']['list']['items'][number];

/** Who is signed in, and on which devices. */
export function AccountPage() {
  const session = useSession();
  const signOut = useSignOut();
  if (!session) return null;
  const { user } = session;
  return (
    <Page title="Your account" size={920}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg" mb="xl">
        <Paper p="lg">
          <Text fw={650}>{user.name}</Text>
          <Text size="sm" c="dimmed">
            {user.email}
          </Text>
          <Text size="sm" c="dimmed">
            With us since {formatDate(user.createdAt)}
          </Text>
          <Button variant="default" size="sm" mt="md" loading={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        </Paper>
        <Paper p="lg">
          <Text fw={650}>Your orders</Text>
          <Text size="sm" c="dimmed">
            Follow, pay or look up what you bought.
          </Text>
          <ButtonLink to="/orders" variant="default" size="sm" mt="md">
            See your orders
          </ButtonLink>
        </Paper>
        <Paper p="lg">
          <Text fw={650}>Notifications</Text>
          <Text size="sm" c="dimmed">
            What we told you, and what you want to hear of.
          </Text>
          <Group gap="xs" mt="md">
            <ButtonLink to="/account/notifications" variant="default" size="sm">
              See all
            </ButtonLink>
            <ButtonLink to="/account/notifications/preferences" variant="default" size="sm">
              Preferences
            </ButtonLink>
          </Group>
        </Paper>
      </SimpleGrid>
      <Sessions />
    </Page>
  );
}

function Sessions() {
  const trpc = useTrpc();
  const sessions = useQuery(trpc.account.sessions.list.queryOptions());
  const logoutAll = useMutation(trpc.auth.logoutAll.mutationOptions({ onError: notifyError }));
  return (
    <Stack component="section" aria-labelledby="sessions">
      <Group justify="space-between">
        <Title order={2} size="h3" id="sessions">
          Signed in on
        </Title>
        <Button
          variant="subtle"
          color="clay.7"
          size="compact-sm"
          loading={logoutAll.isPending}
          onClick={() => logoutAll.mutate()}
        >
          Sign out everywhere
        </Button>
      </Group>
      {sessions.isPending && <Skeleton h={140} />}
      {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.data?.items.map((item) => (
        <SessionRow key={item.id} item={item} />
      ))}
    </Stack>
  );
}

function SessionRow({ item }: { item: DeviceSession }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const name = item.deviceName;
  const revoke = useMutation(
    trpc.account.sessions.revoke.mutationOptions({
      onError: notifyError,
      onSuccess: () => queryClient.invalidateQueries(trpc.account.sessions.pathFilter()),
    }),
  );
  return (
    <Paper p="md">
      <Group justify="space-between" gap="md">
        <Group gap="md" wrap="nowrap" miw={0}>
          <IconDeviceDesktop size={24} stroke={1.4} aria-hidden style={{ flex: '0 0 auto' }} />
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Text size="sm" fw={600} truncate>
                {name}
              </Text>
              {item.current && (
                <Badge size="sm" variant="light">
                  This device
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              {item.ip} · last seen {formatRelative(item.lastSeenAt, new Date())}
            </Text>
          </div>
        </Group>
        {!item.current && (
          <Button
            variant="default"
            size="xs"
            loading={revoke.isPending}
            onClick={() => revoke.mutate({ sessionId: item.id })}
            aria-label={`Sign out ${name}`}
          >
            Sign out
          </Button>
        )}
      </Group>
    </Paper>
  );
}
