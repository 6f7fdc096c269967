import { Skeleton, Stack } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useCategoryTree } from '../../app/hooks.ts';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { categoryPath } from '../../lib/category-path.ts';
import { reasonOf } from '../../lib/errors.ts';
import { PRODUCT_SORTS, toProductFilters, withoutFilters } from '../../lib/product-filters.ts';
import type { ListingSearch } from '../../lib/product-filters.ts';
import { compact } from '../../lib/search-params.ts';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Trail } from '../../ui/trail.tsx';
import { ListingView } from './listing-view.tsx';
import { toProductPages } from './product-pages.ts';
import classes from './listing.module.css';

const allRoute = getRouteApi('/storefront/products');
const categoryRoute = getRouteApi('/storefront/c/$slug');

/** Everything the shop sells. */
export function AllProductsPage() {
  const search = allRoute.useSearch();
  const navigate = allRoute.useNavigate();
  return (
    <Page title="All products">
      <ProductListing search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} />
    </Page>
  );
}

/** One category with all below it. */
export function CategoryPage() {
  const { slug } = categoryRoute.useParams();
  const search = categoryRoute.useSearch();
  const navigate = categoryRoute.useNavigate();
  const trpc = useTrpc();
  const category = useQuery(trpc.catalog.categories.bySlug.queryOptions({ slug }, { staleTime: 300_000 }));
  const { data: tree } = useCategoryTree();

  if (category.isError) {
    if (reasonOf(category.error) === 'NOT_FOUND') {
      return <NotFoundPage title="There is no such shelf" description="This category is gone, or never was." />;
    }
    return (
      <Page title="Category" heading={null}>
        <ErrorState error={category.error} onRetry={() => void category.refetch()} />
      </Page>
    );
  }
  const ancestors = category.data?.path.filter((step) => step.slug !== slug) ?? [];
  const children = categoryPath(tree?.items ?? [], slug).at(-1)?.children ?? [];
  return (
    <Page
      title={category.data?.name ?? 'Category'}
      heading={category.data?.name ?? <Skeleton h={38} w={260} />}
      breadcrumbs={<Trail steps={ancestors} current={category.data?.name ?? ' '} />}
    >
      <Stack gap="lg">
        {children.length > 0 && (
          <nav className={classes['chips']} aria-label="Subcategories">
            {children.map((child) => (
              <Link key={child.id} to="/c/$slug" params={{ slug: child.slug }} className={classes['chip']}>
                {child.name}
              </Link>
            ))}
          </nav>
        )}
        <ProductListing
          category={slug}
          search={search}
          onSearch={(next) => void navigate({ search: next, resetScroll: false })}
        />
      </Stack>
    </Page>
  );
}

interface ProductListingProps {
  category?: string;
  search: ListingSearch;
  onSearch: (search: ListingSearch) => void;
}

function ProductListing({ category, search, onSearch }: ProductListingProps) {
  const shop = useShop();
  const trpc = useTrpc();
  const sort = search.sort ?? 'newest';
  const input = { ...compact({ category }), ...toProductFilters(search), sort, limit: 24 };
  const products = useInfiniteQuery({
    ...pagesOptions(trpc.catalog.products.list.infiniteQueryKey(input), (page, options) =>
      shop.api.catalog.products.list.query({ ...input, ...page }, options),
    ),
    placeholderData: keepPreviousData,
  });
  return (
    <ListingView
      pages={toProductPages(products)}
      filters={search}
      sort={sort}
      sorts={PRODUCT_SORTS}
      onFilters={(change) => onSearch(compact({ ...search, ...change }))}
      onClear={() => onSearch(withoutFilters(search))}
      onSort={(next) => onSearch({ ...search, sort: next })}
      emptyTitle="Nothing on this shelf"
    />
  );
}
