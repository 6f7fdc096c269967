import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconInboxOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTrpc } from '../app/shop-context.tsx';
import { belongsOnTop } from '../lib/order-activity.ts';
import type { OrderFilters } from '../lib/order-activity.ts';
import { FULFILLMENT_WORDS, PAYMENT_WORDS } from '../lib/order-words.ts';
import { orderListInput } from '../lib/order-list-input.ts';
import { compact, dayParam } from '../lib/search-params.ts';
import { LiveBadge } from '../ui/live-badge.tsx';
import { Page } from '../ui/page.tsx';
import { NothingHere } from '../ui/states.tsx';
import { NewsButton } from './news-button.tsx';
import { OrdersTable } from './orders-table.tsx';
import { PagedList, TableFrame } from './paged-list.tsx';
import { Quarantine } from './quarantine.tsx';
import { SearchField } from './search-field.tsx';
import { useCursorPages } from './use-cursor-pages.ts';
import { useOrderActivity } from './use-order-activity.ts';

const HERE = '/admin/orders';
const route = getRouteApi(HERE);

const STATUSES = [
  { value: 'pending', label: 'Pending' },
  { value: 'paid', label: 'Paid' },
  { value: 'canceled', label: 'Canceled' },
] as const;
const PAYMENTS = (['unpaid', 'processing', 'paid', 'partially_refunded', 'refunded'] as const).map((value) => ({
  value,
  label: PAYMENT_WORDS[value],
}));

const PARCELS = (['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'] as const).map((value) => ({
  value,
  label: FULFILLMENT_WORDS[value],
}));

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
  const setSearch = (change: { [K in keyof typeof search]: (typeof search)[K] | undefined }) => {
    // A search that was typed just before following a link must not lead back from it.
    if (router.latestLocation.pathname !== HERE) return;
    void navigate({ search: compact({ ...search, ...change }), replace: true });
  };
  const shown = orders.data?.items ?? [];
  const filtered = Object.keys(search).length > 0;

  return (
    <Page title="Orders" actions={<LiveBadge live={news.live} />}>
      <Stack gap="md">
        <Quarantine />
        <Group gap="sm" role="search" aria-label="Filter the orders">
          <SearchField
            label="Order number or e-mail"
            key={search.q === undefined ? 'empty' : 'typed'}
            initial={search.q ?? ''}
            onSearch={(q) => setSearch({ q })}
          />
          <Select
            aria-label="Status"
            placeholder="Any status"
            clearable
            w={150}
            data={[...STATUSES]}
            value={search.status ?? null}
            onChange={(value) => setSearch({ status: STATUSES.find((status) => status.value === value)?.value })}
          />
          <Select
            aria-label="Payment"
            placeholder="Any payment"
            clearable
            w={170}
            data={[...PAYMENTS]}
            value={search.payment ?? null}
            onChange={(value) => setSearch({ payment: PAYMENTS.find((payment) => payment.value === value)?.value })}
          />
          <Select
            aria-label="Parcel"
            placeholder="Any parcel"
            clearable
            w={150}
            data={[...PARCELS]}
            value={search.parcel ?? null}
            onChange={(value) => setSearch({ parcel: PARCELS.find((parcel) => parcel.value === value)?.value })}
          />
          <Group gap="sm" wrap="nowrap">
            <TextInput
              type="date"
              aria-label="Placed from"
              max={search.to}
              value={search.from ?? ''}
              onChange={({ currentTarget }) => setSearch({ from: dayParam(currentTarget.value) })}
            />
            <TextInput
              type="date"
              aria-label="Placed until"
              min={search.from}
              value={search.to ?? ''}
              onChange={({ currentTarget }) => setSearch({ to: dayParam(currentTarget.value) })}
            />
          </Group>
        </Group>
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
                <OrdersTable orders={shown} />
              </TableFrame>
            )}
          </div>
        </PagedList>
      </Stack>
    </Page>
  );
}

/** The orders that came to belong on top of the list since the page opened, or the list was last asked for. */
function useNewOrders(filters: OrderFilters, key: string) {
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
