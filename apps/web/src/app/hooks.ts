import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { wordsFor } from '../lib/reasons.ts';
import { useTrpc } from './shop-context.tsx';

/** What the shop says about itself; read once. */
export function useShopConfig() {
  return useQuery(useTrpc().system.config.queryOptions(undefined, { staleTime: Infinity }));
}

/** The category tree, kept for five minutes. */
export function useCategoryTree() {
  return useQuery(useTrpc().catalog.categories.tree.queryOptions(undefined, { staleTime: 300_000 }));
}

export function useCart() {
  return useQuery(useTrpc().cart.get.queryOptions());
}

/** Changes of the cart are sent one after another, in the order of the clicks: the last answer shows the last wish. */
export const CART_SCOPE = { scope: { id: 'cart' } } as const;

/** Puts a cart that a mutation answered with in place of the one on screen. */
export function useShowCart(): (cart: RouterOutputs['cart']['get']) => void {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return (cart) => queryClient.setQueryData(trpc.cart.get.queryKey(), cart);
}

/** Adds to the cart; a refusal is told in a notification. */
export function useAddToCart() {
  const trpc = useTrpc();
  const showCart = useShowCart();
  return useMutation(trpc.cart.addItem.mutationOptions({ ...CART_SCOPE, onSuccess: showCart, onError: notifyError }));
}

/** Signs out here. What belongs to the account leaves the screen when the session ends. */
export function useSignOut() {
  const trpc = useTrpc();
  return useMutation(trpc.auth.logout.mutationOptions({ onError: notifyError }));
}

/** Tells a failure that has no better place on the page. */
export function notifyError(error: unknown): void {
  notifications.show({ color: 'red', title: 'That didn’t work', message: wordsFor(error), autoClose: 6_000 });
}
