import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { useSession, useTrpc } from '../app/shop-context.tsx';
import { formatDateTime } from '../lib/dates.ts';
import { compact } from '../lib/search-params.ts';
import { quarantineWords } from '../lib/received-words.ts';
import { TextLink } from '../ui/links.tsx';
import { ConfirmDialog } from './order/confirm-dialog.tsx';
import { Pager } from './pager.tsx';
import { useCursorPages } from './use-cursor-pages.ts';

type Item = RouterOutputs['admin']['orders']['quarantine']['list']['items'][number];
type Action = RouterInputs['admin']['orders']['quarantine']['resolve']['action'];

/** Money that came in and fits no order, for administrators, of all orders or of one; nothing while there is none. */
export function Quarantine({ orderId }: { orderId?: string }) {
  const trpc = useTrpc();
  const role = useSession()?.user.role;
  const pages = useCursorPages(`quarantine ${orderId ?? ''}`);
  const list = useQuery(
    trpc.admin.orders.quarantine.list.queryOptions(
      { limit: 20, ...compact({ orderId, cursor: pages.cursor }) },
      { enabled: role === 'admin', placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const items = list.data?.items ?? [];
  if (items.length === 0 && pages.page === 1) return list.isError && <NotLookedFor of={orderId} />;
  return (
    <Alert
      color="clay"
      mb={orderId === undefined ? 0 : 'md'}
      title={orderId === undefined ? 'Payments that fit no order' : 'Payments that do not fit this order'}
      data-testid="quarantine"
    >
      <Stack gap="md">
        {items.map((item) => (
          <QuarantinedPayment key={item.id} item={item} isOfPage={orderId !== undefined} />
        ))}
        <Pager pages={pages} nextCursor={list.data?.nextCursor ?? null} busy={list.isFetching} />
      </Stack>
    </Alert>
  );
}

/** Why stands where the orders would be, or the order. */
function NotLookedFor({ of }: { of: string | undefined }) {
  return (
    <Text size="sm" c="red.8" role="alert">
      {of === undefined
        ? 'Whether there are payments that fit no order could not be found out.'
        : 'Whether a payment came that does not fit this order could not be found out.'}
    </Text>
  );
}

function QuarantinedPayment({ item, isOfPage }: { item: Item; isOfPage: boolean }) {
  const [action, setAction] = useState<Action | null>(null);
  return (
    <Group justify="space-between" gap="md">
      <div>
        <Text size="sm" fw={600}>
          {quarantineWords(item)}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {formatDateTime(item.createdAt)} · {item.reference}
          {!isOfPage && (
            <>
              {' · '}
              <TextLink to="/admin/orders/$orderId" params={{ orderId: item.orderId }} size="xs">
                See the order
              </TextLink>
            </>
          )}
        </Text>
      </div>
      <Group gap="xs">
        <Button size="xs" onClick={() => setAction('refund')}>
          Give it back
        </Button>
        <Button size="xs" variant="default" onClick={() => setAction('settled')}>
          It is settled
        </Button>
      </Group>
      {action && <ResolveDialog item={item} action={action} onClose={() => setAction(null)} />}
    </Group>
  );
}

function ResolveDialog({ item, action, onClose }: { item: Item; action: Action; onClose: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const resolve = useMutation(
    trpc.admin.orders.quarantine.resolve.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.admin.orders.pathFilter()),
    }),
  );
  const isRefund = action === 'refund';
  return (
    <ConfirmDialog
      title={isRefund ? 'Give this payment back?' : 'Is it settled?'}
      text={
        isRefund
          ? 'All of what came in goes back to the buyer, who can pay the order anew.'
          : 'Somebody dealt with it at the payment provider. The order can be paid anew.'
      }
      action={isRefund ? 'Give it back' : 'It is settled'}
      asksWhy
      isPending={resolve.isPending}
      error={resolve.error}
      onConfirm={(note) => resolve.mutate({ id: item.id, action, ...(note ? { note } : {}) })}
      onClose={onClose}
    />
  );
}
