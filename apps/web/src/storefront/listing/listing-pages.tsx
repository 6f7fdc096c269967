import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCategoryTree } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { categoryPath } from '../../lib/category-path.ts';
import { reasonOf } from '../../lib/errors.ts';
import { PRODUCT_SORTS, toApiFilters } from '../../lib/product-filters.ts';
import type { ListingSearch } from '../../lib/product-filters.ts';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Trail } from '../../ui/trail.tsx';
import { ListingView } from './listing-view.tsx';
import { useListing } from './use-listing.ts';
import classes from './listing.module.css';

const allRoute = getRouteApi('/storefront/products');
const categoryRoute = getRouteApi('/storefront/c/$slug');
const brandRoute = getRouteApi('/storefront/b/$slug');

/** Everything the shop sells. */
export function AllProductsPage() {
  const search = allRoute.useSearch();
  const navigate = allRoute.useNavigate();
  const goTo = useGoToCategory(search);
  return (
    <Page title="All products">
      <ProductListing
        search={search}
        onSearch={(next) => void navigate({ search: next, resetScroll: false })}
        onCategory={goTo}
      />
    </Page>
  );
}

/** One category with all below it. */
export function CategoryPage() {
  const { slug } = categoryRoute.useParams();
  const search = categoryRoute.useSearch();
  const navigate = categoryRoute.useNavigate();
  const goTo = useGoToCategory(search);
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
          onCategory={goTo}
        />
      </Stack>
    </Page>
  );
}

/** What one brand makes. */
export function BrandPage() {
  const { slug } = brandRoute.useParams();
  const search = brandRoute.useSearch();
  const navigate = brandRoute.useNavigate();
  const trpc = useTrpc();
  const brand = useQuery(trpc.catalog.brands.bySlug.queryOptions({ slug }, { staleTime: 300_000 }));

  if (brand.isError) {
    if (reasonOf(brand.error) === 'NOT_FOUND') {
      return <NotFoundPage title="There is no such brand" description="This brand is gone, or never was." />;
    }
    return (
      <Page title="Brand" heading={null}>
        <ErrorState error={brand.error} onRetry={() => void brand.refetch()} />
      </Page>
    );
  }
  const show = (next: ListingSearch): void => void navigate({ search: next, resetScroll: false });
  return (
    <Page
      title={brand.data?.name ?? 'Brand'}
      heading={brand.data?.name ?? <Skeleton h={38} w={260} />}
      breadcrumbs={<Trail steps={[]} current={brand.data?.name ?? ' '} />}
    >
      <ProductListing
        brand={slug}
        category={search.category}
        search={search}
        onSearch={show}
        onCategory={(category) => {
          const { category: _former, ...rest } = search;
          show(category === undefined ? rest : { ...rest, category });
        }}
      />
    </Page>
  );
}

/** Goes to the page of a category, or of all products, and takes filters and order along. */
function useGoToCategory(search: ListingSearch): (slug: string | undefined) => void {
  const navigate = useNavigate();
  return (slug) =>
    void (slug === undefined
      ? navigate({ to: '/products', search, resetScroll: false })
      : navigate({ to: '/c/$slug', params: { slug }, search, resetScroll: false }));
}

interface ProductListingProps {
  category?: string | undefined;
  brand?: string;
  search: ListingSearch;
  onSearch: (search: ListingSearch) => void;
  onCategory: (slug: string | undefined) => void;
}

function ProductListing({ category, brand, search, onSearch, onCategory }: ProductListingProps) {
  const sort = search.sort ?? 'newest';
  const page = { ...(category === undefined ? {} : { category }), ...(brand === undefined ? {} : { brand }) };
  const listing = useListing({ query: '', ...toApiFilters(search), ...page, sort });
  return (
    <ListingView
      {...{ listing, search, sort, category, onSearch, onCategory }}
      sorts={PRODUCT_SORTS}
      withBrands={brand === undefined}
      emptyTitle="Nothing on this shelf"
    />
  );
}
