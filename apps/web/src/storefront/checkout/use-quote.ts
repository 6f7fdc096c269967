import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { toAddress } from './address-form.ts';
import type { AddressValues } from './address-form.ts';

export type PaymentMethod = NonNullable<RouterInputs['checkout']['quote']['paymentMethod']>;

export interface QuoteChoice {
  address: AddressValues;
  shippingMethod: string | undefined;
  paymentMethod: PaymentMethod | undefined;
  /** A cart changed elsewhere needs a new quote. */
  cartVersion: number;
}

/** The live price for an address and methods; asked anew shortly after the last key stroke. */
export function useQuote(choice: QuoteChoice) {
  const trpc = useTrpc();
  const [address] = useDebouncedValue(choice.address, 350);
  const shippingAddress = toAddress(address);
  const input =
    shippingAddress === null
      ? skipToken
      : { shippingAddress, ...compact({ shippingMethod: choice.shippingMethod, paymentMethod: choice.paymentMethod }) };
  const options = trpc.checkout.quote.queryOptions(input, {
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 60_000,
  });
  const quote = useQuery(options);
  return {
    quote,
    queryKey: options.queryKey,
    isComplete: toAddress(choice.address) !== null,
    isCurrent: choice.address === address,
  };
}
