import { Button, Center, Drawer, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconBoxOff } from '@tabler/icons-react';
import { countFilters } from '../../lib/product-filters.ts';
import type { ListingSearch, SearchSort } from '../../lib/product-filters.ts';
import { ErrorState, InlineError, NothingHere } from '../../ui/states.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-grid.tsx';
import type { ProductCardData } from '../product-card.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { SortSelect } from './sort-select.tsx';
import classes from './listing.module.css';

export type Filters = Omit<ListingSearch, 'sort'>;

/** What the view needs of an infinite query. */
export interface ProductPages {
  products: readonly ProductCardData[] | undefined;
  total: number | undefined;
  error: unknown;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => void;
  refetch: () => void;
}

interface ListingViewProps<Sort extends SearchSort> {
  pages: ProductPages;
  filters: Filters;
  sort: Sort;
  sorts: readonly Sort[];
  onFilters: (change: { [K in keyof Filters]: Filters[K] | undefined }) => void;
  onClear: () => void;
  onSort: (sort: Sort) => void;
  emptyTitle: string;
}

/** Filters beside (or, on phones, in a drawer over) a grid of products that grows by "Show more". */
export function ListingView<Sort extends SearchSort>(props: ListingViewProps<Sort>) {
  const { pages, filters, sort, sorts, onFilters, onClear, onSort, emptyTitle } = props;
  const [drawer, { open, close }] = useDisclosure(false);
  const active = countFilters(filters);
  const panel = <FilterPanel filters={filters} onChange={onFilters} onClear={onClear} active={active} />;
  const { products } = pages;

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
            Filters{active > 0 && ` (${active})`}
          </Button>
          <Text size="sm" c="dimmed" visibleFrom="md" role="status">
            {countText(pages)}
          </Text>
          <SortSelect value={sort} sorts={sorts} onChange={onSort} />
        </Group>
        {products === undefined && pages.error ? (
          <ErrorState error={pages.error} onRetry={pages.refetch} />
        ) : products === undefined ? (
          <ProductGridSkeleton columns={3} count={9} />
        ) : products.length === 0 ? (
          <NothingHere
            icon={<IconBoxOff size={44} stroke={1.3} />}
            title={emptyTitle}
            description={active > 0 ? 'Fewer filters may help.' : 'Have a look at another shelf.'}
          >
            {active > 0 && <Button onClick={onClear}>Clear all filters</Button>}
          </NothingHere>
        ) : (
          <div
            style={{ opacity: pages.isFetching && !pages.isFetchingNextPage ? 0.6 : 1, transition: 'opacity 150ms' }}
          >
            <ProductGrid products={products} columns={3} />
          </div>
        )}
        {pages.hasNextPage && (
          <Center>
            <Stack align="center" gap="xs" pt="md">
              <Button variant="default" size="md" loading={pages.isFetchingNextPage} onClick={pages.fetchNextPage}>
                Show more
              </Button>
              {products !== undefined && <InlineError error={pages.error} />}
            </Stack>
          </Center>
        )}
      </Stack>
      <Drawer opened={drawer} onClose={close} title="Filters" size={340} hiddenFrom="md">
        <Stack>
          {panel}
          <Button onClick={close}>Show {pages.total ?? ''} results</Button>
        </Stack>
      </Drawer>
    </div>
  );
}

function countText({ products, total, hasNextPage }: ProductPages): string {
  if (products === undefined) return ' ';
  const count = total ?? products.length;
  const more = total === undefined && hasNextPage ? '+' : '';
  return `${count}${more} ${count === 1 && more === '' ? 'product' : 'products'}`;
}
