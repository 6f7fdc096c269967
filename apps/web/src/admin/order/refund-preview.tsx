import { Alert, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatMoney } from '../../lib/money.ts';
import { InlineError } from '../../ui/states.tsx';

interface RefundPreviewProps {
  order: RouterOutputs['admin']['orders']['byId'];
  wish: RouterInputs['admin']['orders']['previewRefund'];
  /** Told whether such a refund can be made. */
  onAllowed: (isAllowed: boolean) => void;
}

/** What a refund comes to, as the shop calculates it. */
export function RefundPreview({ order, wish, onAllowed }: RefundPreviewProps) {
  const trpc = useTrpc();
  const preview = useQuery(
    trpc.admin.orders.previewRefund.queryOptions(wish, {
      staleTime: 0,
      retry: false,
      placeholderData: keepPreviousData,
    }),
  );
  const { data, error, isPlaceholderData } = preview;
  const isAllowed = data?.isAllowed === true && !isPlaceholderData && !error;
  useEffect(() => onAllowed(isAllowed), [isAllowed, onAllowed]);
  if (error) return <InlineError error={error} />;
  if (!data) return null;
  const titles = new Map(order.lines.map(({ lineId, product }) => [lineId, product.title]));
  return (
    <Stack gap={4} data-testid="refund-preview" aria-live="polite">
      {data.parts.lines.map(({ lineId, quantity, amount }, index) => (
        <Row
          key={index}
          label={`${quantity > 0 ? `${quantity} × ` : 'Goodwill: '}${titles.get(lineId) ?? ''}`}
          value={formatMoney(amount)}
        />
      ))}
      {data.parts.shipping && <Row label="Shipping" value={formatMoney(data.parts.shipping.amount)} />}
      <Row label={`Back in all, ${formatMoney(data.tax)} of it tax`} value={formatMoney(data.amount)} isSum />
      <Text size="xs" c="dimmed">
        {formatMoney(data.refundable)} stay with the shop.
      </Text>
      {!data.isAllowed && (
        <Alert color="clay">That’s more than you may give back of an order. Ask an administrator.</Alert>
      )}
    </Stack>
  );
}

function Row({ label, value, isSum = false }: { label: string; value: string; isSum?: boolean }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm" fw={isSum ? 600 : 400}>
        {label}
      </Text>
      <Text size="sm" fw={isSum ? 600 : 400} className="cw-numeric">
        {value}
      </Text>
    </Group>
  );
}
