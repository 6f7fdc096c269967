import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { askedPieces, piecesToRefund, waitingPieces } from '../../lib/asked-pieces.ts';
import type { ReturnRequest } from '../../ui/order-returns.tsx';
import { piecesOf } from '../../ui/piece-fields.tsx';
import { InlineError } from '../../ui/states.tsx';
import { leftOf, RefundDialog } from './refund-dialog.tsx';
import { awayOf, ReturnDialog } from './return-dialog.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Dialog = 'accept' | 'decline' | 'back' | 'refund';

const isAny = (counts: object): boolean => Object.keys(counts).length > 0;

/** What there is to do with a return that was asked for: yes or no, then its pieces and their money. */
export function ReturnAnswer({ order, request }: { order: Order; request: ReturnRequest }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  /** What the refund begins with: what came back just now, or all of the request whose money is not back. */
  const [pieces, setPieces] = useState<ReturnRequest['lines']>([]);
  const close = () => setDialog(null);
  const away = askedPieces(order, waitingPieces(order, request, 'returned'), awayOf);
  const unpaid = waitingPieces(order, request, 'refunded');
  const mayRefund = (lines: ReturnRequest['lines']) =>
    order.actions.includes('refund') && isAny(askedPieces(order, lines, leftOf));
  const canRefund = mayRefund(unpaid);
  const canComeBack = order.actions.includes('markReturned') && isAny(away);
  const openRefund = (lines: ReturnRequest['lines']) => {
    setPieces(lines);
    setDialog(mayRefund(lines) ? 'refund' : null);
  };
  return (
    <>
      {request.status === 'asked' && (
        <Group gap="xs" mt="xs">
          <Button size="xs" onClick={() => setDialog('accept')}>
            Accept
          </Button>
          <Button size="xs" variant="default" onClick={() => setDialog('decline')}>
            Decline
          </Button>
        </Group>
      )}
      {request.status === 'accepted' && (canComeBack || canRefund) && (
        <Group gap="xs" mt="xs">
          {canComeBack && (
            <Button size="xs" onClick={() => setDialog('back')}>
              It came back
            </Button>
          )}
          {canRefund && (
            <Button size="xs" variant="default" onClick={() => openRefund(unpaid)}>
              Refund these pieces
            </Button>
          )}
        </Group>
      )}
      {(dialog === 'accept' || dialog === 'decline') && (
        <AnswerDialog
          {...{ orderId: order.id, requestId: request.id, accept: dialog === 'accept', canRefund }}
          onAnswered={(refundNow) => (refundNow ? openRefund(unpaid) : close())}
          onClose={close}
        />
      )}
      {dialog === 'back' && (
        <ReturnDialog
          order={order}
          pieces={away}
          // The money of some may be back before they are.
          onBack={(counts) => openRefund(piecesToRefund(piecesOf(counts), away, unpaid))}
          onClose={close}
        />
      )}
      {dialog === 'refund' && (
        <RefundDialog
          order={order}
          start={{ counts: askedPieces(order, pieces, leftOf), reason: `Return: ${request.reason}` }}
          onClose={close}
        />
      )}
    </>
  );
}

interface AnswerDialogProps {
  orderId: string;
  requestId: string;
  accept: boolean;
  /** Whether there is money of its pieces to give back. */
  canRefund: boolean;
  onAnswered: (refundNow: boolean) => void;
  onClose: () => void;
}

function AnswerDialog({ orderId, requestId, accept, canRefund, onAnswered, onClose }: AnswerDialogProps) {
  const trpc = useTrpc();
  const [text, setText] = useState('');
  const [refundNow, setRefundNow] = useState(false);
  const said = accept ? 'The return is accepted.' : 'The return is declined.';
  const answer = useMutation(trpc.admin.orders.answerReturn.mutationOptions(useOrderStep(said)));
  const words = text.trim();
  const send = (andRefund: boolean) => {
    setRefundNow(andRefund);
    answer.mutate(
      { orderId, requestId, accept, ...(words === '' ? {} : { answer: words }) },
      { onSuccess: () => onAnswered(andRefund) },
    );
  };
  return (
    <Modal opened onClose={onClose} title={accept ? 'Accept this return?' : 'Decline this return?'} centered>
      <Stack>
        <Text size="sm">
          {accept
            ? 'The buyer is told to send it. Note here when it is back, and give the money back then; or at once, where you need not wait for it.'
            : 'The buyer is told, in your words.'}
        </Text>
        <Textarea
          label={accept ? 'To the buyer' : 'Why'}
          description="The buyer reads this"
          autosize
          maxLength={500}
          required={!accept}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <InlineError error={answer.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          {accept && canRefund && (
            <Button
              variant="default"
              disabled={answer.isPending && !refundNow}
              loading={answer.isPending && refundNow}
              onClick={() => send(true)}
            >
              Accept and refund
            </Button>
          )}
          <Button
            disabled={(!accept && words === '') || (answer.isPending && refundNow)}
            loading={answer.isPending && !refundNow}
            onClick={() => send(false)}
          >
            {accept ? 'Accept' : 'Decline'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
