import { Button, Center, Drawer, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { activeFilters, withoutFilters } from '../../lib/product-filters.ts';
import type { FilterChange, ProductFilters, SearchSort } from '../../lib/product-filters.ts';
import { compact } from '../../lib/search-params.ts';
import { ErrorState, InlineError } from '../../ui/states.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-grid.tsx';
import { ActiveFilters } from './active-filters.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { NothingFound } from './nothing-found.tsx';
import { SortSelect } from './sort-select.tsx';
import type { Listing } from './use-listing.ts';
import classes from './listing.module.css';

interface ListingViewProps<Sort extends SearchSort> {
  listing: Listing;
  search: ProductFilters & { sort?: Sort };
  sort: Sort;
  sorts: readonly Sort[];
  /** Of the page or of the filters. */
  category: string | undefined;
  withBrands?: boolean;
  emptyTitle: string;
  /** What is listed was looked for by words. */
  isSearch?: boolean;
  /** Puts other filters and another order into the address. */
  onSearch: (search: ProductFilters & { sort?: Sort }) => void;
  onCategory: (slug: string | undefined) => void;
}

/** Filters beside (or, on phones, in a drawer over) a grid of products that grows by "Show more". */
export function ListingView<Sort extends SearchSort>(props: ListingViewProps<Sort>) {
  const {
    listing,
    search,
    sort,
    sorts,
    category,
    withBrands = true,
    isSearch = false,
    emptyTitle,
    onSearch,
    onCategory,
  } = props;
  const [drawer, { open, close }] = useDisclosure(false);
  const active = activeFilters(search);
  const change = (changed: Partial<FilterChange>): void =>
    onSearch(compact({ ...search, ...changed }) as typeof search);
  const clear = (): void => onSearch(withoutFilters(search) as typeof search);
  const panel = (
    <FilterPanel
      {...{ category, withBrands, onCategory }}
      filters={search}
      facets={listing.facets}
      active={active.length}
      onChange={change}
      onClear={clear}
    />
  );
  const { products } = listing;

  return (
    <div className={classes['columns']}>
      <aside className={classes['side']} aria-label="Filters">
        {panel}
      </aside>
      <Stack gap="lg" miw={0}>
        <Group justify="space-between" wrap="nowrap">
          <Button
            variant="default"
            hiddenFrom="md"
            onClick={open}
            leftSection={<IconAdjustmentsHorizontal size={17} />}
            aria-haspopup="dialog"
          >
            Filters{active.length > 0 && ` (${active.length})`}
          </Button>
          <Text size="sm" c="dimmed" visibleFrom="md" role="status">
            {countText(listing)}
          </Text>
          <SortSelect value={sort} sorts={sorts} onChange={(next) => onSearch({ ...search, sort: next })} />
        </Group>
        {products?.length !== 0 && <ActiveFilters active={active} onChange={change} onClear={clear} />}
        {products === undefined && listing.error ? (
          <ErrorState error={listing.error} onRetry={listing.refetch} />
        ) : products === undefined ? (
          <ProductGridSkeleton columns={3} count={9} />
        ) : products.length === 0 ? (
          <NothingFound {...{ active, isSearch }} title={emptyTitle} onChange={change} onClear={clear} />
        ) : (
          <div
            style={{
              opacity: listing.isFetching && !listing.isFetchingNextPage ? 0.6 : 1,
              transition: 'opacity 150ms',
            }}
          >
            <ProductGrid products={products} columns={3} />
          </div>
        )}
        {listing.hasNextPage && (
          <Center>
            <Stack align="center" gap="xs" pt="md">
              <Button variant="default" size="md" loading={listing.isFetchingNextPage} onClick={listing.fetchNextPage}>
                Show more
              </Button>
              {products !== undefined && <InlineError error={listing.error} />}
            </Stack>
          </Center>
        )}
      </Stack>
      <Drawer opened={drawer} onClose={close} title="Filters" size={340} hiddenFrom="md">
        <Stack>
          {panel}
          <Button className={classes['done']} onClick={close}>
            Show {listing.total ?? ''} results
          </Button>
        </Stack>
      </Drawer>
    </div>
  );
}

const countText = ({ total }: Listing): string =>
  total === undefined ? ' ' : `${total} ${total === 1 ? 'product' : 'products'}`;
