import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTrpc } from '../app/shop-context.tsx';
import { InlineError } from '../ui/states.tsx';
import type { DeadLetter } from './dead-letter-row.tsx';

/** What is about to be done, with one dead letter or all of a queue. */
export interface DeadLettersIntent {
  action: 'retry' | 'discard';
  queue: string;
  count: number;
  letter?: DeadLetter;
}

interface DeadLettersDialogProps {
  intent: DeadLettersIntent | null;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before jobs are tried again or thrown away, and does it. */
export function DeadLettersDialog({ intent, onClose, onDone }: DeadLettersDialogProps) {
  // What it asks stays while the dialog fades away.
  const [shown, setShown] = useState(intent);
  useEffect(() => {
    if (intent) setShown(intent);
  }, [intent]);
  const asked = intent ?? shown;
  return (
    <Modal opened={intent !== null} onClose={onClose} title={asked && titleOf(asked)} centered>
      {asked && <Question intent={asked} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function Question({ intent, onClose, onDone }: { intent: DeadLettersIntent; onClose: () => void; onDone: () => void }) {
  const { jobs } = useTrpc().admin;
  const queryClient = useQueryClient();
  const { action, queue, letter } = intent;
  const options = {
    onSuccess: ({ count }: { count: number }) => {
      const what = count === 1 ? '1 job' : `${count} jobs`;
      notifications.show({
        color: 'pine',
        message: action === 'retry' ? `${what} tried again.` : `${what} discarded.`,
      });
      onClose();
      onDone();
      return queryClient.invalidateQueries(jobs.pathFilter());
    },
  };
  const retry = useMutation(jobs.retry.mutationOptions(options));
  const discard = useMutation(jobs.discard.mutationOptions(options));
  const mutation = action === 'retry' ? retry : discard;
  return (
    <Stack>
      <Text size="sm">{textOf(intent)}</Text>
      <InlineError error={mutation.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          {...(action === 'discard' && { color: 'red.8' })}
          loading={mutation.isPending}
          onClick={() => mutation.mutate(letter ? { queue, jobIds: [letter.id] } : { queue, all: true })}
          data-autofocus
        >
          {action === 'retry' ? 'Retry' : 'Discard'}
        </Button>
      </Group>
    </Stack>
  );
}

function titleOf({ action, queue, letter }: DeadLettersIntent): string {
  const verb = action === 'retry' ? 'Retry' : 'Discard';
  return letter ? `${verb} this job?` : `${verb} all dead letters of ${queue}?`;
}

function textOf({ action, count, letter }: DeadLettersIntent): string {
  const what = letter ? `${letter.name} (job ${letter.id})` : count === 1 ? 'The one job' : `All ${count} jobs`;
  return action === 'retry'
    ? `${what} will be tried again with all attempts. Make sure that what made it fail is mended.`
    : `${what} will be thrown away for good; what it was to do will not be done.`;
}
