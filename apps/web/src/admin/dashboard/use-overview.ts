import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import type { Period } from './period.ts';

/** The sums of a period, with those of the one that it is compared with. Looked at again now and then unless it is `live`. */
export function useOverview({ from, to, compareTo }: Period, live: boolean) {
  return useQuery(
    useTrpc().admin.analytics.overview.queryOptions(
      { from, to, ...(compareTo ? { compareTo } : {}) },
      { placeholderData: keepPreviousData, staleTime: 5_000, refetchInterval: live ? false : 15_000 },
    ),
  );
}
