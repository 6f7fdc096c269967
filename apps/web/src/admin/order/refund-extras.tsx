import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { useOrderStep } from './use-order-step.ts';

type Refund = RouterOutputs['admin']['orders']['byId']['refunds'][number];

const WAITING = {
  buyer: 'Waits for the buyer, whom the payment provider asks by mail where to send it',
  bank: 'Was sent back, and is on its way again',
} as const satisfies Record<NonNullable<Refund['waitsFor']>, string>;

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
      {refund.waitsFor && (
        <Text size="xs" c="orange">
          {WAITING[refund.waitsFor]}
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
