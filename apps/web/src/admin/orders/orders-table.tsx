import { Badge, Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';
import { formatBriefly, formatDateTime } from '../../lib/dates.ts';
import { FULFILLMENT_WORDS, PAYMENT_WORDS } from '../../lib/order-words.ts';
import { TextLink } from '../../ui/links.tsx';
import { OrderBadge } from '../../ui/order-badge.tsx';
import { useIsPhone } from '../../ui/use-is-phone.ts';
import { useTick } from '../../ui/use-tick.ts';

type Summary = RouterOutputs['admin']['orders']['list']['items'][number];

interface OrdersTableProps {
  orders: readonly Summary[];
  /** Ids of those that something is to be done with. */
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
}

/** Orders as rows; the number leads to the order. On a phone what the columns tell stands below it. */
export function OrdersTable({ orders, selected, onSelect }: OrdersTableProps) {
  const count = orders.filter(({ id }) => selected.has(id)).length;
  const now = useTick(60_000);
  const isPhone = useIsPhone();
  const toggle = (id: string) => {
    const rest = new Set(selected);
    if (!rest.delete(id)) rest.add(id);
    onSelect(rest);
  };
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="xs" miw={{ base: 0, sm: 800 }} aria-label="Orders">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox
              size="xs"
              aria-label="Select all orders of this page"
              checked={count === orders.length}
              indeterminate={count > 0 && count < orders.length}
              onChange={() => onSelect(new Set(count === orders.length ? [] : orders.map(({ id }) => id)))}
            />
          </Table.Th>
          <Table.Th>Order</Table.Th>
          <Table.Th visibleFrom="sm">Placed</Table.Th>
          <Table.Th visibleFrom="sm">Customer</Table.Th>
          <Table.Th visibleFrom="sm">State</Table.Th>
          <Table.Th visibleFrom="sm">Payment</Table.Th>
          <Table.Th visibleFrom="sm">Parcel</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Items
          </Table.Th>
          <Table.Th ta="right">Total</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cw-numeric">
        {orders.map((order) => (
          <Table.Tr key={order.id} data-testid="admin-order">
            <Table.Td>
              <Checkbox
                size="xs"
                aria-label={`Select ${order.number}`}
                checked={selected.has(order.id)}
                onChange={() => toggle(order.id)}
              />
            </Table.Td>
            <Table.Td maw={{ base: 0, sm: 'none' }} w={{ base: '100%', sm: 'auto' }}>
              <TextLink
                to="/admin/orders/$orderId"
                params={{ orderId: order.id }}
                size="sm"
                fw={600}
                style={{ whiteSpace: 'nowrap' }}
              >
                {order.number}
              </TextLink>
              {isPhone && (
                <Stack gap={4}>
                  <Text size="xs" c="dimmed" truncate>
                    {order.email}
                  </Text>
                  <Group gap="xs" style={{ rowGap: 2 }}>
                    <States order={order} />
                    <Text size="xs" c="dimmed">
                      {formatBriefly(order.createdAt, now)}
                    </Text>
                  </Group>
                </Stack>
              )}
            </Table.Td>
            <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }} title={formatDateTime(order.createdAt)}>
              {formatBriefly(order.createdAt, now)}
            </Table.Td>
            <Table.Td maw={170} visibleFrom="sm">
              <Text size="sm" truncate title={order.email}>
                {order.email}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Stack gap={4} align="flex-start">
                <States order={order} />
              </Stack>
            </Table.Td>
            <Table.Td visibleFrom="sm">{PAYMENT_WORDS[order.paymentStatus]}</Table.Td>
            <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
              {FULFILLMENT_WORDS[order.fulfillmentStatus]}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {order.itemCount}
            </Table.Td>
            <Table.Td ta="right" fw={600}>
              {formatMoney(order.total)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function States({ order }: { order: Summary }) {
  return (
    <>
      <OrderBadge order={order} size="sm" />
      {order.returnRequested && (
        <Badge color="clay" variant="light" size="sm">
          Return requested
        </Badge>
      )}
    </>
  );
}
