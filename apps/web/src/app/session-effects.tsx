import { useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useSession, useTrpc } from './shop-context.tsx';

/** When another person (or nobody) is signed in: forgets what belonged to the one before and runs the page guards again. */
export function SessionEffects() {
  const session = useSession();
  const userId = session?.user.id ?? null;
  const before = useRef(userId);
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const router = useRouter();

  useEffect(() => {
    if (before.current === userId) return;
    before.current = userId;
    const { account, notifications, orders, admin, checkout, reviews, wishlist } = trpc;
    const branches = [account, notifications, orders, admin, checkout, wishlist, reviews.mine, reviews.eligibility];
    for (const branch of branches) {
      // Nobody is signed in: the guards lead away. Somebody else is: pages that stay read anew and show nothing till then.
      if (userId === null) queryClient.removeQueries(branch.pathFilter());
      else void queryClient.resetQueries(branch.pathFilter());
    }
    void queryClient.resetQueries(trpc.cart.pathFilter());
    void router.invalidate();
  }, [userId, queryClient, router, trpc]);

  return null;
}
