import { Center, Group, Paper, Skeleton, Switch, Table, Text, Tooltip } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../app/hooks.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { TextLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState } from '../ui/states.tsx';

type Preferences = RouterOutputs['notifications']['preferences']['get'];
type Item = Preferences['items'][number];
type ChannelSwitch = Item['channels'][number];
type Channel = ChannelSwitch['channel'];

const CHANNELS: readonly { channel: Channel; label: string }[] = [
  { channel: 'in_app', label: 'In the shop' },
  { channel: 'mail', label: 'E-mail' },
];

/** What a customer wants to hear of, and how. Each switch is kept as it is moved. */
export function NotificationPreferencesPage() {
  const preferences = useQuery(useTrpc().notifications.preferences.get.queryOptions());
  return (
    <Page
      title="Notification preferences"
      size={780}
      breadcrumbs={
        <TextLink to="/account/notifications" size="sm" c="dimmed" display="inline-block" mb="xs">
          ‹ Notifications
        </TextLink>
      }
      description="What you hear of, and how. Changes are kept at once."
    >
      {preferences.isPending && <Skeleton h={320} role="status" aria-label="Loading your preferences" />}
      {preferences.isError && !preferences.data && (
        <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
      )}
      {preferences.data && <PreferencesTable items={preferences.data.items} />}
    </Page>
  );
}

function PreferencesTable({ items }: { items: readonly Item[] }) {
  const change = useChangePreference();
  return (
    <Paper>
      <Table verticalSpacing="md" horizontalSpacing="md" aria-label="Notification preferences">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            {CHANNELS.map(({ channel, label }) => (
              <Table.Th key={channel} w={{ base: 84, sm: 130 }} ta="center">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.type}>
              <Table.Th scope="row" fw={500}>
                {item.label}
              </Table.Th>
              {CHANNELS.map(({ channel, label }) => (
                <Table.Td key={channel} ta="center">
                  <ChannelCell
                    setting={item.channels.find((candidate) => candidate.channel === channel)}
                    label={`${item.label}: ${label}`}
                    onChange={(enabled) => change({ type: item.type, channel, enabled })}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

interface ChannelCellProps {
  setting: ChannelSwitch | undefined;
  label: string;
  onChange: (enabled: boolean) => void;
}

function ChannelCell({ setting, label, onChange }: ChannelCellProps) {
  if (!setting) {
    return (
      <Text size="sm" c="dimmed" title="Not offered">
        –
      </Text>
    );
  }
  if (!setting.switchable) {
    return (
      <Tooltip label="You need this one, so it can’t be switched off" disabled={!setting.enabled}>
        <Group gap={5} justify="center" wrap="nowrap" c="dimmed" w="fit-content" mx="auto">
          <IconLock size={15} aria-hidden />
          <Text size="sm">{setting.enabled ? 'Always' : 'Never'}</Text>
        </Group>
      </Tooltip>
    );
  }
  return (
    <Center>
      <Switch
        aria-label={label}
        checked={setting.enabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Center>
  );
}

/** Moves one switch: at once on the page, then at the shop, in the order of the clicks. */
function useChangePreference() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const queryKey = trpc.notifications.preferences.get.queryKey();
  const update = useMutation(
    trpc.notifications.preferences.update.mutationOptions({
      scope: { id: 'preferences' },
      onError: notifyError,
      onSettled: (answer) => {
        // While others are under way, the page is ahead of this answer.
        const isLast =
          queryClient.isMutating({ mutationKey: trpc.notifications.preferences.update.mutationKey() }) === 1;
        if (!isLast) return;
        if (answer) queryClient.setQueryData(queryKey, answer);
        else void queryClient.invalidateQueries({ queryKey });
      },
    }),
  );
  return (change: { type: Item['type']; channel: Channel; enabled: boolean }): void => {
    queryClient.setQueryData(queryKey, (shown) => shown && { items: shown.items.map((item) => moved(item, change)) });
    update.mutate({ changes: [change] });
  };
}

function moved(item: Item, change: { type: Item['type']; channel: Channel; enabled: boolean }): Item {
  if (item.type !== change.type) return item;
  const channels = item.channels.map((setting) =>
    setting.channel === change.channel ? { ...setting, enabled: change.enabled } : setting,
  );
  return { ...item, channels };
}
