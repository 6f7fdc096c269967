import { Button, Paper, Stack, Text, Textarea, Timeline, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { InlineError } from '../../ui/states.tsx';
import { useOrderStep } from './use-order-step.ts';

type Entry = RouterOutputs['admin']['orders']['timeline']['items'][number];

const BY = { customer: 'Customer', staff: 'Shop', system: 'Automatic' };

/** Who did what when, reasons and notes included, and a place for another note. */
export function AdminTimeline({ orderId }: { orderId: string }) {
  const trpc = useTrpc();
  const timeline = useQuery(trpc.admin.orders.timeline.queryOptions({ orderId }, { staleTime: 0 }));
  const [text, setText] = useState('');
  const note = useMutation(
    trpc.admin.orders.note.mutationOptions(useOrderStep('The note is kept.', () => setText(''))),
  );
  const items = timeline.data?.items ?? [];
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-timeline">
      <Title order={2} size="h3" mb="md" id="order-timeline">
        History
      </Title>
      <Stack>
        <InlineError error={timeline.error} />
        <Timeline active={items.length - 1} bulletSize={14} lineWidth={2} color="pine" data-testid="timeline">
          {items.map((entry, index) => (
            <Timeline.Item
              key={index}
              title={
                <Text size="sm" fw={600} lh={1.3}>
                  {entry.text}
                </Text>
              }
            >
              {entry.detail && (
                <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                  {entry.detail}
                </Text>
              )}
              <Text size="xs" c="dimmed" component="time" dateTime={entry.at.toISOString()}>
                {formatDateTime(entry.at)} · {nameOf(entry)}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
        <Textarea
          label="Note"
          description="For the shop alone"
          autosize
          maxLength={2_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <InlineError error={note.error} />
        <Button
          variant="default"
          disabled={text.trim() === ''}
          loading={note.isPending}
          onClick={() => note.mutate({ orderId, text })}
        >
          Keep the note
        </Button>
      </Stack>
    </Paper>
  );
}

const nameOf = ({ actor, by }: Entry): string => actor?.name ?? BY[by];
