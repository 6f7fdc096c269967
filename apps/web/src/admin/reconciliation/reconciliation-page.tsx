import { Badge, Button, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { ReportCard, type Report } from './report-card.tsx';

const route = getRouteApi('/admin/reconciliation');
/** How often one that runs is looked at. */
const FOLLOWED_EVERY_MS = 1_500;

/** Whether the books of orders, payments, stock, coupons and the payment provider agree. */
export function ReconciliationPage() {
  const { report: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const trpc = useTrpc();
  const client = useQueryClient();
  const pages = useCursorPages('');
  const reports = useQuery(
    trpc.admin.reconciliation.reports.queryOptions(
      { limit: 20, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) },
      {
        placeholderData: keepPreviousData,
        staleTime: 0,
        refetchInterval: ({ state }) =>
          state.data?.items.some((report) => report.state === 'running') ? FOLLOWED_EVERY_MS : false,
      },
    ),
  );
  const run = useMutation(
    trpc.admin.reconciliation.run.mutationOptions({
      onSuccess: () => {
        pages.first();
        return navigate({ search: {}, replace: true });
      },
      onError: notifyError,
      onSettled: () => client.invalidateQueries({ queryKey: trpc.admin.reconciliation.reports.queryKey() }),
    }),
  );
  const items = reports.data?.items ?? [];
  const shownId = chosen ?? items[0]?.id;
  return (
    <Page
      title="Reconciliation"
      description="Every night orders, payments, stock, coupons and the payment provider are compared. Nothing is changed by it."
      actions={
        <Button loading={run.isPending} onClick={() => run.mutate()}>
          Run now
        </Button>
      }
    >
      <Stack gap="lg">
        {shownId !== undefined && <ReportCard key={shownId} reportId={shownId} />}
        <PagedList list={reports} pages={pages} loading="Loading the reports">
          {items.length === 0 ? (
            <NothingHere icon={<IconScale size={44} stroke={1.3} />} title="There is no report yet">
              The first one is made tonight, or now.
            </NothingHere>
          ) : (
            <Stack gap="xs">
              <Title order={2} size="h4">
                Reports
              </Title>
              <TableFrame list={reports}>
                <ReportsTable reports={items} shownId={shownId} />
              </TableFrame>
            </Stack>
          )}
        </PagedList>
      </Stack>
    </Page>
  );
}

function ReportsTable({ reports, shownId }: { reports: readonly Report[]; shownId: string | undefined }) {
  return (
    <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Reports">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Begun</Table.Th>
          <Table.Th visibleFrom="sm">By</Table.Th>
          <Table.Th>Outcome</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {reports.map((report) => (
          <Table.Tr key={report.id} data-testid="reconciliation-report">
            <Table.Td>
              <TextLink
                to="/admin/reconciliation"
                search={{ report: report.id }}
                size="sm"
                fw={report.id === shownId ? 700 : 400}
                aria-current={report.id === shownId ? 'true' : undefined}
              >
                {formatDateTime(report.startedAt)}
              </TextLink>
            </Table.Td>
            <Table.Td visibleFrom="sm">{report.trigger === 'nightly' ? 'The night' : 'Hand'}</Table.Td>
            <Table.Td>
              <OutcomeBadge report={report} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function OutcomeBadge({ report: { state, differences } }: { report: Report }) {
  if (differences > 0) {
    return (
      <Badge size="sm" variant="light" color="red">
        {differences} {differences === 1 ? 'difference' : 'differences'}
      </Badge>
    );
  }
  if (state === 'running') return <Badge size="sm" variant="light" color="blue" children="Running" />;
  if (state === 'failed') return <Badge size="sm" variant="light" color="orange" children="Not finished" />;
  return <Badge size="sm" variant="light" color="teal" children="Adds up" />;
}

/** Tells administrators that the last report found something; nothing while the books agree. */
export function ReconciliationNotice() {
  const trpc = useTrpc();
  const reports = useQuery(trpc.admin.reconciliation.reports.queryOptions({ limit: 2 }, { staleTime: 60_000 }));
  const last = reports.data?.items.find(({ state }) => state !== 'running');
  if (!last || (last.differences === 0 && last.state === 'finished')) return null;
  return (
    <Paper p="md" withBorder data-testid="reconciliation-notice">
      <Text size="sm">
        {last.differences > 0
          ? `The last reconciliation found ${last.differences} ${last.differences === 1 ? 'difference' : 'differences'}. `
          : 'The last reconciliation did not come to its end. '}
        <TextLink to="/admin/reconciliation" search={{ report: last.id }} size="sm">
          See the report
        </TextLink>
      </Text>
    </Paper>
  );
}
