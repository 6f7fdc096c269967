import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { isRefusal } from '../../lib/errors.ts';
import { returnUrls } from '../../lib/return-urls.ts';
import { compact } from '../../lib/search-params.ts';
import type { AddressInput } from './address-form.ts';

export type Quote = RouterOutputs['checkout']['quote'];

interface Intent {
  shippingAddress: AddressInput;
  quote: Quote;
  note: string | undefined;
  /** Of a guest. */
  email: string | undefined;
}

/**
 * Places the order and goes on to the payment. One key per intent: a double click or a repeat after a lost answer makes
 * no second order, while another address, method or price is a new intent.
 */
export function usePlaceOrder(quoteKey: QueryKey) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const intent = useRef({ fingerprint: '', key: '' });
  const [agreed, setAgreed] = useState<Quote | null>(null);

  const keyFor = (fingerprint: string) => {
    if (intent.current.fingerprint !== fingerprint) intent.current = { fingerprint, key: newIdempotencyKey() };
    return intent.current.key;
  };

  const mutation = useMutation(
    trpc.orders.place.mutationOptions({
      onSuccess: async ({ order, payment }) => {
        queryClient.setQueryData(trpc.orders.byId.queryKey({ orderId: order.id }), order);
        // The order takes the checkout's place in the history: "back" from the payment page leads to it.
        await navigate({ to: '/orders/$orderId', params: { orderId: order.id }, replace: true });
        if (payment.url !== undefined) window.location.assign(payment.url);
        void queryClient.invalidateQueries(trpc.orders.list.pathFilter());
        void queryClient.invalidateQueries(trpc.cart.pathFilter());
      },
      onError: (error: unknown) => {
        // When nobody knows what became of it, the next click is the same intent.
        if (!isRefusal(error)) return;
        intent.current = { fingerprint: '', key: '' };
        // What the buyer was shown is not so any more: without a fresh look each click would be refused alike.
        void queryClient.invalidateQueries({ queryKey: quoteKey });
        void queryClient.invalidateQueries(trpc.cart.pathFilter());
      },
    }),
  );

  return {
    error: mutation.error as unknown,
    /** What the buyer agreed to with the last click: the price to compare a newer one with. */
    agreed,
    isPending: mutation.isPending,
    /** True from the answer until the browser has left for the payment page. */
    isLeaving: mutation.isSuccess,
    reset: mutation.reset,
    place({ shippingAddress, quote, note, email }: Intent) {
      setAgreed(quote);
      const input = {
        shippingAddress,
        shippingMethod: quote.shippingMethod,
        paymentMethod: quote.paymentMethod,
        quoteHash: quote.quoteHash,
        cartVersion: quote.cartVersion,
        ...compact({ note, email }),
        ...returnUrls(window.location.origin),
      };
      mutation.mutate({ ...input, idempotencyKey: keyFor(JSON.stringify(input)) });
    },
  };
}

export type Placing = ReturnType<typeof usePlaceOrder>;
