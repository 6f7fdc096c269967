import { Progress, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { inCurrency } from '../../lib/figures.ts';
import { formatMoney } from '../../lib/money.ts';
import { Panel } from './panel.tsx';
import type { Period } from './period.ts';
import { ProductCell } from './product-cell.tsx';

/** What sold best in a period, by units. */
export function TopSelling({ period: { from, to }, currency }: { period: Period; currency?: string | undefined }) {
  const top = useQuery(
    useTrpc().admin.analytics.topSelling.queryOptions(
      { from, to, limit: 8 },
      { placeholderData: keepPreviousData, staleTime: 5_000 },
    ),
  );
  const items = (top.data && inCurrency(top.data.byCurrency, currency)?.items) ?? [];
  const most = Math.max(1, ...items.map((item) => item.units));
  return (
    <Panel title="Top selling" query={top} empty={items.length === 0 && 'Nothing was sold in this period.'}>
      <Table verticalSpacing="xs" horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Product</Table.Th>
            <Table.Th visibleFrom="sm" w="18%">
              Share
            </Table.Th>
            <Table.Th ta="right">Units</Table.Th>
            <Table.Th ta="right">Sales</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="cw-numeric">
          {items.map((item) => (
            <Table.Tr key={item.productId}>
              <Table.Td>
                <ProductCell product={item} />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Progress value={(item.units / most) * 100} size={7} color="pine.6" aria-hidden />
              </Table.Td>
              <Table.Td ta="right">
                <Text size="sm">{item.units}</Text>
              </Table.Td>
              <Table.Td ta="right">
                <Text size="sm">{formatMoney(item.sales)}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
