import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { ExportLink } from '../../export-link.tsx';
import { exportRefetchMs } from '../../export-refetch.ts';

/** All products as a file. */
export function ExportCard() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const ask = useMutation(
    trpc.admin.products.exportCsv.mutationOptions({
      // It may be the one under way of which nothing could be heard.
      onSuccess: ({ id }) =>
        queryClient.invalidateQueries(trpc.admin.products.exportStatus.queryFilter({ exportId: id })),
    }),
  );
  const begun = ask.data;
  const status = useQuery(
    trpc.admin.products.exportStatus.queryOptions(
      { exportId: begun?.id ?? '' },
      {
        enabled: begun !== undefined,
        staleTime: Infinity,
        refetchInterval: ({ state }) => exportRefetchMs(state),
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
            loading={
              ask.isPending || (begun !== undefined && exportRefetchMs({ data: ready, error: status.error }) !== false)
            }
            onClick={() => ask.mutate({})}
          >
            Prepare a file
          </Button>
          {ready && (
            <ExportLink status={status}>
              {`Download ${ready.products === 1 ? '1 product' : `${ready.products} products`}`}
            </ExportLink>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
