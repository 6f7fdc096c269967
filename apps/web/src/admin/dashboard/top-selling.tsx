import { Progress } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { inCurrency } from '../../lib/figures.ts';
import { formatMoney } from '../../lib/money.ts';
import { Panel } from './panel.tsx';
import type { Period } from './period.ts';
import { ProductTable } from './product-table.tsx';

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
      <ProductTable
        items={items}
        keyOf={({ productId }) => productId}
        columns={[
          {
            ...{ title: 'Share', isExtra: true, width: '18%' },
            cell: ({ units }) => <Progress value={(units / most) * 100} size={7} color="pine.6" aria-hidden />,
          },
          { title: 'Units', align: 'right', cell: ({ units }) => units },
          { title: 'Sales', align: 'right', cell: ({ sales }) => formatMoney(sales) },
        ]}
      />
    </Panel>
  );
}
