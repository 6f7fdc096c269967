import { getRouteApi } from '@tanstack/react-router';
import { PRODUCT_SORTS, toApiFilters } from '../../lib/product-filters.ts';
import { compact } from '../../lib/search-params.ts';
import { Page } from '../../ui/page.tsx';
import { ListingView } from './listing-view.tsx';
import { useListing } from './use-listing.ts';

const route = getRouteApi('/storefront/search');
const SORTS = ['relevance', ...PRODUCT_SORTS] as const;

/** What was found for the words in the address. */
export function SearchPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = search.q ?? '';
  const sort = search.sort ?? 'relevance';
  const listing = useListing({ query, ...toApiFilters(search), sort });
  return (
    <Page
      title={query === '' ? 'Search' : `Results for “${query}”`}
      description={query === '' && 'Type what you are looking for.'}
    >
      <ListingView
        {...{ listing, search, sort }}
        sorts={SORTS}
        isSearch={query !== ''}
        category={search.category}
        onSearch={(next) => void navigate({ search: compact({ q: search.q, ...next }), resetScroll: false })}
        onCategory={(category) => void navigate({ search: compact({ ...search, category }), resetScroll: false })}
        emptyTitle={query === '' ? 'Nothing here yet' : `Nothing found for “${query}”`}
      />
    </Page>
  );
}
