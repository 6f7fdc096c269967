import { Group, Select, Stack } from '@mantine/core';
import { IconPackageOff, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { SearchField } from '../search-field.tsx';
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
    <Page
      title="Products"
      actions={
        <Group gap="sm">
          <ButtonLink to="/admin/products/files" variant="default">
            Import & export
          </ButtonLink>
          <ButtonLink to="/admin/products/new" leftSection={<IconPlus size={17} />}>
            New product
          </ButtonLink>
        </Group>
      }
    >
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label="Filter the products">
          <SearchField
            key={q === undefined ? 'empty' : 'typed'}
            label="Title, brand, category or SKU"
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
        <PagedList list={products} pages={pages} loading="Loading products">
          {items.length === 0 ? (
            <NothingHere
              icon={<IconPackageOff size={44} stroke={1.3} />}
              title="No product matches"
              description="Try other words or another view."
            />
          ) : (
            <TableFrame list={products}>
              <ProductsTable products={items} />
            </TableFrame>
          )}
        </PagedList>
      </Stack>
    </Page>
  );
}
