import { Button, FileButton, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { newIdempotencyKey, uploadFile } from '@cartwright/sdk';
import { useShop, useTrpc } from '../../../app/shop-context.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { ImportReport } from './import-report.tsx';
import { isOver } from './import-words.ts';

const POLL_MS = 1_000;

/** A file of products: looked at first, then, when it is wanted, imported. */
export function ImportCard() {
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [sent, setSent] = useState<number | null>(null);
  const [isOverIt, setIsOverIt] = useState(false);
  const [file, setFile] = useState<{ name: string; uploadId: string } | null>(null);

  const ask = useMutation(trpc.admin.products.importCsv.mutationOptions());
  const send = useMutation({
    mutationFn: async (chosen: File) => {
      ask.reset();
      setFile(null);
      // Spreadsheets of some systems call it something else.
      const options = { purpose: 'catalog_import', contentType: 'text/csv', onProgress: setSent } as const;
      const { uploadId } = await uploadFile(shop, chosen, options);
      return { name: chosen.name, uploadId };
    },
    onSuccess: async (uploaded) => {
      setFile(uploaded);
      await ask
        .mutateAsync({ uploadId: uploaded.uploadId, dryRun: true, idempotencyKey: newIdempotencyKey() })
        .catch(() => undefined);
    },
    onSettled: () => setSent(null),
  });
  const begun = ask.data;
  const status = useQuery(
    trpc.admin.products.importStatus.queryOptions(
      { importId: begun?.id ?? '' },
      {
        enabled: begun !== undefined,
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : POLL_MS),
      },
    ),
  );
  const shown = status.data ?? begun;
  const isDone = shown !== undefined && !shown.dryRun && isOver(shown);
  useEffect(() => {
    if (isDone) void queryClient.invalidateQueries(trpc.admin.products.list.pathFilter());
  }, [isDone, queryClient, trpc]);

  const choose = (chosen: File | null | undefined) => chosen && send.mutate(chosen);
  const isBusy = send.isPending || ask.isPending || (shown !== undefined && !isOver(shown));
  const mayImport = file !== null && shown?.dryRun === true && shown.state === 'done';
  return (
    <Paper
      p="lg"
      component="section"
      aria-label="Import"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOverIt(true);
      }}
      onDragLeave={() => setIsOverIt(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOverIt(false);
        if (!isBusy) choose(event.dataTransfer.files[0]);
      }}
      style={isOverIt ? { outline: '2px dashed var(--mantine-primary-color-filled)' } : undefined}
    >
      <Stack>
        <Title order={2} size="h4">
          Import
        </Title>
        <Text size="sm" c="dimmed">
          A CSV file with a row for each version, by slug and SKU. It is looked at first; nothing changes before you say
          so, and nothing at all while anything in it is wrong.
        </Text>
        <Group>
          <FileButton accept=".csv,text/csv" onChange={choose} disabled={isBusy}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />} loading={send.isPending}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed">
            or drop it here
          </Text>
        </Group>
        {sent !== null && <Progress value={sent * 100} aria-label="Sent" />}
        {file && (
          <Group gap="xs">
            <IconFileSpreadsheet size={18} stroke={1.5} aria-hidden />
            <Text size="sm" fw={600}>
              {file.name}
            </Text>
          </Group>
        )}
        <InlineError error={send.error ?? ask.error ?? status.error} />
        {shown && <ImportReport report={shown} />}
        {mayImport && (
          <Group justify="flex-end">
            <Button
              loading={ask.isPending}
              onClick={() =>
                ask.mutate({ uploadId: file.uploadId, dryRun: false, idempotencyKey: newIdempotencyKey() })
              }
            >
              Import it
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
