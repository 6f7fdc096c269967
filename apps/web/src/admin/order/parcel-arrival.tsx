import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import type { Parcel } from '../../ui/order-parcels.tsx';
import { InlineError } from '../../ui/states.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];

/** Says of one parcel that it arrived: the time in which its pieces can be sent back begins. Nothing once it has. */
export function ParcelArrival({ order, parcel }: { order: Order; parcel: Parcel }) {
  const trpc = useTrpc();
  const said = `Parcel ${parcel.trackingNumber} has arrived.`;
  const deliver = useMutation(trpc.admin.orders.markDelivered.mutationOptions(useOrderStep(said)));
  if (parcel.deliveredAt || !order.actions.includes('markDelivered')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        mt="xs"
        aria-label={`Mark ${parcel.trackingNumber} delivered`}
        loading={deliver.isPending}
        onClick={() => deliver.mutate({ orderId: order.id, shipmentId: parcel.id })}
      >
        Mark delivered
      </Button>
      <InlineError error={deliver.error} />
    </>
  );
}
