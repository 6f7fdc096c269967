import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useShop, useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { ExportLink } from '../../export-link.tsx';
import { useExport } from '../../use-export.ts';

/** All products as a file. */
export function ExportCard() {
  const trpc = useTrpc();
  const { products } = useShop().api.admin;
  const { ask, error, file, status, isWaiting } = useExport({
    ask: () => products.exportCsv.mutate({}),
    read: (exportId, signal) => products.exportStatus.query({ exportId }, { signal }),
    keyOf: (exportId) => trpc.admin.products.exportStatus.queryKey({ exportId }),
  });
  return (
    <Paper p="lg" component="section" aria-label="Export">
      <Stack>
        <Title order={2} size="h4">
          Export
        </Title>
        <Text size="sm" c="dimmed">
          All products with their versions, drafts included, as a CSV file. Imported again, it changes nothing.
        </Text>
        <InlineError error={error} />
        {file?.state === 'failed' && (
          <Text size="sm" c="red" role="alert">
            The file could not be written. Prepare it again in a while.
          </Text>
        )}
        {file?.state === 'pending' && file.total !== undefined && (
          <Stack gap={4}>
            <Progress value={(file.products / Math.max(1, file.total)) * 100} aria-label="Written" />
            <Text size="sm" c="dimmed">
              {`${file.products} of ${file.total} products written`}
            </Text>
          </Stack>
        )}
        <Group>
          <Button variant="default" loading={isWaiting} onClick={() => ask()}>
            Prepare a file
          </Button>
          {file && (
            <ExportLink status={status}>
              {`Download ${file.products === 1 ? '1 product' : `${file.products} products`}`}
            </ExportLink>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
