import { Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useShop, useTrpc } from '../app/shop-context.tsx';
import { formatDate } from '../lib/dates.ts';
import { formatMoney } from '../lib/money.ts';
import { documentsOf, nextLookMs, type OrderDocument } from '../lib/order-documents.ts';
import { InlineError } from './states.tsx';

/** The invoice of an order and its credit notes, to be downloaded. Nothing while there is nothing to bill. */
export function OrderDocuments({
  order: { id: orderId, version },
  forStaff = false,
}: {
  order: Pick<RouterOutputs['orders']['byId'], 'id' | 'version'>;
  forStaff?: boolean;
}) {
  const trpc = useTrpc();
  const { api } = useShop();
  const read = () => (forStaff ? api.admin.orders.invoice.query({ orderId }) : api.orders.invoice.query({ orderId }));
  const procedure = forStaff ? trpc.admin.orders.invoice : trpc.orders.invoice;
  const queryClient = useQueryClient();
  const [round, setRound] = useState(0);
  // What is paid or refunded meanwhile has another version, and is looked for anew.
  const queryKey = [...procedure.queryKey({ orderId }), version, round];
  const documents = useQuery({
    queryKey,
    queryFn: async () => {
      const looks = (queryClient.getQueryData<{ looks: number }>(queryKey)?.looks ?? 0) + 1;
      return { ...(await read()), looks };
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data, errorUpdateCount } }) =>
      data?.status === 'pending' ? (nextLookMs(data.looks + errorUpdateCount) ?? false) : false,
  });
  // Addresses are good for minutes, pages stay open for hours: each download asks for one of its own.
  const download = useMutation({
    mutationFn: async (number: string) => documentsOf(await read()).find((one) => one.number === number)?.url,
    onSuccess: (url) => {
      if (url !== undefined) window.location.assign(url);
      else void documents.refetch();
    },
  });

  const { data, error } = documents;
  if (!data && !error) return null;
  if (data?.status === 'none') return null;
  const all = data ? documentsOf(data) : [];
  const isPending = data?.status === 'pending';
  const isLeft =
    isPending && !documents.isPlaceholderData && nextLookMs(data.looks + documents.errorUpdateCount) === null;
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-documents">
      <Title order={2} size="h3" mb="md" id="order-documents">
        {all.length > 1 ? 'Invoice and credit notes' : 'Invoice'}
      </Title>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {all.map((one) => (
          <li key={one.number} data-testid="document">
            <DocumentRow
              document={one}
              isMade={one.url !== undefined || (isPending && !isLeft)}
              isLoading={download.isPending && download.variables === one.number}
              onDownload={() => download.mutate(one.number)}
            />
          </li>
        ))}
      </Stack>
      {isPending && !isLeft && all.every(({ url }) => url !== undefined) && (
        <Group gap="xs" mt={all.length > 0 ? 'md' : 0} role="status">
          <Loader size="xs" />
          <Text size="sm">A document is being issued …</Text>
        </Group>
      )}
      <InlineError error={download.error ?? (data ? null : error)} />
      {isLeft && (
        <Text size="sm" mt={all.length > 0 ? 'md' : 0} role="status">
          This takes longer than it should.
        </Text>
      )}
      {(!data || isLeft) && (
        <Button variant="default" mt="sm" onClick={() => (isLeft ? setRound(round + 1) : void documents.refetch())}>
          Try again
        </Button>
      )}
    </Paper>
  );
}

function DocumentRow({
  document: { title, number, issuedAt, total, url },
  isMade,
  isLoading,
  onDownload,
}: {
  document: OrderDocument;
  /** Whether there is a file, or will be soon. */
  isMade: boolean;
  isLoading: boolean;
  onDownload: () => void;
}) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <div>
        <Text size="sm" fw={600}>
          {title} <span style={{ whiteSpace: 'nowrap' }}>{number}</span>
        </Text>
        <Text size="xs" c="dimmed">
          {formatDate(issuedAt)} · {formatMoney(total)}
        </Text>
      </div>
      {isMade && (
        <Button
          variant="default"
          size="sm"
          style={{ flexShrink: 0 }}
          loading={isLoading || url === undefined}
          leftSection={<IconDownload size={16} />}
          aria-label={`Download ${number}`}
          onClick={onDownload}
        >
          PDF
        </Button>
      )}
    </Group>
  );
}
