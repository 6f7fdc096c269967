import { Button, Group, Stack } from '@mantine/core';
import { IconInboxOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTrpc } from '../app/shop-context.tsx';
import { belongsOnTop } from '../lib/order-activity.ts';
import { orderListInput } from '../lib/order-list-input.ts';
import { compact } from '../lib/search-params.ts';
import { LiveBadge } from '../ui/live-badge.tsx';
import { Page } from '../ui/page.tsx';
import { NothingHere } from '../ui/states.tsx';
import { NewsButton } from './news-button.tsx';
import { BulkSteps } from './orders/bulk-steps.tsx';
import { OrderExport } from './orders/order-export.tsx';
import { OrderFilters } from './orders/order-filters.tsx';
import type { OrderSearch } from './orders/order-filters.tsx';
import { OrdersTable } from './orders/orders-table.tsx';
import { PagedList, TableFrame } from './paged-list.tsx';
import { Quarantine } from './quarantine.tsx';
import { useCursorPages } from './use-cursor-pages.ts';
import { useOrderActivity } from './order-activity.tsx';

const HERE = '/admin/orders';
const route = getRouteApi(HERE);

/** So many are counted; the words for more are the same. */
const NEWS_MAX = 100;
/** How often the list is read again while it isn't live. */
const FALLBACK_MS = 15_000;

/** Every order of the shop, to filter and to find. States change in place; new orders wait for a click. */
export function AdminOrdersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const filterKey = JSON.stringify(search);
  const pages = useCursorPages(filterKey);
  const [selected, select] = useSelection(`${filterKey} ${pages.page}`);
  const news = useNewOrders(search, filterKey);
  const orders = useQuery(
    trpc.admin.orders.list.queryOptions(
      {
        ...orderListInput(search),
        ...compact({ cursor: pages.cursor }),
        limit: 20,
      },
      { placeholderData: keepPreviousData, staleTime: 0, refetchInterval: news.live ? false : FALLBACK_MS },
    ),
  );
  const router = useRouter();
  const setSearch = (change: { [K in keyof OrderSearch]: OrderSearch[K] | undefined }) => {
    // A search that was typed just before following a link must not lead back from it.
    if (router.latestLocation.pathname !== HERE) return;
    void navigate({ search: compact({ ...search, ...change }), replace: true });
  };
  const shown = orders.data?.items ?? [];
  const filtered = Object.keys(search).length > 0;

  return (
    <Page
      title="Orders"
      actions={
        <Group gap="sm">
          <OrderExport key={filterKey} filters={orderListInput(search)} />
          <LiveBadge live={news.live} />
        </Group>
      }
    >
      <Stack gap="md">
        <Quarantine />
        <OrderFilters search={search} onChange={setSearch} />
        <BulkSteps
          selected={shown.filter(({ id }) => selected.has(id))}
          onDeselect={(ids) => select(new Set([...selected].filter((id) => !ids.includes(id))))}
        />
        <PagedList list={orders} pages={pages} loading="Loading orders">
          <div>
            <NewsButton
              count={news.ids.filter((id) => !shown.some((order) => order.id === id)).length}
              onClick={() => {
                news.clear();
                pages.first();
                void queryClient.invalidateQueries(trpc.admin.orders.list.pathFilter());
              }}
            />
            {shown.length === 0 ? (
              <NothingHere
                icon={<IconInboxOff size={44} stroke={1.3} />}
                title={filtered ? 'No order matches' : 'No orders yet'}
                description={filtered ? 'Try other filters.' : 'They will be told of here as they come in.'}
              >
                {filtered && <Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>}
              </NothingHere>
            ) : (
              <TableFrame list={orders}>
                <OrdersTable orders={shown} selected={selected} onSelect={select} />
              </TableFrame>
            )}
          </div>
        </PagedList>
      </Stack>
    </Page>
  );
}

/** Which rows are selected; none on another page, or with other filters. */
function useSelection(key: string): [ReadonlySet<string>, (ids: ReadonlySet<string>) => void] {
  const [chosen, setChosen] = useState<{ key: string; ids: ReadonlySet<string> }>({ key, ids: new Set() });
  return [chosen.key === key ? chosen.ids : new Set(), (ids) => setChosen({ key, ids })];
}

/** The orders that came to belong on top of the list since the page opened, or the list was last asked for. */
function useNewOrders(filters: OrderSearch, key: string) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [news, setNews] = useState<{ key: string; ids: ReadonlySet<string> }>({ key, ids: new Set() });
  const live = useOrderActivity({
    onActivity: (activity) => {
      if (!belongsOnTop(activity, filters)) return;
      const { orderId } = activity;
      setNews(({ key: before, ids }) => {
        const known = before === key ? [...ids] : [];
        return { key, ids: new Set(known.length < NEWS_MAX ? [...known, orderId] : known) };
      });
    },
    onGap: () => {
      setNews({ key, ids: new Set() });
      void queryClient.invalidateQueries(trpc.admin.orders.list.pathFilter());
    },
  });
  return {
    live,
    ids: news.key === key ? [...news.ids] : [],
    clear: () => setNews({ key, ids: new Set() }),
  };
}
