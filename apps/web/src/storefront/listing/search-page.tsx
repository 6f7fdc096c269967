import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { PRODUCT_SORTS, toProductFilters, withoutFilters } from '../../lib/product-filters.ts';
import { compact } from '../../lib/search-params.ts';
import { Page } from '../../ui/page.tsx';
import { ListingView } from './listing-view.tsx';
import { toProductPages } from './product-pages.ts';

const route = getRouteApi('/storefront/search');
const SORTS = ['relevance', ...PRODUCT_SORTS] as const;

/** What was found for the words in the address. */
export function SearchPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const shop = useShop();
  const trpc = useTrpc();
  const query = search.q ?? '';
  const sort = search.sort ?? 'relevance';
  const input = { query, ...toProductFilters(search), sort, limit: 24 };
  const products = useInfiniteQuery({
    ...pagesOptions(trpc.search.products.infiniteQueryKey(input), (page, options) =>
      shop.api.search.products.query({ ...input, ...page }, options),
    ),
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title={query === '' ? 'Search' : `Results for “${query}”`}
      description={query === '' && 'Type what you are looking for.'}
    >
      <ListingView
        pages={toProductPages(products)}
        filters={search}
        sort={sort}
        sorts={SORTS}
        onFilters={(change) => void navigate({ search: compact({ ...search, ...change }), resetScroll: false })}
        onClear={() => void navigate({ search: withoutFilters(search), resetScroll: false })}
        onSort={(next) => void navigate({ search: { ...search, sort: next }, resetScroll: false })}
        emptyTitle={query === '' ? 'Nothing here yet' : `Nothing found for “${query}”`}
      />
    </Page>
  );
}
