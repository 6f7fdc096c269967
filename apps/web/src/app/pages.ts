import { infiniteQueryOptions } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';

interface Page {
  nextCursor: string | null;
}

/**
 * A keyset list read page by page. Its key comes from the procedure, so the usual filters find it.
 */
export function pagesOptions<P extends Page>(
  queryKey: QueryKey,
  fetchPage: (page: { cursor?: string }, options: { signal: AbortSignal }) => Promise<P>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam === null ? {} : { cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
