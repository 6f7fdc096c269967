import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { useShop, useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { toAddress } from './address-form.ts';
import type { AddressValues } from './address-form.ts';

export type PaymentMethod = NonNullable<RouterInputs['checkout']['quote']['paymentMethod']>;

export interface QuoteChoice {
  address: AddressValues;
  /** Of a guest: a coupon may depend on it. */
  email: string | undefined;
  shippingMethod: string | undefined;
  paymentMethod: PaymentMethod | undefined;
  /** A changed cart needs a new quote. */
  cartVersion: number;
}

/** The live price for a cart, address and methods; asked anew shortly after the last key stroke. */
export function useQuote(choice: QuoteChoice) {
  const shop = useShop();
  const trpc = useTrpc();
  const [address] = useDebouncedValue(choice.address, 350);
  const [email] = useDebouncedValue(choice.email, 350);
  const shippingAddress = toAddress(address);
  const input = shippingAddress && {
    shippingAddress,
    ...compact({ email, shippingMethod: choice.shippingMethod, paymentMethod: choice.paymentMethod }),
  };
  const queryKey = [...trpc.checkout.quote.queryKey(input ?? {}), choice.cartVersion];
  const quote = useQuery({
    queryKey,
    queryFn: input ? ({ signal }) => shop.api.checkout.quote.query(input, { signal }) : skipToken,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 60_000,
  });
  return {
    quote,
    queryKey,
    isComplete: toAddress(choice.address) !== null,
    isCurrent: choice.address === address && choice.email === email && !quote.isPlaceholderData,
  };
}
