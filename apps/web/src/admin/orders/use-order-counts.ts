import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';

/** How often they are read again, should news of them be missed. */
const FALLBACK_MS = 60_000;

/** How many orders wait for an answer of the shop; none until they are known. */
export function useOrderCounts() {
  const trpc = useTrpc();
  const { data } = useQuery(
    trpc.admin.orders.counts.queryOptions(undefined, { staleTime: 0, refetchInterval: FALLBACK_MS }),
  );
  return { returnRequested: data?.returnRequested ?? 0 };
}
