import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../../ui/states.tsx';

interface ConfirmDialogProps {
  title: string;
  text: string;
  action: string;
  isDangerous?: boolean;
  /** Asks for a reason, for staff, that may be left out. */
  asksWhy?: boolean;
  isPending: boolean;
  error: unknown;
  onConfirm: (reason: string | undefined) => void;
  onClose: () => void;
}

/** A step that can't be undone, said once more. */
export function ConfirmDialog({ title, text, action, isDangerous = false, ...props }: ConfirmDialogProps) {
  const { asksWhy = false, isPending, error, onConfirm, onClose } = props;
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack>
        <Text size="sm">{text}</Text>
        {asksWhy && (
          <Textarea
            label="Why"
            description="For the shop alone"
            autosize
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <InlineError error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            {...(isDangerous ? { color: 'red.8' } : {})}
            loading={isPending}
            onClick={() => onConfirm(reason.trim() || undefined)}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
