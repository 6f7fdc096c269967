import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { allPieces, PieceFields, piecesOf, type PieceCounts } from '../../ui/piece-fields.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Line = Order['lines'][number];

export const awayOf = ({ progress }: Line) => progress.shipped - progress.returned;

interface ReturnDialogProps {
  order: Order;
  /** What it begins with; all that is not back yet when absent. */
  pieces?: PieceCounts;
  onBack?: (counts: PieceCounts) => void;
  onClose: () => void;
}

/** Pieces that came back, delivered or refused. */
export function ReturnDialog({ order, pieces, onBack, onClose }: ReturnDialogProps) {
  const trpc = useTrpc();
  const [counts, setCounts] = useState(() => pieces ?? allPieces(order.lines, awayOf));
  const [restock, setRestock] = useState(true);
  const [idempotencyKey] = useState(newIdempotencyKey);
  const takeBack = useMutation(
    trpc.admin.orders.markReturned.mutationOptions(
      useOrderStep(`Pieces of ${order.number} are back.`, () => {
        onClose();
        onBack?.(counts);
      }),
    ),
  );
  const lines = piecesOf(counts);
  return (
    <Modal opened onClose={onClose} title={`What came back of ${order.number}`} centered>
      <Stack>
        <PieceFields lines={order.lines} maximumOf={awayOf} counts={counts} onChange={setCounts} />
        <Checkbox
          label="Put them back on sale"
          description="Leave this off for what is broken. Money is given back by a refund."
          checked={restock}
          onChange={(event) => setRestock(event.currentTarget.checked)}
        />
        <InlineError error={takeBack.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            disabled={lines.length === 0}
            loading={takeBack.isPending}
            onClick={() => takeBack.mutate({ orderId: order.id, lines, restock, idempotencyKey })}
          >
            They are back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
