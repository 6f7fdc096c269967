import { Button, Code, Collapse, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatDateTime } from '../lib/dates.ts';
import classes from './jobs.module.css';

export type DeadLetter = RouterOutputs['admin']['jobs']['deadLetters']['items'][number];

interface DeadLetterRowProps {
  letter: DeadLetter;
  onAct: (action: 'retry' | 'discard') => void;
}

/** A failed job in two lines; all of it on a click. */
export function DeadLetterRow({ letter, onAct }: DeadLetterRowProps) {
  const [opened, { toggle }] = useDisclosure(false);
  const detailsId = useId();
  const { id, name, payload, attempts, reason, enqueuedAt, failedAt } = letter;
  return (
    <article className={classes['letter']} data-testid="dead-letter">
      <UnstyledButton className={classes['head']} onClick={toggle} aria-expanded={opened} aria-controls={detailsId}>
        <IconChevronDown size={18} className={classes['chevron']} data-opened={opened} aria-hidden />
        <div className={classes['what']}>
          <Group gap="xs" justify="space-between">
            <Text size="sm" fw={600} ff="monospace">
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {attempts} {attempts === 1 ? 'attempt' : 'attempts'} · failed {formatDateTime(failedAt)}
            </Text>
          </Group>
          <Text size="sm" c="red.8" lineClamp={opened ? 0 : 2} className={classes['reason']}>
            {reason === '' ? 'No reason was given.' : reason}
          </Text>
        </div>
      </UnstyledButton>
      <Collapse expanded={opened} id={detailsId}>
        <Stack gap="sm" className={classes['details']}>
          <Text size="xs" c="dimmed">
            Job {id} · queued {formatDateTime(enqueuedAt)}
          </Text>
          <Code block className={classes['payload']} aria-label="Payload">
            {JSON.stringify(payload, null, 2)}
          </Code>
          <Group gap="xs">
            <Button size="xs" leftSection={<IconRefresh size={15} />} onClick={() => onAct('retry')}>
              Retry
            </Button>
            <Button size="xs" variant="default" leftSection={<IconTrash size={15} />} onClick={() => onAct('discard')}>
              Discard
            </Button>
          </Group>
        </Stack>
      </Collapse>
    </article>
  );
}
