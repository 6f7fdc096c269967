import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRepeat } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CART_SCOPE, notifyError, useShowCart } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';

/** Puts the articles of an order into the cart once more. */
export function ReorderButton({ orderId }: { orderId: string }) {
  const trpc = useTrpc();
  const navigate = useNavigate();
  const showCart = useShowCart();
  const reorder = useMutation(
    trpc.orders.reorder.mutationOptions({
      ...CART_SCOPE,
      onSuccess: async ({ missing, ...cart }) => {
        showCart(cart);
        if (missing.length > 0) {
          notifications.show({
            color: 'clay',
            message: 'Not everything could be put in the cart: some of it is sold out.',
          });
        }
        await navigate({ to: '/cart' });
      },
      onError: notifyError,
    }),
  );
  return (
    <Button
      variant="default"
      leftSection={<IconRepeat size={18} />}
      loading={reorder.isPending}
      onClick={() => reorder.mutate({ orderId })}
    >
      Order again
    </Button>
  );
}
