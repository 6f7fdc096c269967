import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatDateTime } from '../lib/dates.ts';
import { formatMoney } from '../lib/money.ts';
import { isOfMoney, refundWords } from '../lib/order-words.ts';

type Order = RouterOutputs['orders']['byId'];
type Refund = Order['refunds'][number];
export type Parcel = Order['shipments'][number];

/** The parcels of an order, and how to follow them. Nothing while there are none. */
export function OrderParcels({
  order,
  children,
}: {
  order: Order;
  /** What can be done with a parcel, below it. */
  children?: (parcel: Parcel) => ReactNode;
}) {
  if (order.shipments.length === 0) return null;
  const titles = titlesOf(order);
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-parcels">
      <Title order={2} size="h3" mb="md" id="order-parcels">
        {order.shipments.length === 1 ? 'Parcel' : 'Parcels'}
      </Title>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {order.shipments.map((parcel) => (
          <li key={parcel.id} data-testid="parcel">
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {parcel.carrier} · {parcel.trackingNumber}
            </Text>
            <Text size="sm">
              {parcel.lines.map(({ lineId, quantity }) => `${quantity} × ${titles.get(lineId) ?? ''}`).join(', ')}
            </Text>
            <Text size="xs" c="dimmed">
              {parcel.deliveredAt
                ? `Arrived ${formatDateTime(parcel.deliveredAt)}`
                : `Sent ${formatDateTime(parcel.at)}`}
            </Text>
            {children?.(parcel)}
          </li>
        ))}
      </Stack>
    </Paper>
  );
}

/** Money that went back, or is on its way; for the shop also pieces that were given up with none. Nothing while there is none. */
export function OrderRefunds<O extends Order>({
  order,
  children,
}: {
  order: O;
  /** More of a refund, below it: for the shop. */
  children?: (refund: O['refunds'][number]) => ReactNode;
}) {
  const all: readonly O['refunds'][number][] = order.refunds;
  const refunds = children ? all : all.filter(isOfMoney);
  if (refunds.length === 0) return null;
  const titles = titlesOf(order);
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-refunds">
      <Title order={2} size="h3" mb="md" id="order-refunds">
        Money back
      </Title>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {refunds.map((refund) => (
          <li key={refund.id} data-testid="refund">
            <Group justify="space-between" wrap="nowrap" gap="md">
              <Text size="sm" fw={600}>
                {refundWords(refund)}
              </Text>
              {isOfMoney(refund) && (
                <Text size="sm" fw={600} className="cw-numeric">
                  {formatMoney(refund.amount)}
                </Text>
              )}
            </Group>
            <Text size="sm">{whatOf(refund, titles)}</Text>
            <Text size="xs" c="dimmed">
              {formatDateTime(refund.at)}
            </Text>
            {children
              ? children(refund)
              : refund.waitsFor && (
                  <Text size="xs" c="orange">
                    {WAITING[refund.waitsFor]}
                  </Text>
                )}
          </li>
        ))}
      </Stack>
    </Paper>
  );
}

/** What its buyer is told of money that is not there yet. */
const WAITING = {
  buyer: 'The payment provider asks you by mail where to send it.',
  bank: 'It came back from your bank, and is on its way again.',
} as const satisfies Record<NonNullable<Refund['waitsFor']>, string>;

const titlesOf = (order: Order) => new Map(order.lines.map(({ lineId, product }) => [lineId, product.title]));

function whatOf({ parts }: Refund, titles: ReadonlyMap<string, string>): string {
  if (!parts) return '';
  const pieces = parts.lines.flatMap(({ lineId, quantity }) =>
    quantity > 0 ? `${quantity} × ${titles.get(lineId) ?? ''}` : [],
  );
  return [...pieces, ...(parts.shipping ? ['Shipping'] : [])].join(', ');
}
