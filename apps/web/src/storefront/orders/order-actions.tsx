import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCreditCard } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isTemporary, newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { isCancelable, isPayable } from '../../lib/order-words.ts';
import { returnUrls } from '../../lib/return-urls.ts';
import { InlineError } from '../../ui/states.tsx';

type Order = RouterOutputs['orders']['byId'];

/** Pay (again) and cancel, while either is possible. */
export function OrderActions({ order }: { order: Order }) {
  const payable = isPayable(order);
  const cancelable = isCancelable(order);
  if (!payable && !cancelable) return null;
  return (
    <Group gap="sm" align="flex-start">
      {payable && <PayButton order={order} />}
      {cancelable && <CancelButton order={order} />}
    </Group>
  );
}

function PayButton({ order }: { order: Order }) {
  const trpc = useTrpc();
  const key = useRef<string>(undefined);
  const pay = useMutation(
    trpc.orders.pay.mutationOptions({
      onSuccess: ({ url }) => window.location.assign(url),
      onError: (error: unknown) => {
        // After a lost answer the next click is the same intent, after a refusal a new one.
        if (!isTemporary(error)) key.current = undefined;
      },
    }),
  );
  const { reset } = pay;
  useEffect(() => {
    // A buyer who comes "back" from the payment may find this page as it was left, with the button still at work.
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      key.current = undefined;
      reset();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, [reset]);
  return (
    <Stack gap="xs">
      <Button
        leftSection={<IconCreditCard size={18} />}
        loading={pay.isPending || pay.isSuccess}
        onClick={() => {
          key.current ??= newIdempotencyKey();
          pay.mutate({ orderId: order.id, idempotencyKey: key.current, ...returnUrls(window.location.origin) });
        }}
      >
        Pay now
      </Button>
      <InlineError error={pay.error} />
    </Stack>
  );
}

function CancelButton({ order }: { order: Order }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [opened, { open, close }] = useDisclosure(false);
  const [restoreCart, setRestoreCart] = useState(true);
  const key = useRef('');
  const cancel = useMutation(
    trpc.orders.cancel.mutationOptions({
      onSuccess: async () => {
        close();
        notifications.show({ color: 'pine', message: `Order ${order.number} is canceled.` });
        await Promise.all([
          queryClient.invalidateQueries(trpc.orders.pathFilter()),
          queryClient.invalidateQueries(trpc.cart.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          key.current = newIdempotencyKey();
          cancel.reset();
          open();
        }}
      >
        Cancel order
      </Button>
      <Modal opened={opened} onClose={close} title={`Cancel order ${order.number}?`} centered>
        <Stack>
          <Text size="sm">The articles go back on the shelf. This can’t be undone.</Text>
          <Checkbox
            label="Put the articles back in my cart"
            checked={restoreCart}
            onChange={(event) => {
              setRestoreCart(event.currentTarget.checked);
              key.current = newIdempotencyKey();
            }}
          />
          <InlineError error={cancel.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              color="red.8"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ orderId: order.id, restoreCart, idempotencyKey: key.current })}
            >
              Cancel the order
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
