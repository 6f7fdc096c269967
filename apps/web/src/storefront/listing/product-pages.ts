import type { ProductCardData } from '../product-card.tsx';
import type { ProductPages } from './listing-view.tsx';

interface InfiniteProducts {
  data: { pages: readonly { items: readonly ProductCardData[]; total?: number | undefined }[] } | undefined;
  error: unknown;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

/** One flat list out of the pages read so far; a product that moved between pages is shown once. */
export function toProductPages(query: InfiniteProducts): ProductPages {
  const seen = new Set<string>();
  const products = query.data?.pages
    .flatMap((page) => page.items)
    .filter((product) => !seen.has(product.id) && seen.add(product.id));
  return {
    products,
    total: query.data?.pages[0]?.total,
    error: query.error,
    isFetching: query.isFetching,
    hasNextPage: query.hasNextPage,
    isFetchingNextPage: query.isFetchingNextPage,
    fetchNextPage: () => void query.fetchNextPage(),
    refetch: () => void query.refetch(),
  };
}
