import { skipToken, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import type { AddressInput } from './address-form.ts';

/** The address of the buyer's latest order. A failure to read it only means an empty form. */
export function useLastAddress(): { isLoading: boolean; address: AddressInput | undefined } {
  const trpc = useTrpc();
  const latest = useQuery(trpc.orders.list.queryOptions({ limit: 1 }));
  const orderId = latest.data?.items[0]?.id;
  const order = useQuery(trpc.orders.byId.queryOptions(orderId === undefined ? skipToken : { orderId }));
  return { isLoading: latest.isLoading || order.isLoading, address: order.data?.shippingAddress };
}
