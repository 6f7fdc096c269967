import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import type { ReturnRequest } from '../../ui/order-returns.tsx';
import { InlineError } from '../../ui/states.tsx';
import { useOrderStep } from './use-order-step.ts';

/** Yes or no to a return that was asked for, while it waits. */
export function ReturnAnswer({ orderId, request }: { orderId: string; request: ReturnRequest }) {
  const [accept, setAccept] = useState<boolean | null>(null);
  if (request.status !== 'asked') return null;
  return (
    <Group gap="xs" mt="xs">
      <Button size="xs" onClick={() => setAccept(true)}>
        Accept
      </Button>
      <Button size="xs" variant="default" onClick={() => setAccept(false)}>
        Decline
      </Button>
      {accept !== null && (
        <AnswerDialog orderId={orderId} requestId={request.id} accept={accept} onClose={() => setAccept(null)} />
      )}
    </Group>
  );
}

function AnswerDialog({
  orderId,
  requestId,
  accept,
  onClose,
}: {
  orderId: string;
  requestId: string;
  accept: boolean;
  onClose: () => void;
}) {
  const trpc = useTrpc();
  const [text, setText] = useState('');
  const said = accept ? 'The return is accepted.' : 'The return is declined.';
  const answer = useMutation(trpc.admin.orders.answerReturn.mutationOptions(useOrderStep(said, onClose)));
  const words = text.trim();
  return (
    <Modal opened onClose={onClose} title={accept ? 'Accept this return?' : 'Decline this return?'} centered>
      <Stack>
        <Text size="sm">
          {accept
            ? 'The buyer is told to send it. Note what comes back when it is here, and give the money back then.'
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
          <Button
            disabled={!accept && words === ''}
            loading={answer.isPending}
            onClick={() => answer.mutate({ orderId, requestId, accept, ...(words === '' ? {} : { answer: words }) })}
          >
            {accept ? 'Accept' : 'Decline'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
