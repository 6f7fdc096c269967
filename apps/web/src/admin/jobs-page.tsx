import { Alert, Button, Paper, Skeleton, Stack } from '@mantine/core';
import { IconExternalLink, IconInfoCircle, IconMoodSmile } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { notifyError } from '../app/hooks.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { wordsFor } from '../lib/reasons.ts';
import { Page } from '../ui/page.tsx';
import { ErrorState, NothingHere } from '../ui/states.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { QueuesTable } from './queues-table.tsx';

const route = getRouteApi('/admin/jobs');

const REFRESH_MS = 3_000;

/** What the shop does in the background: how its queues are, and the jobs that failed for good. */
export function JobsPage() {
  const { queue: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const queues = useQuery(
    useTrpc().admin.jobs.queues.queryOptions(undefined, { staleTime: 0, refetchInterval: REFRESH_MS }),
  );
  const items = queues.data?.items ?? [];
  const chosen = items.find(({ name }) => name === wanted) ?? items.find(({ failed }) => failed > 0);
  return (
    <Page
      title="Jobs"
      description="What the shop does in the background. The figures renew themselves."
      actions={<BoardButton />}
    >
      {queues.isPending && <Skeleton h={360} role="status" aria-label="Loading the queues" />}
      {queues.isError && !queues.data && <ErrorState error={queues.error} onRetry={() => void queues.refetch()} />}
      {queues.data && (
        <Stack gap="xl">
          {queues.isError && (
            <Alert color="clay" icon={<IconInfoCircle size={20} />} role="alert">
              These figures are old. {wordsFor(queues.error)}
            </Alert>
          )}
          <Paper style={{ overflowX: 'auto' }}>
            <QueuesTable
              queues={items}
              chosen={chosen?.name}
              onChoose={(queue) => void navigate({ search: { queue }, replace: true, resetScroll: false })}
            />
          </Paper>
          {chosen ? (
            <DeadLetters key={chosen.name} queue={chosen.name} count={chosen.failed} />
          ) : (
            <NothingHere
              icon={<IconMoodSmile size={44} stroke={1.3} />}
              title="No dead letters"
              description="Every job got done, or will be tried again by itself."
            />
          )}
        </Stack>
      )}
    </Page>
  );
}

/** Leads to the detailed dashboard of queues, in a tab of its own. */
function BoardButton() {
  const open = useMutation(useTrpc().admin.jobs.openBoard.mutationOptions({ onError: notifyError }));
  const openBoard = () => {
    // Opened with the click: browsers refuse tabs that come later. It gets its address when the shop has given one.
    const tab = window.open('about:blank', '_blank');
    open.mutate(undefined, {
      onSuccess: ({ url }) => {
        if (!tab) return window.location.assign(url);
        tab.opener = null;
        tab.location.replace(url);
      },
      onError: () => tab?.close(),
    });
  };
  return (
    <Button
      variant="default"
      leftSection={<IconExternalLink size={17} stroke={1.6} />}
      loading={open.isPending}
      onClick={openBoard}
    >
      Open Bull Board
    </Button>
  );
}
