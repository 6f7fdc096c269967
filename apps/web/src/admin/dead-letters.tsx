import { Button, Group, Paper, Skeleton, Stack, Title } from '@mantine/core';
import { IconMoodSmile, IconRefresh, IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTrpc } from '../app/shop-context.tsx';
import { ErrorState, NothingHere } from '../ui/states.tsx';
import { DeadLetterRow } from './dead-letter-row.tsx';
import { DeadLettersDialog } from './dead-letters-dialog.tsx';
import type { DeadLettersIntent } from './dead-letters-dialog.tsx';
import { Pager } from './pager.tsx';
import { useCursorPages } from './use-cursor-pages.ts';

interface DeadLettersProps {
  queue: string;
  /** As the queue counts them; when it changes, the list is read again. */
  count: number;
}

/** The jobs of a queue that failed for good: why, and what to do with them. */
export function DeadLetters({ queue, count }: DeadLettersProps) {
  const pages = useCursorPages(queue);
  const [intent, setIntent] = useState<DeadLettersIntent | null>(null);
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const letters = useQuery(
    trpc.admin.jobs.deadLetters.queryOptions(
      { queue, limit: 20, ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const counted = useRef(count);
  useEffect(() => {
    if (counted.current === count) return;
    counted.current = count;
    void queryClient.invalidateQueries(trpc.admin.jobs.deadLetters.pathFilter());
  }, [count, queryClient, trpc]);
  const items = letters.data?.items ?? [];
  return (
    <Stack component="section" gap="md" aria-labelledby="dead-letters">
      <Group justify="space-between" gap="sm" mih={36}>
        <Title order={2} size="h3" id="dead-letters">
          Dead letters of {queue}
        </Title>
        {items.length > 0 && (
          <Group gap="xs">
            <Button
              size="sm"
              variant="default"
              leftSection={<IconRefresh size={16} />}
              onClick={() => setIntent({ action: 'retry', queue, count })}
            >
              Retry all
            </Button>
            <Button
              size="sm"
              variant="default"
              leftSection={<IconTrash size={16} />}
              onClick={() => setIntent({ action: 'discard', queue, count })}
            >
              Discard all
            </Button>
          </Group>
        )}
      </Group>
      {letters.isPending && <Skeleton h={180} role="status" aria-label="Loading the dead letters" />}
      {letters.isError && !letters.data && <ErrorState error={letters.error} onRetry={() => void letters.refetch()} />}
      {letters.data && items.length === 0 && (
        <NothingHere
          icon={<IconMoodSmile size={44} stroke={1.3} />}
          title="No dead letters"
          description="Every job of this queue got done, or will be tried again by itself."
        />
      )}
      {items.length > 0 && (
        <Paper style={{ overflow: 'hidden', opacity: letters.isPlaceholderData ? 0.6 : 1 }}>
          {items.map((letter) => (
            <DeadLetterRow
              key={letter.id}
              letter={letter}
              onAct={(action) => setIntent({ action, queue, count: 1, letter })}
            />
          ))}
        </Paper>
      )}
      <Pager pages={pages} nextCursor={letters.data?.nextCursor ?? null} busy={letters.isPlaceholderData} />
      <DeadLettersDialog intent={intent} onClose={() => setIntent(null)} onDone={pages.first} />
    </Stack>
  );
}
