import { Badge, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { formatDate, formatRelative } from '../../../lib/dates.ts';
import { Page } from '../../../ui/page.tsx';
import { ErrorState } from '../../../ui/states.tsx';

type DeviceSession = RouterOutputs['account']['sessions']['list']['items'][number];

/** Where the account is signed in, and ending that: one device, all others, or everywhere. */
export function SessionsPage() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const sessions = useQuery(trpc.account.sessions.list.queryOptions());
  const refresh = () => queryClient.invalidateQueries(trpc.account.sessions.pathFilter());
  const revokeOthers = useMutation(
    trpc.account.sessions.revokeOthers.mutationOptions({ onSuccess: refresh, onError: notifyError }),
  );
  const logoutAll = useMutation(trpc.auth.logoutAll.mutationOptions({ onError: notifyError }));
  const items = sessions.data?.items ?? [];
  return (
    <Page
      title="Devices"
      size={720}
      description="Where you are signed in. Sign out what you don’t recognise, and change your password then."
    >
      <Stack>
        {sessions.isPending && <Skeleton h={180} />}
        {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
        {items.map((item) => (
          <SessionRow key={item.id} item={item} onRevoked={refresh} />
        ))}
        <Group justify="flex-end" mt="sm">
          {items.length > 1 && (
            <Button variant="default" loading={revokeOthers.isPending} onClick={() => revokeOthers.mutate()}>
              Sign out all other devices
            </Button>
          )}
          <Button variant="light" color="red" loading={logoutAll.isPending} onClick={() => logoutAll.mutate()}>
            Sign out everywhere
          </Button>
        </Group>
      </Stack>
    </Page>
  );
}

function SessionRow({ item, onRevoked }: { item: DeviceSession; onRevoked: () => Promise<void> }) {
  const trpc = useTrpc();
  const revoke = useMutation(
    trpc.account.sessions.revoke.mutationOptions({ onSuccess: onRevoked, onError: notifyError }),
  );
  const Icon = /iPhone|Android|iPad/.test(item.deviceName) ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <Paper p="md" component="article" aria-label={item.deviceName}>
      <Group justify="space-between" gap="md" wrap="nowrap">
        <Group gap="md" wrap="nowrap" miw={0}>
          <Icon size={28} stroke={1.4} aria-hidden style={{ flex: '0 0 auto' }} />
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Text size="sm" fw={600} truncate>
                {item.deviceName}
              </Text>
              {item.current && (
                <Badge size="sm" variant="light">
                  This device
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              {placeOf(item)} ·{' '}
              {item.current ? 'active now' : `last seen ${formatRelative(item.lastSeenAt, new Date())}`}
            </Text>
            <Text size="xs" c="dimmed">
              Signed in {formatDate(item.createdAt)}
            </Text>
          </div>
        </Group>
        {!item.current && (
          <Button
            variant="default"
            size="xs"
            loading={revoke.isPending}
            onClick={() => revoke.mutate({ sessionId: item.id })}
            aria-label={`Sign out ${item.deviceName}`}
            style={{ flex: '0 0 auto' }}
          >
            Sign out
          </Button>
        )}
      </Group>
    </Paper>
  );
}

const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** The country where it is known, and the address, which says little but helps to tell devices apart. */
function placeOf({ country, ip }: Pick<DeviceSession, 'country' | 'ip'>): string {
  return country === null ? ip : `${countries.of(country) ?? country} · ${ip}`;
}
