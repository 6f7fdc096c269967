import { useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';

/** A change is in all answers within a second. */
const SETTLED_MS = 1_500;

/** Reads reviews anew, and the products whose stars they are: at once, and when no answer from before is given any more. */
export function useReviewsChanged(): () => Promise<void> {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const readAgain = async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.reviews.pathFilter()),
      queryClient.invalidateQueries(trpc.catalog.products.pathFilter()),
    ]);
  };
  return async () => {
    await readAgain();
    setTimeout(() => void readAgain(), SETTLED_MS);
  };
}
