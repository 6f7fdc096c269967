import { Button, Group, Text } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import type { RouterInputs } from '@cartwright/sdk';
import { useSession, useShop, useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { ExportLink } from '../export-link.tsx';
import { useExport } from '../use-export.ts';

const ordersIn = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

/** The orders that the filters find as a file, for administrators: asked for, written by a worker, downloaded. Keyed by the filters. */
export function OrderExport(props: { filters: RouterInputs['admin']['orders']['exportCsv'] }) {
  return useSession()?.user.role === 'admin' ? <Export {...props} /> : null;
}

function Export({ filters }: { filters: RouterInputs['admin']['orders']['exportCsv'] }) {
  const trpc = useTrpc();
  const { orders } = useShop().api.admin;
  const { ask, error, file, status, isWaiting } = useExport({
    ask: () => orders.exportCsv.mutate(filters),
    read: (exportId, signal) => orders.exportStatus.query({ exportId }, { signal }),
    keyOf: (exportId) => trpc.admin.orders.exportStatus.queryKey({ exportId }),
  });
  return (
    <Group gap="xs" role="group" aria-label="Export">
      <InlineError error={error} />
      {file?.state === 'failed' && (
        <Text size="sm" c="red.8" role="alert">
          The file could not be written. Try again in a while.
        </Text>
      )}
      {file?.state === 'pending' && file.total !== undefined && (
        <Text size="sm" c="dimmed" className="cw-numeric">
          {`${file.orders} of ${ordersIn(file.total)}`}
        </Text>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconFileExport size={16} />}
        loading={isWaiting}
        onClick={() => ask()}
      >
        Export as CSV
      </Button>
      {file && (
        <ExportLink status={status} size="xs">
          {`Download ${ordersIn(file.orders)}`}
        </ExportLink>
      )}
    </Group>
  );
}
