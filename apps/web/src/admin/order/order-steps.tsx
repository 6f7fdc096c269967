import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatMoney } from '../../lib/money.ts';
import { InlineError } from '../../ui/states.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { ShipDialog } from './ship-dialog.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Dialog = Exclude<Order['actions'][number], 'startProcessing' | 'markDelivered'>;

const LABELS: Record<Dialog, string> = {
  ship: 'Send a parcel',
  markReturned: 'Something came back',
  recordPayment: 'Enter the cash',
  refund: 'Refund',
  cancel: 'Cancel order',
};

/** What can be done with the order as it is; the next step comes first. */
export function OrderSteps({ order }: { order: Order }) {
  const trpc = useTrpc();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const start = useMutation(
    trpc.admin.orders.startProcessing.mutationOptions(useOrderStep(`${order.number} is being prepared.`)),
  );
  const deliver = useMutation(
    trpc.admin.orders.markDelivered.mutationOptions(useOrderStep(`${order.number} has arrived.`)),
  );
  const can = (action: Order['actions'][number]) => order.actions.includes(action);
  const { id: orderId } = order;
  const underWay = order.shipments.filter(({ deliveredAt }) => deliveredAt === undefined).length;
  if (order.actions.length === 0) return null;
  return (
    <>
      <Group gap="sm" role="group" aria-label="What to do with the order" mb="md">
        {can('startProcessing') && (
          <Button loading={start.isPending} onClick={() => start.mutate({ orderId })}>
            Start preparing
          </Button>
        )}
        {can('ship') && <Button onClick={() => setDialog('ship')}>{LABELS.ship}</Button>}
        {can('markDelivered') && (
          <Button
            variant={can('ship') ? 'default' : 'filled'}
            loading={deliver.isPending}
            onClick={() => deliver.mutate({ orderId })}
          >
            {underWay > 1 ? `All ${underWay} parcels have arrived` : 'It has arrived'}
          </Button>
        )}
        {(['recordPayment', 'markReturned', 'refund', 'cancel'] as const).filter(can).map((action) => (
          <Button key={action} variant="default" onClick={() => setDialog(action)}>
            {LABELS[action]}
          </Button>
        ))}
      </Group>
      <InlineError error={start.error ?? deliver.error} />
      {dialog === 'ship' && <ShipDialog order={order} onClose={close} />}
      {dialog === 'markReturned' && <ReturnDialog order={order} onClose={close} />}
      {dialog === 'refund' && <RefundDialog order={order} onClose={close} />}
      {dialog === 'recordPayment' && <CashDialog order={order} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog order={order} onClose={close} />}
    </>
  );
}

function CashDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const trpc = useTrpc();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const pay = useMutation(
    trpc.admin.orders.recordPayment.mutationOptions(useOrderStep(`${order.number} is paid.`, onClose)),
  );
  return (
    <ConfirmDialog
      title={`Cash for ${order.number}`}
      text={`${formatMoney(order.total)} came in for this order.`}
      action="It came in"
      isPending={pay.isPending}
      error={pay.error}
      onConfirm={() => pay.mutate({ orderId: order.id, idempotencyKey })}
      onClose={onClose}
    />
  );
}

function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const trpc = useTrpc();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const isPaid = order.refundable.amount > 0;
  const cancel = useMutation(
    trpc.admin.orders.cancel.mutationOptions(
      useOrderStep(isPaid ? 'The money is on its way back.' : `${order.number} is canceled.`, onClose),
    ),
  );
  return (
    <ConfirmDialog
      title={`Cancel ${order.number}?`}
      text={
        isPaid
          ? `${formatMoney(order.refundable)} go back to the buyer, and the order is canceled once they are there. Nothing is sent meanwhile.`
          : 'The articles go back on the shelf, and the buyer is told. This can’t be undone.'
      }
      action="Cancel the order"
      isDangerous
      asksWhy
      isPending={cancel.isPending}
      error={cancel.error}
      onConfirm={(reason) => cancel.mutate({ orderId: order.id, ...(reason ? { reason } : {}), idempotencyKey })}
      onClose={onClose}
    />
  );
}
