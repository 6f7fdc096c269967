import { Button, Group, Text } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { ExportLink } from '../export-link.tsx';
import { exportRefetchMs } from '../export-refetch.ts';

const ordersIn = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

/** The orders that the filters find as a file, for administrators: asked for, written by a worker, downloaded. Keyed by the filters. */
export function OrderExport(props: { filters: RouterInputs['admin']['orders']['exportCsv'] }) {
  return useSession()?.user.role === 'admin' ? <Export {...props} /> : null;
}

function Export({ filters }: { filters: RouterInputs['admin']['orders']['exportCsv'] }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const ask = useMutation(
    trpc.admin.orders.exportCsv.mutationOptions({
      // It may be the one under way of which nothing could be heard.
      onSuccess: ({ id }) =>
        queryClient.invalidateQueries(trpc.admin.orders.exportStatus.queryFilter({ exportId: id })),
    }),
  );
  const begun = ask.data;
  const status = useQuery(
    trpc.admin.orders.exportStatus.queryOptions(
      { exportId: begun?.id ?? '' },
      {
        enabled: begun !== undefined,
        staleTime: Infinity,
        refetchInterval: ({ state }) => exportRefetchMs(state),
      },
    ),
  );
  const seen = status.data?.id === begun?.id ? status.data : undefined;
  const isWaiting =
    ask.isPending || (begun !== undefined && exportRefetchMs({ data: seen, error: status.error }) !== false);
  return (
    <Group gap="xs" role="group" aria-label="Export">
      <InlineError error={ask.error ?? status.error} />
      {seen?.state === 'failed' && (
        <Text size="sm" c="red.8" role="alert">
          The file could not be written. Try again in a while.
        </Text>
      )}
      {seen?.state === 'pending' && seen.total !== undefined && (
        <Text size="sm" c="dimmed" className="cw-numeric">
          {`${seen.orders} of ${ordersIn(seen.total)}`}
        </Text>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconFileExport size={16} />}
        loading={isWaiting}
        onClick={() => ask.mutate(filters)}
      >
        Export as CSV
      </Button>
      {seen && (
        <ExportLink status={status} size="xs">
          {`Download ${ordersIn(seen.orders)}`}
        </ExportLink>
      )}
    </Group>
  );
}
