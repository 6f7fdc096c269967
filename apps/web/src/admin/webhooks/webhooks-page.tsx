import { Badge, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { compact } from '../../lib/search-params.ts';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { useIsPhone } from '../../ui/use-is-phone.ts';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';

type Webhook = RouterOutputs['admin']['webhooks']['list']['items'][number];

const route = getRouteApi('/admin/webhooks');
const STATUSES = [
  { value: 'received', label: 'To be applied', color: 'blue' },
  { value: 'applied', label: 'Applied', color: 'teal' },
  { value: 'ignored', label: 'Ignored', color: 'gray' },
  { value: 'unmatched', label: 'Unmatched', color: 'red' },
] as const;

/** What the payment provider told the shop, newest first. */
export function WebhooksPage() {
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const trpc = useTrpc();
  const pages = useCursorPages(status ?? '');
  const webhooks = useQuery(
    trpc.admin.webhooks.list.queryOptions(
      { ...compact({ status, cursor: pages.cursor }), limit: 50 },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const items = webhooks.data?.items ?? [];
  return (
    <Page
      title="Webhooks"
      description="What the payment provider told the shop. Applying an event again does nothing twice."
    >
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label="Filter the webhooks">
          <Select
            label="Status"
            placeholder="Any"
            clearable
            w={190}
            data={STATUSES.map(({ value, label }) => ({ value, label }))}
            value={status ?? null}
            onChange={(value) =>
              void navigate({
                search: compact({ status: STATUSES.find((one) => one.value === value)?.value }),
                replace: true,
              })
            }
          />
        </Group>
        <PagedList list={webhooks} pages={pages} loading="Loading the webhooks">
          {items.length === 0 ? (
            <NothingHere
              icon={<IconPlugConnectedX size={44} stroke={1.3} />}
              title={status === undefined ? 'Nothing was received yet' : 'Nothing matches'}
            />
          ) : (
            <TableFrame list={webhooks}>
              <WebhooksTable webhooks={items} />
            </TableFrame>
          )}
        </PagedList>
      </Stack>
    </Page>
  );
}

function WebhooksTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Webhooks">
      <Table.Thead>
        <Table.Tr>
          <Table.Th visibleFrom="md">Received</Table.Th>
          <Table.Th>Event</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="sm" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function WebhookRow({ webhook: { id, type, status, occurredAt, receivedAt } }: { webhook: Webhook }) {
  const isPhone = useIsPhone();
  const trpc = useTrpc();
  const client = useQueryClient();
  const replay = useMutation(
    trpc.admin.webhooks.replay.mutationOptions({
      onSuccess: () => {
        notifications.show({ message: 'The event will be applied again.', color: 'teal' });
        return client.invalidateQueries({ queryKey: trpc.admin.webhooks.list.queryKey() });
      },
      onError: notifyError,
    }),
  );
  const shown = STATUSES.find(({ value }) => value === status);
  const again = status !== 'ignored' && (
    <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate({ id })}>
      Apply again
    </Button>
  );
  return (
    <Table.Tr data-testid="webhook">
      <Table.Td style={{ whiteSpace: 'nowrap' }} visibleFrom="md" title={`Happened ${formatDateTime(occurredAt)}`}>
        {formatDateTime(receivedAt)}
      </Table.Td>
      <Table.Td maw={{ base: 0, md: 360 }} w={{ base: '100%', md: 'auto' }}>
        <Text size="sm">{type}</Text>
        <Text size="xs" c="dimmed" ff="monospace" truncate title={id}>
          {id}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="md">
          {formatDateTime(receivedAt)}
        </Text>
        {isPhone && again}
      </Table.Td>
      <Table.Td>
        <Badge size="sm" variant="light" color={shown?.color ?? 'gray'}>
          {shown?.label}
        </Badge>
      </Table.Td>
      {!isPhone && <Table.Td ta="right">{again}</Table.Td>}
    </Table.Tr>
  );
}
