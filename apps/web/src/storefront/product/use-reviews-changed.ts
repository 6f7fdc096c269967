import { useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';

/** Reads reviews anew, and the products whose stars they are. */
export function useReviewsChanged(): () => Promise<void> {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.reviews.pathFilter()),
      queryClient.invalidateQueries(trpc.catalog.products.pathFilter()),
    ]);
  };
}
