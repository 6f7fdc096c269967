import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { ErrorState } from '../../ui/states.tsx';

interface PanelProps {
  title: string;
  /** Beside the title. */
  actions?: ReactNode;
  query: { isPending: boolean; isError: boolean; error: unknown; data: unknown; refetch: () => Promise<unknown> };
  /** Said when there is nothing; undefined when there is something. */
  empty?: string | false | undefined;
  children: ReactNode;
}

/** A part of the dashboard: its title, and its figures, or what stands for them until they come or when they can't. */
export function Panel({ title, actions, query, empty, children }: PanelProps) {
  const id = useId();
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby={id} style={{ minWidth: 0 }}>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      {query.isPending && (
        <Stack role="status" aria-label={`Loading ${title}`}>
          {[1, 2, 3, 4].map((key) => (
            <Skeleton key={key} h={44} />
          ))}
        </Stack>
      )}
      {query.isError && query.data === undefined && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && (empty ? <Text c="dimmed">{empty}</Text> : children)}
    </Paper>
  );
}
