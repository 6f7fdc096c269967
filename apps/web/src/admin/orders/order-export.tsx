import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconFileExport } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { EXPORT_REFETCH_MS } from '../export-refetch.ts';

const ordersIn = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

/** The orders that the filters find as a file: asked for, written by a worker, downloaded. Keyed by the filters. */
export function OrderExport({ filters }: { filters: RouterInputs['admin']['orders']['exportCsv'] }) {
  const trpc = useTrpc();
  const ask = useMutation(trpc.admin.orders.exportCsv.mutationOptions());
  const begun = ask.data;
  const status = useQuery(
    trpc.admin.orders.exportStatus.queryOptions(
      { exportId: begun?.id ?? '' },
      {
        enabled: begun !== undefined,
        staleTime: 0,
        refetchInterval: ({ state }) => EXPORT_REFETCH_MS[state.data?.state ?? 'pending'],
      },
    ),
  );
  const seen = status.data?.id === begun?.id ? status.data : undefined;
  const isWaiting = ask.isPending || (begun !== undefined && (seen?.state ?? 'pending') === 'pending');
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
      {seen?.url === undefined ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFileExport size={16} />}
          loading={isWaiting}
          onClick={() => ask.mutate(filters)}
        >
          Export as CSV
        </Button>
      ) : (
        <Button component="a" href={seen.url} download size="xs" leftSection={<IconDownload size={16} />}>
          {`Download ${ordersIn(seen.orders)}`}
        </Button>
      )}
    </Group>
  );
}
