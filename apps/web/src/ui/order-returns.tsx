import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatDateTime } from '../lib/dates.ts';

type Order = RouterOutputs['orders']['byId'];
export type ReturnRequest = Order['returnRequests'][number];

const STATES: Record<ReturnRequest['status'], { label: string; color: string }> = {
  asked: { label: 'Waits for an answer', color: 'blue' },
  accepted: { label: 'Accepted', color: 'teal' },
  declined: { label: 'Declined', color: 'gray' },
};

/** What the buyer asked to send back, and what the shop said. Nothing while nobody asked. */
export function OrderReturns({
  order,
  children,
}: {
  order: Order;
  /** More of a request, below it. */
  children?: (request: ReturnRequest) => ReactNode;
}) {
  if (order.returnRequests.length === 0) return null;
  const titles = new Map(order.lines.map(({ lineId, product }) => [lineId, product.title]));
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-returns">
      <Title order={2} size="h3" mb="md" id="order-returns">
        Returns
      </Title>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {order.returnRequests.map((request) => (
          <li key={request.id} data-testid="return-request">
            <Group justify="space-between" gap="md">
              <Text size="sm" fw={600}>
                {request.lines.map(({ lineId, quantity }) => `${quantity} × ${titles.get(lineId) ?? ''}`).join(', ')}
              </Text>
              <Badge size="sm" variant="light" color={STATES[request.status].color}>
                {STATES[request.status].label}
              </Badge>
            </Group>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {request.reason}
            </Text>
            {request.answer && (
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                The shop: {request.answer}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {formatDateTime(request.answeredAt ?? request.at)}
            </Text>
            {children?.(request)}
          </li>
        ))}
      </Stack>
    </Paper>
  );
}
