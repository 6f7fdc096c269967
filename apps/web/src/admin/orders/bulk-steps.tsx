import { Button, CloseButton, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { wordsForReason } from '../../lib/reasons.ts';
import { InlineError } from '../../ui/states.tsx';

type Summary = RouterOutputs['admin']['orders']['list']['items'][number];
type Action = RouterInputs['admin']['orders']['bulk']['action'];

const DONE: Record<Action, string> = { startProcessing: 'Being prepared', markDelivered: 'Has arrived' };

interface Outcome {
  number: string;
  isDone: boolean;
  words: string;
}

interface BulkStepsProps {
  selected: readonly Summary[];
  /** These are to be selected no more. */
  onDeselect: (ids: readonly string[]) => void;
}

/** One step for all that are selected, and what became of each. */
export function BulkSteps({ selected, onDeselect }: BulkStepsProps) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const bulk = useMutation(
    trpc.admin.orders.bulk.mutationOptions({
      // Meanwhile others can be selected.
      onMutate: () => new Map(selected.map(({ id, number }) => [id, number])),
      onSuccess: ({ results }, { action, orderIds }, numbers) => {
        setOutcomes(
          results.map(({ orderId, ok, reason }) => ({
            number: numbers.get(orderId) ?? orderId,
            isDone: ok,
            words: ok ? DONE[action] : wordsForReason(reason),
          })),
        );
        onDeselect(orderIds);
      },
      onSettled: () => queryClient.invalidateQueries(trpc.admin.orders.pathFilter()),
    }),
  );
  const run = (action: Action) => bulk.mutate({ orderIds: selected.map(({ id }) => id), action });
  return (
    <>
      {selected.length > 0 && (
        <Paper p="sm" role="group" aria-label="What to do with the selected orders">
          <Group gap="sm">
            <Text size="sm" fw={600}>
              {selected.length} selected
            </Text>
            <Button size="xs" loading={bulk.isPending} onClick={() => run('startProcessing')}>
              Start preparing
            </Button>
            <Button size="xs" variant="default" loading={bulk.isPending} onClick={() => run('markDelivered')}>
              They have arrived
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              disabled={bulk.isPending}
              onClick={() => onDeselect(selected.map(({ id }) => id))}
            >
              Select none
            </Button>
          </Group>
          <InlineError error={bulk.error} />
        </Paper>
      )}
      {outcomes.length > 0 && <Outcomes outcomes={outcomes} onClose={() => setOutcomes([])} />}
    </>
  );
}

function Outcomes({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const done = outcomes.filter(({ isDone }) => isDone).length;
  return (
    <Paper p="sm" role="status" data-testid="bulk-outcomes">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="sm" fw={600}>
          {done} of {outcomes.length} went one step further
        </Text>
        <CloseButton size="sm" aria-label="Close" onClick={onClose} />
      </Group>
      <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {outcomes.map(({ number, isDone, words }) => (
          <Text key={number} component="li" size="sm" c={isDone ? 'pine' : 'red.8'}>
            <b>{number}</b> {words}
          </Text>
        ))}
      </Stack>
    </Paper>
  );
}
