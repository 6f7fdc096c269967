import { Group, Paper, Select, Skeleton, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPackageOff, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { Pager } from '../pager.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { ProductsTable } from './products-table.tsx';

const HERE = '/admin/products';
const route = getRouteApi(HERE);

const VIEWS = [
  { value: 'active', label: 'Active' },
  { value: 'draft', label: 'Drafts' },
  { value: 'archived', label: 'Archived' },
  { value: 'removed', label: 'Removed' },
] as const;

/** Every product of the shop: to find, publish, archive, remove and bring back, and its stock. */
export function AdminProductsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const router = useRouter();
  const pages = useCursorPages(JSON.stringify(search));
  const { show, q } = search;
  const products = useQuery(
    useTrpc().admin.products.list.queryOptions(
      {
        ...compact({ query: q, status: show === 'removed' ? undefined : show, cursor: pages.cursor }),
        deleted: show === 'removed',
        limit: 20,
      },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const items = products.data?.items ?? [];
  const setSearch = (change: { [K in keyof typeof search]: (typeof search)[K] | undefined }) => {
    // A search that was typed just before following a link must not lead back from it.
    if (router.latestLocation.pathname !== HERE) return;
    void navigate({ search: compact({ ...search, ...change }), replace: true });
  };
  return (
    <Page title="Products">
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label="Filter the products">
          <ProductSearch
            key={q === undefined ? 'empty' : 'typed'}
            initial={q ?? ''}
            onSearch={(text) => setSearch({ q: text })}
          />
          <Select
            aria-label="Which products"
            placeholder="All but removed"
            clearable
            w={170}
            data={[...VIEWS]}
            value={show ?? null}
            onChange={(value) => setSearch({ show: VIEWS.find((view) => view.value === value)?.value })}
          />
        </Group>
        {products.isPending && <Skeleton h={420} role="status" aria-label="Loading products" />}
        {products.isError && !products.data && (
          <ErrorState error={products.error} onRetry={() => void products.refetch()} />
        )}
        {products.data && items.length === 0 && (
          <NothingHere
            icon={<IconPackageOff size={44} stroke={1.3} />}
            title="No product matches"
            description="Try other words or another view."
          />
        )}
        {items.length > 0 && (
          <Paper style={{ opacity: products.isPlaceholderData ? 0.6 : 1, overflowX: 'auto' }}>
            <ProductsTable products={items} />
          </Paper>
        )}
        <Pager pages={pages} nextCursor={products.data?.nextCursor ?? null} busy={products.isPlaceholderData} />
      </Stack>
    </Page>
  );
}

function ProductSearch({ initial, onSearch }: { initial: string; onSearch: (query: string | undefined) => void }) {
  const [value, setValue] = useState(initial);
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 300);
  return (
    <TextInput
      type="search"
      aria-label="Title, brand, category or SKU"
      placeholder="Title, brand, category or SKU"
      leftSection={<IconSearch size={16} />}
      flex={1}
      miw={200}
      maw={380}
      maxLength={100}
      value={value}
      onChange={(event) => {
        setValue(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
