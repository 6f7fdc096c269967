import { skipToken, useQuery } from '@tanstack/react-query';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import type { AddressInput } from './address-form.ts';

/** The address the buyer keeps for shipping, else that of the latest order. A failure to read it only means an empty form,
 * which guests have as well. */
export function useLastAddress(): { isLoading: boolean; address: AddressInput | undefined } {
  const trpc = useTrpc();
  const isGuest = useSession() === null;
  const saved = useQuery(trpc.account.addresses.list.queryOptions(isGuest ? skipToken : undefined));
  const kept = saved.data?.items.find(({ defaultFor }) => defaultFor.includes('shipping'))?.address;
  const latest = useQuery(trpc.orders.list.queryOptions(isGuest ? skipToken : { limit: 1 }));
  const orderId = latest.data?.items[0]?.id;
  const order = useQuery(trpc.orders.byId.queryOptions(orderId === undefined ? skipToken : { orderId }));
  const isLoading = saved.isLoading || (!kept && (latest.isLoading || order.isLoading));
  return { isLoading, address: kept ?? order.data?.shippingAddress };
}
