import { Badge, NativeSelect, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { Pager } from '../pager.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { Panel } from './panel.tsx';
import { ProductTable } from './product-table.tsx';

const THRESHOLDS = [0, 5, 10, 20];

/** What runs low right now, whatever the period; each leads to where its stock is set. */
export function LowStock() {
  const [threshold, setThreshold] = useState(5);
  const pages = useCursorPages(String(threshold));
  const low = useQuery(
    useTrpc().admin.analytics.lowStock.queryOptions(
      { threshold, limit: 8, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) },
      { placeholderData: keepPreviousData, staleTime: 5_000, refetchInterval: 60_000 },
    ),
  );
  const items = low.data?.items ?? [];
  return (
    <Panel
      title="Low stock"
      query={low}
      empty={
        items.length === 0 && pages.page === 1 && low.data?.nextCursor === null && 'There is enough of everything.'
      }
      actions={
        <NativeSelect
          aria-label="How many are few"
          size="xs"
          value={String(threshold)}
          data={THRESHOLDS.map((value) => ({
            value: String(value),
            label: value === 0 ? 'Sold out' : `${value} or fewer`,
          }))}
          onChange={(event) => setThreshold(Number(event.currentTarget.value))}
        />
      }
    >
      <Stack>
        <ProductTable
          items={items}
          keyOf={({ variantId }) => variantId}
          detailOf={({ sku, options }) => [sku, ...Object.values(options)].join(' · ')}
          columns={[
            { title: 'Reserved', align: 'right', isExtra: true, cell: ({ reserved }) => reserved },
            {
              ...{ title: 'Left', align: 'right' },
              cell: ({ available }) => (
                <Badge variant="light" color={available === 0 ? 'red' : 'clay'}>
                  {available === 0 ? 'Sold out' : available}
                </Badge>
              ),
            },
          ]}
        />
        <Pager
          pages={pages}
          nextCursor={low.data?.nextCursor ?? null}
          busy={low.isPlaceholderData}
          words={{ previous: 'Back', next: 'More' }}
        />
      </Stack>
    </Panel>
  );
}
