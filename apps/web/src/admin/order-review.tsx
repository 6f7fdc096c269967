import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../app/shop-context.tsx';
import { InlineError } from '../ui/states.tsx';

/** Why an order is not sent, and the way to let it go on. */
export function OrderReview({ orderId }: { orderId: string }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const end = useMutation(
    trpc.admin.orders.endReview.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.orders.pathFilter()),
    }),
  );
  return (
    <Alert color="clay" title="Held for review" mb="md" data-testid="order-review">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">The buyer is banned. Nothing is sent until somebody has looked at this order.</Text>
        <InlineError error={end.error} />
        <Button variant="default" loading={end.isPending} onClick={() => end.mutate({ orderId })}>
          Let it go on
        </Button>
      </Stack>
    </Alert>
  );
}
