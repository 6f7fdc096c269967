import { Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime, formatRelative } from '../../lib/dates.ts';
import { ErrorState, InlineError } from '../../ui/states.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

/** Where a user is signed in, to end one by one or all. */
export function SessionsCard({ userId }: { userId: string }) {
  const trpc = useTrpc();
  const sessions = useQuery(trpc.admin.users.sessions.queryOptions({ userId }, { staleTime: 0 }));
  const revoke = useMutation(trpc.admin.users.revokeSessions.mutationOptions(usePeopleChanged()));
  const items = sessions.data?.items ?? [];
  return (
    <Paper p="lg" component="section" aria-label="Sessions">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Sessions
        </Title>
        {items.length > 1 && (
          <Button
            size="xs"
            color="red"
            variant="light"
            loading={revoke.isPending}
            onClick={() => revoke.mutate({ userId })}
          >
            End all
          </Button>
        )}
      </Group>
      {sessions.isPending && <Skeleton h={80} role="status" aria-label="Loading the sessions" />}
      {sessions.isError && !sessions.data && (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.data && items.length === 0 && (
        <Text size="sm" c="dimmed">
          Signed in nowhere.
        </Text>
      )}
      <Stack gap="sm">
        {items.map((session) => (
          <Group key={session.id} justify="space-between" wrap="nowrap" align="flex-start" data-testid="session">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} truncate title={session.userAgent}>
                {session.deviceName || session.userAgent || 'Unknown device'}
              </Text>
              <Text size="sm" c="dimmed">
                {session.ip} · seen {formatRelative(session.lastSeenAt, new Date())} · since{' '}
                {formatDateTime(session.createdAt)}
              </Text>
            </div>
            <Button
              size="xs"
              variant="default"
              style={{ flexShrink: 0 }}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate({ userId, sessionId: session.id })}
            >
              End
            </Button>
          </Group>
        ))}
      </Stack>
      <InlineError error={revoke.error} />
    </Paper>
  );
}
