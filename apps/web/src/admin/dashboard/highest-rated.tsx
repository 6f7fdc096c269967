import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { Stars } from '../../ui/stars.tsx';
import { Panel } from './panel.tsx';
import { ProductTable } from './product-table.tsx';

/** What is liked best by now, whatever the period. */
export function HighestRated() {
  const rated = useQuery(
    useTrpc().admin.analytics.highestRated.queryOptions({ limit: 8 }, { staleTime: 5_000, refetchInterval: 60_000 }),
  );
  const items = rated.data?.items ?? [];
  return (
    <Panel title="Highest rated" query={rated} empty={items.length === 0 && 'No reviews yet.'}>
      <ProductTable
        items={items}
        keyOf={({ productId }) => productId}
        columns={[{ title: 'Rating', cell: ({ rating }) => <Stars average={rating.average} count={rating.count} /> }]}
      />
    </Panel>
  );
}
