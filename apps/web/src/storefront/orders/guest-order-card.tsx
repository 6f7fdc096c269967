import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useSession, useShop, useTrpc } from '../../app/shop-context.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';

type Order = RouterOutputs['orders']['byId'];

/** Of an order without an account: how to find it again, and how to take it into one. */
export function GuestOrderCard({ order }: { order: Order }) {
  const session = useSession();
  const shop = useShop();
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const claim = useMutation(
    trpc.orders.claim.mutationOptions({
      onSuccess: (claimed) => {
        queryClient.setQueryData(trpc.orders.byId.queryKey({ orderId: claimed.id }), claimed);
        void queryClient.invalidateQueries(trpc.orders.list.pathFilter());
        notifications.show({ color: 'pine', message: `Order ${claimed.number} is among your orders now.` });
      },
    }),
  );
  const orderToken = shop.orders.token(order.id);
  if (!order.isGuest || orderToken === undefined) return null;
  const next = `/orders/${order.id}`;
  return (
    <Alert
      color="gray"
      icon={<IconUserPlus size={20} />}
      title="You ordered without an account"
      data-testid="guest-order"
    >
      <Stack gap="sm">
        <Text size="sm">The link to this page is in the mail we sent to {order.email}: keep it to come back.</Text>
        {session?.user.emailVerified && (
          <Group>
            <Button variant="default" loading={claim.isPending} onClick={() => claim.mutate({ orderToken })}>
              Add it to my account
            </Button>
          </Group>
        )}
        {session && !session.user.emailVerified && (
          <Text size="sm" c="dimmed">
            Confirm your e-mail address, and you can add the order to your account.
          </Text>
        )}
        {!session && (
          <Group gap="sm">
            <ButtonLink to="/sign-in" search={{ next }} variant="default" size="sm">
              Sign in to keep it
            </ButtonLink>
            <ButtonLink to="/register" search={{ next }} variant="subtle" size="sm">
              Create an account
            </ButtonLink>
          </Group>
        )}
        <InlineError error={claim.error} />
      </Stack>
    </Alert>
  );
}
