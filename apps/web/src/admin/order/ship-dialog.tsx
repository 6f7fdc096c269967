import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { allPieces, PieceFields, piecesOf } from '../../ui/piece-fields.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Line = Order['lines'][number];

const openOf = ({ progress }: Line) => progress.open;

/** A parcel that leaves: what is in it, who carries it, and how it is followed. */
export function ShipDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const trpc = useTrpc();
  const [counts, setCounts] = useState(() => allPieces(order.lines, openOf));
  const [carrier, setCarrier] = useState('');
  const [trackingNumber, setTrackingNumber] = useState('');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const ship = useMutation(
    trpc.admin.orders.ship.mutationOptions(useOrderStep(`A parcel of ${order.number} is on its way.`, onClose)),
  );
  const lines = piecesOf(counts);
  const isReady = lines.length > 0 && carrier.trim() !== '' && trackingNumber.trim() !== '';
  return (
    <Modal opened onClose={onClose} title={`Send ${order.number}`} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ship.mutate({ orderId: order.id, lines, carrier, trackingNumber, idempotencyKey });
        }}
      >
        <Stack>
          <PieceFields lines={order.lines} maximumOf={openOf} counts={counts} onChange={setCounts} />
          <TextInput
            label="Carrier"
            required
            maxLength={60}
            value={carrier}
            onChange={(event) => setCarrier(event.currentTarget.value)}
          />
          <TextInput
            label="Tracking number"
            required
            maxLength={100}
            value={trackingNumber}
            onChange={(event) => setTrackingNumber(event.currentTarget.value)}
          />
          <InlineError error={ship.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" disabled={!isReady} loading={ship.isPending}>
              Send the parcel
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
