import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { Stars } from '../../ui/stars.tsx';
import { Panel } from './panel.tsx';
import { ProductCell } from './product-cell.tsx';

/** What is liked best by now, whatever the period. */
export function HighestRated() {
  const rated = useQuery(
    useTrpc().admin.analytics.highestRated.queryOptions({ limit: 8 }, { staleTime: 5_000, refetchInterval: 60_000 }),
  );
  const items = rated.data?.items ?? [];
  return (
    <Panel title="Highest rated" query={rated} empty={items.length === 0 && 'No reviews yet.'}>
      <Table verticalSpacing="xs" horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Product</Table.Th>
            <Table.Th>Rating</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="cw-numeric">
          {items.map((item) => (
            <Table.Tr key={item.productId}>
              <Table.Td>
                <ProductCell product={item} />
              </Table.Td>
              <Table.Td>
                <Stars average={item.rating.average} count={item.rating.count} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
