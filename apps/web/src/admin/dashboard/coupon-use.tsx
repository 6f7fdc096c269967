import { Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatCount, inCurrency } from '../../lib/figures.ts';
import { formatMoney } from '../../lib/money.ts';
import { Panel } from './panel.tsx';
import type { Period } from './period.ts';

/** Which coupons orders of the period were paid with, what that took off, and what they brought. */
export function CouponUse({ period: { from, to }, currency }: { period: Period; currency?: string | undefined }) {
  const use = useQuery(
    useTrpc().admin.analytics.couponUse.queryOptions(
      { from, to, limit: 8 },
      { placeholderData: keepPreviousData, staleTime: 5_000 },
    ),
  );
  const items = (use.data && inCurrency(use.data.byCurrency, currency)?.items) ?? [];
  return (
    <Panel title="Coupons" query={use} empty={items.length === 0 && 'No coupon was used in this period.'}>
      <Table verticalSpacing="xs" horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Coupon</Table.Th>
            <Table.Th ta="right">Uses</Table.Th>
            <Table.Th ta="right">Discount</Table.Th>
            <Table.Th ta="right">Net sales</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="cw-numeric">
          {items.map(({ couponId, code, uses, discount, netSales }) => (
            <Table.Tr key={couponId}>
              <Table.Td>
                {/* No link: coupons that expired long ago are gone, and their figures stay. */}
                <Text size="sm" fw={550}>
                  {code}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Text size="sm">{formatCount(uses)}</Text>
              </Table.Td>
              <Table.Td ta="right">
                <Text size="sm">{formatMoney(discount)}</Text>
              </Table.Td>
              <Table.Td ta="right">
                <Text size="sm">{formatMoney(netSales)}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
