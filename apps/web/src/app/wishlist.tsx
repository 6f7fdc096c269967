import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useState } from 'react';
import type { ReactNode } from 'react';
import { createIdBatches } from '../lib/id-batches.ts';
import { notifyError } from './hooks.ts';
import { useSession, useShop, useTrpc } from './shop-context.tsx';

const WishesContext = createContext<((productId: string) => Promise<boolean>) | null>(null);

/** Asks for all hearts on the page together. */
export function WishlistProvider({ children }: { children: ReactNode }) {
  const { wishlist } = useShop().api;
  const [isWished] = useState(() =>
    createIdBatches({
      max: 100,
      find: async (productIds) => (await wishlist.contains.query({ productIds })).productIds,
    }),
  );
  return <WishesContext value={isWished}>{children}</WishesContext>;
}

/** Whether a product is on the wishlist, and how to change that; shown at once, taken back when it is refused. */
export function useWish(productId: string): { wished: boolean; toggle: () => void } {
  const isWished = useContext(WishesContext);
  if (!isWished) throw new Error('Hearts need a WishlistProvider above');
  const session = useSession();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const queryKey = [...trpc.wishlist.contains.queryKey(), productId];
  const { data: wished = false } = useQuery({
    queryKey,
    queryFn: () => isWished(productId),
    enabled: session !== null,
    staleTime: 60_000,
  });

  // Clicks on one heart go one after another, so that the last one counts.
  const options = {
    scope: { id: `wish-${productId}` },
    onError: (error: unknown) => {
      notifyError(error);
      void queryClient.invalidateQueries({ queryKey });
    },
    onSuccess: () => queryClient.invalidateQueries(trpc.wishlist.list.pathFilter()),
  };
  const add = useMutation(trpc.wishlist.add.mutationOptions(options));
  const remove = useMutation(trpc.wishlist.remove.mutationOptions(options));
  return {
    wished,
    toggle: () => {
      void queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, !wished);
      (wished ? remove : add).mutate({ productId });
    },
  };
}
