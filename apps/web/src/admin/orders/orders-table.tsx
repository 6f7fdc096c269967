import { Badge, Checkbox, Table, Text } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';
import { formatDateTime } from '../../lib/dates.ts';
import { FULFILLMENT_WORDS, PAYMENT_WORDS } from '../../lib/order-words.ts';
import { TextLink } from '../../ui/links.tsx';
import { OrderBadge } from '../../ui/order-badge.tsx';

type Summary = RouterOutputs['admin']['orders']['list']['items'][number];

interface OrdersTableProps {
  orders: readonly Summary[];
  /** Ids of those that something is to be done with. */
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
}

/** Orders as rows; the number leads to the order. */
export function OrdersTable({ orders, selected, onSelect }: OrdersTableProps) {
  const count = orders.filter(({ id }) => selected.has(id)).length;
  const toggle = (id: string) => {
    const rest = new Set(selected);
    if (!rest.delete(id)) rest.add(id);
    onSelect(rest);
  };
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="sm" miw={800} aria-label="Orders">
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
          <Table.Th>Placed</Table.Th>
          <Table.Th>Customer</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Payment</Table.Th>
          <Table.Th>Parcel</Table.Th>
          <Table.Th ta="right">Items</Table.Th>
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
            <Table.Td>
              <TextLink
                to="/admin/orders/$orderId"
                params={{ orderId: order.id }}
                size="sm"
                fw={600}
                style={{ whiteSpace: 'nowrap' }}
              >
                {order.number}
              </TextLink>
            </Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatDateTime(order.createdAt)}</Table.Td>
            <Table.Td maw={150}>
              <Text size="sm" truncate title={order.email}>
                {order.email}
              </Text>
            </Table.Td>
            <Table.Td>
              <OrderBadge order={order} size="sm" />
              {order.returnRequested && (
                <Badge color="clay" variant="light" size="sm" mt={4} display="block">
                  Return requested
                </Badge>
              )}
            </Table.Td>
            <Table.Td>{PAYMENT_WORDS[order.paymentStatus]}</Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{FULFILLMENT_WORDS[order.fulfillmentStatus]}</Table.Td>
            <Table.Td ta="right">{order.itemCount}</Table.Td>
            <Table.Td ta="right" fw={600}>
              {formatMoney(order.total)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
