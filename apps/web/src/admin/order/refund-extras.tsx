import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { useOrderStep } from './use-order-step.ts';

type Refund = RouterOutputs['admin']['orders']['byId']['refunds'][number];

/** What only the shop knows of a refund, and another try of one that failed. */
export function RefundExtras({ orderId, refund }: { orderId: string; refund: Refund }) {
  const trpc = useTrpc();
  const retry = useMutation(trpc.admin.orders.retryRefund.mutationOptions(useOrderStep('The refund is tried again.')));
  return (
    <>
      {refund.external && (
        <Text size="xs" c="dimmed">
          Made at the payment provider
        </Text>
      )}
      {refund.reason && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {refund.reason}
        </Text>
      )}
      {refund.isRetryable && (
        <Button
          size="xs"
          mt="xs"
          variant="default"
          loading={retry.isPending}
          onClick={() => retry.mutate({ orderId, refundId: refund.id })}
        >
          Try again
        </Button>
      )}
      <InlineError error={retry.error} />
    </>
  );
}
