import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { pagesOptions } from '../../app/pages.ts';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import type { ProductCardData } from '../product-card.tsx';

/** How many products each further choice would leave. */
export type Facets = NonNullable<RouterOutputs['search']['products']['facets']>;

/** A list of products as far as it was read. */
export interface Listing {
  products: readonly ProductCardData[] | undefined;
  total: number | undefined;
  /** Undefined until they are known, null while nobody counts. */
  facets: Facets | null | undefined;
  error: unknown;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => void;
  refetch: () => void;
}

const PAGE = 24;

/**
 * Products by words (none: all) and filters, page by page, with their number and facets. While another choice is on its way
 * the former list stays; a product that moved between pages is shown once.
 */
export function useListing(query: Omit<RouterInputs['search']['products'], 'limit' | 'cursor'>): Listing {
  const shop = useShop();
  const trpc = useTrpc();
  const input = { ...query, limit: PAGE };
  const read = useInfiniteQuery({
    ...pagesOptions(trpc.search.products.infiniteQueryKey(input), (page, options) =>
      shop.api.search.products.query({ ...input, ...page }, options),
    ),
    placeholderData: keepPreviousData,
  });
  const seen = new Set<string>();
  const first = read.data?.pages[0];
  return {
    products: read.data?.pages
      .flatMap((page) => page.items)
      .filter((product) => !seen.has(product.id) && seen.add(product.id)),
    total: first?.total,
    facets: first?.facets,
    error: read.error,
    isFetching: read.isFetching,
    hasNextPage: read.hasNextPage,
    isFetchingNextPage: read.isFetchingNextPage,
    fetchNextPage: () => void read.fetchNextPage(),
    refetch: () => void read.refetch(),
  };
}
