import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTicket } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { CART_SCOPE, notifyError, useShowCart } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { wordsFor, wordsForReason } from '../../lib/reasons.ts';

type Coupon = RouterOutputs['cart']['get']['coupon'];

interface CouponFieldProps {
  coupon: Coupon;
  /** It takes something off the price that is shown; one for free shipping does only at checkout. */
  isCounted: boolean;
}

/** The cart's coupon, or the field to type one; a refusal says why. */
export function CouponField({ coupon, isCounted }: CouponFieldProps) {
  const trpc = useTrpc();
  const showCart = useShowCart();
  const [code, setCode] = useState('');
  const apply = useMutation(
    trpc.cart.applyCoupon.mutationOptions({
      ...CART_SCOPE,
      onSuccess: (cart) => {
        setCode('');
        showCart(cart);
      },
    }),
  );
  const remove = useMutation(
    trpc.cart.removeCoupon.mutationOptions({ ...CART_SCOPE, onSuccess: showCart, onError: notifyError }),
  );

  if (coupon) {
    return (
      <Stack gap={4}>
        <Group justify="space-between" bg={coupon.applied ? 'pine.0' : 'clay.0'} bdrs="md" px="sm" py={6} wrap="nowrap">
          <Group gap={8} wrap="nowrap">
            <IconTicket size={18} aria-hidden />
            <Text size="sm" fw={600}>
              {coupon.code}
            </Text>
          </Group>
          <CloseButton
            size="sm"
            aria-label={`Remove the code ${coupon.code}`}
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
          />
        </Group>
        {coupon.applied && !isCounted && (
          <Text size="sm" c="dimmed">
            It takes nothing off so far. A code for free shipping counts at the checkout.
          </Text>
        )}
        {!coupon.applied && (
          <Text size="sm" c="clay.7" role="alert">
            {wordsForReason(coupon.reason)}
          </Text>
        )}
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() !== '') apply.mutate({ code: code.trim() });
      }}
    >
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          value={code}
          onChange={(event) => {
            setCode(event.currentTarget.value);
            apply.reset();
          }}
          placeholder="Coupon code"
          aria-label="Coupon code"
          autoCapitalize="characters"
          autoComplete="off"
          maxLength={40}
          error={apply.isError ? couponWords(apply.error) : undefined}
        />
        <Button type="submit" variant="default" loading={apply.isPending} disabled={code.trim() === ''}>
          Apply
        </Button>
      </Group>
    </form>
  );
}

/** A code of the wrong shape is as unknown as one that was never given out. */
function couponWords(error: unknown): string {
  const words = wordsFor(error);
  return words === wordsForReason('INVALID_INPUT') ? wordsForReason('COUPON_NOT_FOUND') : words;
}
