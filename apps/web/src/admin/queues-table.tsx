import { ActionIcon, Badge, Box, Button, Table, Text, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../app/hooks.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { formatDuration } from '../lib/durations.ts';
import { useIsPhone } from '../ui/use-is-phone.ts';

type Queues = RouterOutputs['admin']['jobs']['queues'];
type Queue = Queues['items'][number];

interface QueuesTableProps {
  queues: readonly Queue[];
  /** Whose dead letters are shown below. */
  chosen: string | undefined;
  onChoose: (queue: string) => void;
}

const number = new Intl.NumberFormat('en');

/** All queues: how many jobs are where, whether they get on, and the switch to pause them; the details only where there is room. */
export function QueuesTable({ queues, chosen, onChoose }: QueuesTableProps) {
  const isPhone = useIsPhone();
  return (
    <Table verticalSpacing="sm" horizontalSpacing="sm" miw={{ base: 0, sm: 860 }} aria-label="Queues">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Queue</Table.Th>
          <Table.Th visibleFrom="sm">State</Table.Th>
          <Table.Th ta="right">Dead letters</Table.Th>
          <Table.Th ta="right">Waiting</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Active
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Delayed
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Oldest waits
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Last finished
          </Table.Th>
          <Table.Th w={56} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cw-numeric">
        {queues.map((queue) => (
          <Table.Tr key={queue.name} data-testid="queue-row">
            <Table.Th scope="row" fw={600}>
              {queue.name}
              {isPhone && (
                <Box>
                  <QueueBadge queue={queue} />
                </Box>
              )}
            </Table.Th>
            {!isPhone && (
              <Table.Td>
                <QueueBadge queue={queue} />
              </Table.Td>
            )}
            <Table.Td ta="right">
              {queue.failed === 0 ? (
                <Text size="sm" c="dimmed" px="xs">
                  0
                </Text>
              ) : (
                <Button
                  size="compact-sm"
                  variant={queue.name === chosen ? 'light' : 'subtle'}
                  color="clay.7"
                  aria-label={`Show the ${queue.failed} dead letters of ${queue.name}`}
                  aria-pressed={queue.name === chosen}
                  onClick={() => onChoose(queue.name)}
                >
                  {number.format(queue.failed)}
                </Button>
              )}
            </Table.Td>
            <Table.Td ta="right">{number.format(queue.waiting)}</Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {number.format(queue.active)}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {number.format(queue.delayed)}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {queue.waiting === 0 ? '–' : formatDuration(queue.oldestWaitingMs)}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
              {queue.sinceProgressMs === null ? '–' : `${formatDuration(queue.sinceProgressMs)} ago`}
            </Table.Td>
            <Table.Td>
              <PauseButton queue={queue} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function QueueBadge({ queue }: { queue: Queue }) {
  if (queue.paused) {
    return (
      <Badge variant="light" miw="max-content" color="gray">
        Paused
      </Badge>
    );
  }
  return queue.healthy ? (
    <Badge variant="light" miw="max-content" color="pine">
      Running
    </Badge>
  ) : (
    <Tooltip label="Jobs wait, and none has been finished for a while">
      <Badge variant="light" miw="max-content" color="red">
        Stands still
      </Badge>
    </Tooltip>
  );
}

function PauseButton({ queue: { name, paused } }: { queue: Queue }) {
  const { admin } = useTrpc();
  const queryClient = useQueryClient();
  const after = {
    onError: notifyError,
    onSuccess: (changed: Queue) => {
      queryClient.setQueryData(
        admin.jobs.queues.queryKey(),
        (shown) => shown && { items: shown.items.map((queue) => (queue.name === changed.name ? changed : queue)) },
      );
    },
    // What was asked before the change may be answered after it.
    onSettled: () => queryClient.invalidateQueries(admin.jobs.queues.pathFilter()),
  };
  const pause = useMutation(admin.jobs.pause.mutationOptions(after));
  const resume = useMutation(admin.jobs.resume.mutationOptions(after));
  const label = paused ? `Resume ${name}` : `Pause ${name}`;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={paused ? 'filled' : 'default'}
        aria-label={label}
        loading={pause.isPending || resume.isPending}
        onClick={() => (paused ? resume : pause).mutate({ queue: name })}
      >
        {paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
