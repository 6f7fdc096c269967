import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { EXPORT_REFETCH_MS } from '../../export-refetch.ts';

/** All products as a file. */
export function ExportCard() {
  const trpc = useTrpc();
  const ask = useMutation(trpc.admin.products.exportCsv.mutationOptions());
  const begun = ask.data;
  const status = useQuery(
    trpc.admin.products.exportStatus.queryOptions(
      { exportId: begun?.id ?? '' },
      {
        enabled: begun !== undefined,
        staleTime: 0,
        refetchInterval: ({ state }) => EXPORT_REFETCH_MS[state.data?.state ?? 'pending'],
      },
    ),
  );
  const ready = status.data?.id === begun?.id ? status.data : undefined;
  return (
    <Paper p="lg" component="section" aria-label="Export">
      <Stack>
        <Title order={2} size="h4">
          Export
        </Title>
        <Text size="sm" c="dimmed">
          All products with their versions, drafts included, as a CSV file. Imported again, it changes nothing.
        </Text>
        <InlineError error={ask.error ?? status.error} />
        {ready?.state === 'failed' && (
          <Text size="sm" c="red" role="alert">
            The file could not be written. Prepare it again in a while.
          </Text>
        )}
        {ready?.state === 'pending' && ready.total !== undefined && (
          <Stack gap={4}>
            <Progress value={(ready.products / Math.max(1, ready.total)) * 100} aria-label="Written" />
            <Text size="sm" c="dimmed">
              {`${ready.products} of ${ready.total} products written`}
            </Text>
          </Stack>
        )}
        <Group>
          <Button
            variant="default"
            loading={ask.isPending || (begun !== undefined && (ready?.state ?? 'pending') === 'pending')}
            onClick={() => ask.mutate({})}
          >
            Prepare a file
          </Button>
          {ready?.url !== undefined && (
            <Button component="a" href={ready.url} download leftSection={<IconDownload size={16} />}>
              {`Download ${ready.products === 1 ? '1 product' : `${ready.products} products`}`}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
