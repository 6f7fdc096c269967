import { Button, Fieldset, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTruckReturn } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { returnableUntil } from '../../lib/returns.ts';
import { PieceFields, piecesOf, type PieceCounts } from '../../ui/piece-fields.tsx';
import { InlineError } from '../../ui/states.tsx';
import { useTick } from '../../ui/use-tick.ts';

type Order = RouterOutputs['orders']['byId'];

/** Asks to send something back, as long as there is time for it. */
export function AskReturnButton({ order }: { order: Order }) {
  const { data: config } = useShopConfig();
  const [opened, { open, close }] = useDisclosure(false);
  const now = useTick(60_000);
  const until = config ? returnableUntil(order, config.limits.returnWindowDays, now) : null;
  if (!until) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconTruckReturn size={18} />} onClick={open}>
        Return something
      </Button>
      {opened && <AskReturnDialog order={order} until={until} onClose={close} />}
    </>
  );
}

function AskReturnDialog({ order, until, onClose }: { order: Order; until: Date; onClose: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [counts, setCounts] = useState<PieceCounts>({});
  const [reason, setReason] = useState('');
  const [idempotencyKey, setKey] = useState(newIdempotencyKey);
  const ask = useMutation(
    trpc.orders.requestReturn.mutationOptions({
      onSuccess: () => {
        onClose();
        notifications.show({ color: 'pine', message: 'We look at it and answer soon.' });
        return queryClient.invalidateQueries(trpc.orders.pathFilter());
      },
    }),
  );
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      // Another wish is another intent.
      setKey(newIdempotencyKey());
      ask.reset();
    };
  };
  const lines = piecesOf(counts);
  return (
    <Modal opened onClose={onClose} title={`Return something of ${order.number}`} centered>
      <Stack data-testid="ask-return">
        <Text size="sm">You can ask until {formatDate(until)}. Please send nothing before we have answered.</Text>
        {/* Whoever changed something while it is sent would send it twice. */}
        <Fieldset variant="unstyled" p={0} disabled={ask.isPending}>
          <Stack>
            <PieceFields
              lines={order.lines}
              maximumOf={({ progress }) => progress.returnable}
              counts={counts}
              onChange={change(setCounts)}
            />
            <Textarea
              label="Why"
              autosize
              minRows={2}
              maxLength={500}
              required
              value={reason}
              onChange={(event) => change(setReason)(event.currentTarget.value)}
            />
          </Stack>
        </Fieldset>
        <InlineError error={ask.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            disabled={lines.length === 0 || reason.trim() === ''}
            loading={ask.isPending}
            onClick={() => ask.mutate({ orderId: order.id, lines, reason: reason.trim(), idempotencyKey })}
          >
            Ask for it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
